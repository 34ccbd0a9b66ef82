/** Random strings of all of Unicode, from a seed. */

/** Makes whole numbers from 0, below a limit (mulberry32). */
export type Below = (limit: number) => number;

/** Numbers that a seed decides. */
export function seeded(seed: number): Below {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 2 ** 32 * limit);
  };
}

/** What breaks quoting, patterns, arrays, JSON and line-based formats. */
const SIGNS = "'\"\\`$%_{}()[],;:=>?@#&|/*-+.\t\n\r\v\f \u0001\u007f\u0085\u2028\u202e\ufeff";

/** Parts of Unicode: the first code point and how many. */
const PARTS: readonly (readonly [number, number])[] = [
  [0x20, 0x5f],
  [0xa0, 0x160],
  [0x300, 0x70],
  [0x400, 0x200],
  [0x2000, 0x100],
  [0x4e00, 0x1000],
  [0xe000, 0x1000],
  [0xfe00, 0x200],
  [0x1f300, 0x600],
  [0x1, 0x10ffff],
];

/** Makes a string that PostgreSQL can hold: without U+0000 and halves of surrogate pairs. */
export function randomString(below: Below, most = 24): string {
  let text = "";
  for (let left = below(most + 1); left > 0; left--) {
    if (below(3) === 0) {
      text += SIGNS[below(SIGNS.length)];
      continue;
    }
    const [first, size] = PARTS[below(PARTS.length)]!;
    const code = first + below(size);
    // a half of a pair is no character of its own
    text += String.fromCodePoint(code >= 0xd800 && code < 0xe000 ? code - 0x800 : code);
  }
  return text;
}
