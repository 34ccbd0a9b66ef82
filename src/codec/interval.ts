/** `interval` as ISO 8601 durations. */
import type { Codec } from "./codec.ts";
import { kindOf, refusal, unreadable } from "./refuse.ts";
import { checkText } from "./text.ts";

/** The parts of an interval; each may be negative. Whole numbers, but for seconds and milliseconds. */
export interface IntervalInput {
  /** 12 months. */
  readonly years?: number;
  /** Months of any length. */
  readonly months?: number;
  /** 7 days. */
  readonly weeks?: number;
  /** Days of any length. */
  readonly days?: number;
  /** Hours. */
  readonly hours?: number;
  /** Minutes. */
  readonly minutes?: number;
  /** Seconds, with up to 6 decimals. */
  readonly seconds?: number;
  /** Milliseconds, with up to 3 decimals. */
  readonly milliseconds?: number;
  /** Microseconds. */
  readonly microseconds?: number;
}

/** What PostgreSQL stores: three numbers that it never converts into each other. */
interface Stored {
  readonly months: bigint;
  readonly days: bigint;
  readonly micros: bigint;
}

const SECOND = 1_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;

/** Takes a text apart into parts that all have one sign of their own; `negative` turns all of them. */
function isoText(stored: Stored): string {
  const { months, days, micros } = stored;
  const parts = [months, days, micros];
  if (parts.every((part) => part === 0n)) return "PT0S";
  // one sign in front is what Temporal.Duration reads; it has no form for mixed signs
  const negative = parts.every((part) => part <= 0n);
  const turn = negative ? -1n : 1n;
  const part = (value: bigint, unit: string): string =>
    value === 0n ? "" : `${value * turn}${unit}`;
  const date = part(months / 12n, "Y") + part(months % 12n, "M") + part(days, "D");
  const rest = micros % MINUTE;
  const time = part(micros / HOUR, "H") + part((micros % HOUR) / MINUTE, "M") +
    (rest === 0n ? "" : secondsText(rest * turn));
  return `${negative ? "-" : ""}P${date}${time === "" ? "" : `T${time}`}`;
}

function secondsText(micros: bigint): string {
  const size = micros < 0n ? -micros : micros;
  const fraction = String(size % SECOND).padStart(6, "0").replace(/0+$/, "");
  const point = fraction === "" ? "" : `.${fraction}`;
  return `${micros < 0n ? "-" : ""}${size / SECOND}${point}S`;
}

