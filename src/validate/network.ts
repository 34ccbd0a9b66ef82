/** What the types of addresses take. */

const NO_ADDRESS = "the string is no address";
const HOST_BITS = "the network has bits set to the right of its mask";

/** An address as bits, and how many of them name the network. */
interface Network {
  readonly bytes: readonly number[];
  /** How many bytes were written; less than there are for `10.1/16`. */
  readonly given: number;
  /** Null when no mask is written. */
  readonly bits: number | null;
}

/** Says why `inet` does not take a text. */
export function inetFault(text: string): string | undefined {
  const network = text.includes(":") ? networkOf6(text) : networkOf4(text);
  if (network === undefined) return NO_ADDRESS;
  const { given, bits, bytes } = network;
  if (bits === null) return given === bytes.length ? undefined : NO_ADDRESS;
  return Math.floor(bits / 8) > given ? NO_ADDRESS : undefined;
}

/** Says why `cidr` does not take a text. */
export function cidrFault(text: string): string | undefined {
  const isWide = text.includes(":");
  if (!isWide && /^0x/i.test(text)) return undefined; // a form of old, left to the server
  const network = isWide ? networkOf6(text) : networkOf4(text);
  if (network === undefined) return NO_ADDRESS;
  const bits = network.bits ?? (isWide ? 128 : classBits(network));
  return hasHostBits(network.bytes, bits) ? HOST_BITS : undefined;
}

function networkOf4(text: string): Network | undefined {
  const found = /^(\d+(?:\.\d+){0,3})(?:\/(\d+))?$/.exec(text);
  if (found === null) return undefined;
  const given = found[1]!.split(".").map(Number);
  const bits = found[2] === undefined ? null : Number(found[2]);
  if (given.some((byte) => byte > 255) || (bits !== null && bits > 32)) return undefined;
  return { bytes: [...given, 0, 0, 0, 0].slice(0, 4), given: given.length, bits };
}

function networkOf6(text: string): Network | undefined {
  const found = /^([0-9a-f:.]+)(?:\/(\d+))?$/i.exec(text);
  if (found === null) return undefined;
  const bits = found[2] === undefined ? null : Number(found[2]);
  const bytes = bytesOf6(found[1]!);
  if (bytes === undefined || (bits !== null && bits > 128)) return undefined;
  return { bytes, given: 16, bits };
}

function bytesOf6(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const parts = halves.map((half) => half === "" ? [] : half.split(":"));
  const tail = parts.at(-1)!;
  const last = tail.at(-1);
  if (last?.includes(".")) {
    const inner = networkOf4(last);
    if (inner === undefined || inner.given !== 4 || inner.bits !== null) return undefined;
    const [a, b, c, d] = inner.bytes as [number, number, number, number];
    tail.splice(-1, 1, (a * 256 + b).toString(16), (c * 256 + d).toString(16));
  }
  const words = parts.flat();
  if (!words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  if (halves.length === 1 ? words.length !== 8 : words.length > 7) return undefined;
  const [before = [], after = []] = parts;
  const zeros = new Array<string>(8 - words.length).fill("0");
  const all = halves.length === 1 ? before : [...before, ...zeros, ...after];
  return all.flatMap((word) => {
    const value = parseInt(word, 16);
    return [value >> 8, value & 255];
  });
}

/** The mask of a network without one: by its class, and no less than what is written. */
function classBits({ bytes: [first = 0], given }: Network): number {
  const byClass = first >= 240 ? 32 : first >= 224 ? 8 : first >= 192 ? 24 : first >= 128 ? 16 : 8;
  return Math.max(byClass, given * 8);
}

function hasHostBits(bytes: readonly number[], bits: number): boolean {
  return bytes.some((byte, place) => {
    const own = Math.max(0, Math.min(8, bits - place * 8));
    return (byte & (255 >> own)) !== 0;
  });
}

const MAC = [
  /^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}$/i,
  /^[0-9a-f]{1,2}(?:-[0-9a-f]{1,2}){5}$/i,
  /^[0-9a-f]{6}[:-][0-9a-f]{6}$/i,
  /^[0-9a-f]{4}([.-])[0-9a-f]{4}\1[0-9a-f]{4}$/i,
  /^[0-9a-f]{12}$/i,
];

/** Says why `macaddr` does not take a text. */
export function macFault(text: string): string | undefined {
  const plain = text.trim();
  return MAC.some((form) => form.test(plain)) ? undefined : "the string is no MAC address";
}

/** Says why `macaddr8` does not take a text: six or eight bytes, one kind of mark between any of them. */
export function mac8Fault(text: string): string | undefined {
  const plain = text.trim();
  const marks = new Set(plain.match(/[:.-]/g));
  const bytes = plain.split(/[:.-]/);
  const fits = marks.size < 2 && bytes.every((part) => /^(?:[0-9a-f]{2})+$/i.test(part)) &&
    [12, 16].includes(bytes.join("").length);
  return fits ? undefined : "the string is no MAC address";
}
