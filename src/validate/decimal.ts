/** What `numeric` takes, and how decimals compare. */

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** A decimal that is no NaN and not infinite. */
interface Decimal {
  readonly negative: boolean;
  /** All digits without leading zeros; empty for zero. */
  readonly digits: string;
  /** How many of the digits stand before the point; negative for zeros after it. */
  readonly whole: number;
  /** How many digits the text has after the point. */
  readonly scale: number;
}

function decimalOf(text: string): Decimal | undefined {
  const found = DECIMAL.exec(text);
  if (found === null) return undefined;
  const [, sign, before = "", after = "", exponent] = found;
  const shift = Number(exponent ?? 0);
  const all = before + after;
  const digits = all.replace(/^0+/, "");
  return {
    negative: sign === "-",
    digits,
    whole: before.length + shift - (all.length - digits.length),
    scale: Math.max(0, after.length - shift),
  };
}

/** The most digits before and after the point that `numeric` holds, before it is rounded. */
const MOST_WHOLE = 131_072;
const MOST_SCALE = 16_383;

/** Says why `numeric(precision, scale)` does not take a decimal that its codec has written. */
export function numericFault(text: string, modifiers: readonly string[]): string | undefined {
  const decimal = decimalOf(text);
  const limited = modifiers.length > 0;
  if (decimal === undefined) {
    return limited && /infinity$/i.test(text) ? "a limited number cannot be infinite" : undefined;
  }
  const isLong = decimal.digits !== "" && decimal.whole > MOST_WHOLE;
  if (isLong || decimal.scale > MOST_SCALE) return "the number has more digits than numeric holds";
  if (!limited) return undefined;
  const [precision = 0, scale = 0] = modifiers.map(Number);
  if (wholeDigits(decimal, scale) <= precision - scale) return undefined;
  const most = precision - scale;
  return most > 0
    ? `the number has more than ${most} digits before the point`
    : `the number has digits before place ${1 - most} after the point`;
}

/** How many digits stand before the point once the number is rounded to a scale. */
function wholeDigits({ digits, whole }: Decimal, scale: number): number {
  const kept = whole + scale;
  if (digits === "" || kept < 0) return -Infinity;
  const up = digits.charCodeAt(kept) >= 53; // half of a unit goes away from zero
  const carries = up && /^9*$/.test(digits.slice(0, kept).padEnd(kept, "0"));
  if (kept === 0) return up ? whole + 1 : -Infinity;
  return carries ? whole + 1 : whole;
}

/** Compares two decimals; undefined where one is NaN, infinite or too long to be worth it. */
export function compareDecimals(one: string, other: string): number | undefined {
  const [a, b] = [decimalOf(one), decimalOf(other)];
  if (a === undefined || b === undefined) return undefined;
  const scale = Math.max(a.digits.length - a.whole, b.digits.length - b.whole, 0);
  if (Math.max(a.whole, b.whole) + scale > 10_000) return undefined;
  const [left, right] = [scaled(a, scale), scaled(b, scale)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function scaled({ negative, digits, whole }: Decimal, scale: number): bigint {
  if (digits === "") return 0n;
  const size = BigInt(digits.padEnd(whole + scale, "0"));
  return negative ? -size : size;
}
