/**
 * Writes a value as JSON with the keys of every object in code unit order, so that equal values give
 * equal text. Takes what JSON can hold; properties that are undefined are left out.
 */
export function stableJson(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stableJson).join(",")}]`;
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${
    entries.map(([key, entry]) => `${JSON.stringify(key)}:${stableJson(entry)}`).join(",")
  }}`;
}