const ISO =
  /^([+-]?)P(?:([+-]?\d+)Y)?(?:([+-]?\d+)M)?(?:([+-]?\d+)W)?(?:([+-]?\d+)D)?(?:T(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?(?:([+-]?)(\d+)(?:[.,](\d{1,6})0*)?S)?)?$/i;

/** Reads an ISO 8601 duration; undefined for any other text. */
function readIso(text: string): Stored | undefined {
  const found = ISO.exec(text);
  if (found === null || /[PT]$/i.test(text)) return undefined;
  const [, sign, years, months, weeks, days, hours, minutes, minus, seconds, fraction] = found;
  const turn = sign === "-" ? -1n : 1n;
  const micros = BigInt(seconds ?? 0) * SECOND + BigInt((fraction ?? "").padEnd(6, "0"));
  return {
    months: turn * (BigInt(years ?? 0) * 12n + BigInt(months ?? 0)),
    days: turn * (BigInt(weeks ?? 0) * 7n + BigInt(days ?? 0)),
    micros: turn * (BigInt(hours ?? 0) * HOUR + BigInt(minutes ?? 0) * MINUTE +
      (minus === "-" ? -micros : micros)),
  };
}

/** The letters of `year`, `mon` and `day`, and the units that they stand for. */
const DATE_UNITS: ReadonlyMap<number, string> = new Map([[121, "Y"], [109, "M"], [100, "D"]]);

/**
 * Turns what the server prints with `intervalstyle = postgres` into ISO 8601; undefined for any
 * other text. The server has normalised the parts, so that no arithmetic is needed.
 */
function fromPostgres(text: string): string | undefined {
  const units: string[] = [];
  const sizes: string[] = [];
  const minus: boolean[] = [];
  const add = (size: string, unit: string, below: boolean): void => {
    sizes.push(size);
    units.push(unit);
    minus.push(below);
  };
  let time = -1; // where the units of the clock begin
  let at = 0;
  while (at < text.length) {
    const sign = text.charCodeAt(at);
    const below = sign === 45;
    if (below || sign === 43) at++;
    const start = at;
    for (let code = text.charCodeAt(at); code > 47 && code < 58;) code = text.charCodeAt(++at);
    if (at === start) return undefined;
    const size = text.slice(start, at);
    if (text.charCodeAt(at) === 58) {
      if (text.charCodeAt(at + 3) !== 58 || text.length < at + 6) return undefined;
      time = units.length;
      const hours = size.length > 2 ? size : bare(size);
      const minutes = bare(text.slice(at + 1, at + 3));
      const seconds = bare(text.slice(at + 4));
      if (hours !== "0") add(hours, "H", below);
      if (minutes !== "0") add(minutes, "M", below);
      if (seconds !== "0") add(seconds, "S", below);
      break;
    }
    const unit = DATE_UNITS.get(text.charCodeAt(at + 1));
    if (text.charCodeAt(at) !== 32 || unit === undefined) return undefined;
    add(size, unit, below);
    at = text.indexOf(" ", at + 1) + 1;
    if (at === 0) break;
  }
  if (text === "") return undefined;
  if (units.length === 0) return "PT0S";
  const negative = !minus.includes(false);
  let iso = negative ? "-P" : "P";
  for (let i = 0; i < units.length; i++) {
    if (i === time) iso += "T";
    if (minus[i] && !negative) iso += "-";
    iso += sizes[i]! + units[i];
  }
  return iso;
}

/** Leaves out the first of two digits when it is zero. */
function bare(digits: string): string {
  return digits.charCodeAt(0) === 48 && digits.length > 1 ? digits.slice(1) : digits;
}

/** The server reads a sign before each part, none before the `P`. */
function serverText(stored: Stored): string {
  const { months, days, micros } = stored;
  const size = micros < 0n ? -micros : micros;
  const seconds = secondsText(size % MINUTE);
  const minus = micros < 0n ? "-" : "";
  return `P${months / 12n}Y${months % 12n}M${days}DT${minus}${size / HOUR}H${minus}${
    (size % HOUR) / MINUTE
  }M${minus}${seconds}`;
}

const UNITS: ReadonlySet<string> = new Set([
  ...["years", "months", "weeks", "days", "hours", "minutes"],
  ...["seconds", "milliseconds", "microseconds"],
]);

function fromParts(input: IntervalInput): Stored {
  for (const unit of Object.keys(input)) {
    if (!UNITS.has(unit)) {
      throw refusal(
        "interval",
        `${JSON.stringify(unit)} is no unit`,
        `Units: ${[...UNITS].join(", ")}`,
      );
    }
  }
  const micros = (unit: keyof IntervalInput, size: bigint, decimals: number): bigint => {
    const amount = input[unit] ?? 0;
    if (typeof amount !== "number" || !Number.isFinite(amount)) {
      throw refusal("interval", `${unit} is no finite number`);
    }
    const whole = Math.trunc(amount);
    if (whole !== amount && decimals === 0) {
      throw refusal("interval", `${unit} is not whole`, "Give the rest in smaller units");
    }
    const rest = Math.round((amount - whole) * 10 ** decimals);
    return BigInt(whole) * size + BigInt(rest);
  };
  return {
    months: micros("years", 12n, 0) + micros("months", 1n, 0),
    days: micros("weeks", 7n, 0) + micros("days", 1n, 0),
    micros: micros("hours", HOUR, 0) + micros("minutes", MINUTE, 0) +
      micros("seconds", SECOND, 6) + micros("milliseconds", 1000n, 3) +
      micros("microseconds", 1n, 0),
  };
}

/**
 * `interval`: an ISO 8601 duration such as `P1Y2M3DT4H5M6.5S`, or `infinity` and `-infinity`.
 *
 * A duration whose parts are all negative has one sign in front, as Temporal.Duration reads it;
 * with mixed signs each part has its own (`P1M-1DT-2H`), which only PostgreSQL has. Reads the
 * server's `intervalstyle` postgres and iso_8601. Any string that the server reads may be
 * written, an object of parts, or a Temporal.Duration.
 */
export const interval: Codec<string, string | IntervalInput> = {
  name: "interval",
  reads: ["interval"],
  decode(text) {
    if (text.charCodeAt(0) === 80) {
      const stored = readIso(text);
      if (stored !== undefined) return isoText(stored);
    }
    const iso = fromPostgres(text);
    if (iso !== undefined) return iso;
    if (text === "infinity" || text === "-infinity") return text;
    throw unreadable(
      "interval",
      "the server prints intervals in another style",
      "Set the session's intervalstyle to postgres or iso_8601",
    );
  },
  encode(value) {
    if (typeof value === "string") return fromText(value);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw refusal("interval", `expected a string or an object, got ${kindOf(value)}`);
    }
    if (Object.prototype.toString.call(value) === "[object Temporal.Duration]") {
      return fromText(String(value));
    }
    return serverText(fromParts(value));
  },
};

function fromText(value: string): string {
  const stored = readIso(value);
  return stored === undefined ? checkText(value, "interval") : serverText(stored);
}
