/** Plain data as text, with `undefined` kept: what a config says goes from process to process so. */

/** Stands for `undefined`, which JSON does not have. No config can hold it: it has no other key. */
const UNDEFINED = { "matrx:undefined": true };

/** Whether a value is made of texts, numbers, truth values, lists and plain objects alone. */
export function isData(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isData);
  if (typeof value !== "object") return false;
  const prototype = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) &&
    Reflect.ownKeys(value).every((key) => typeof key === "string") &&
    Object.values(value).every(isData);
}

/** Writes data; what is none becomes `undefined`. */
export function toText(value: unknown): string {
  return JSON.stringify(marked(value));
}

/** Reads what `toText` wrote. */
export function fromText(text: string): unknown {
  return unmarked(JSON.parse(text));
}

function marked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value === "object" && value !== null) {
    if (!isPlain(value)) return UNDEFINED;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, marked(one)]));
  }
  return value === undefined || !isData(value) ? UNDEFINED : value;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== "object" || value === null) return value;
  if (Object.hasOwn(value, "matrx:undefined")) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unmarked(one)]));
}
