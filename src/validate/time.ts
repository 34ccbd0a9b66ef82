/**
 * What the types of dates and times take.
 *
 * PostgreSQL reads many forms (`tomorrow`, `Jan 5 2024`, `12/31/2024`); only ISO 8601 is judged here,
 * which is what programs write. Everything else is left to the server.
 */

const ISO =
  /^(\d{4,})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d*)?)?)?(?: ?(?:Z|UTC|([+-])(\d{1,2})(?::?(\d\d))?(?::?(\d\d))?))?( BC| AD)?$/i;

const CLOCK = /^(\d{1,2}):(\d\d)(?::(\d\d)(\.\d*)?)?(?: ?(?:Z|UTC|[+-](\d{1,2})(?::?(\d\d))?))?$/i;

/** The parts of a day that ISO 8601 writes. */
interface Day {
  /** The year, 0 for 1 BC. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const EMPTY = "the string is empty";
const NOTHING = "the string has no date or time in it";
const NO_DAY = "there is no such day";
const NO_TIME = "there is no such time of day";

/** The first day that PostgreSQL knows: 24 November 4714 BC. */
const FIRST: Day = { year: -4713, month: 11, day: 24 };

/** The last year of each type. */
const LAST_YEAR: Readonly<Record<string, number>> = {
  date: 5_874_897,
  timestamp: 294_276,
  timestamptz: 294_276,
};

/** Says why a date or timestamp does not take a text; undefined where it does or nobody can tell. */
export function dayFault(text: string, type: string): string | undefined {
  const plain = text.trim();
  if (plain === "") return EMPTY;
  if (!/[\p{L}\d]/u.test(plain)) return NOTHING;
  const found = ISO.exec(plain);
  if (found === null) return undefined;
  const [, year, month, day, hours, minutes, seconds, , zone, zoneMinutes] = found;
  const written = Number(year);
  const isBefore = found[11]?.trim().toUpperCase() === "BC";
  const at: Day = {
    year: isBefore ? 1 - written : written,
    month: Number(month),
    day: Number(day),
  };
  if (written === 0 || !isDay(at)) return NO_DAY;
  if (isClockWrong(hours, minutes, seconds) || isZoneWrong(zone, zoneMinutes)) return NO_TIME;
  const last = LAST_YEAR[type];
  if (last !== undefined && at.year > last) return `the year is after ${last}`;
  return isEarlier(at, FIRST) ? "the day is before 4714-11-24 BC" : undefined;
}

/** Says why a time of day does not take a text; undefined where it does or nobody can tell. */
export function clockFault(text: string): string | undefined {
  const plain = text.trim();
  if (plain === "") return EMPTY;
  if (!/[\p{L}\d]/u.test(plain)) return NOTHING;
  const found = CLOCK.exec(plain);
  if (found === null) return undefined;
  const [, hours, minutes, seconds, fraction, zone, zoneMinutes] = found;
  const isLate = Number(hours) === 24 && /[1-9]/.test(`${seconds ?? ""}${fraction ?? ""}`);
  const isWrong = isLate || isClockWrong(hours, minutes, seconds) ||
    isZoneWrong(zone, zoneMinutes);
  return isWrong ? NO_TIME : undefined;
}

function isDay({ year, month, day }: Day): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const longest = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
  return day <= longest;
}

function isClockWrong(hours = "0", minutes = "0", seconds = "0"): boolean {
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
  return h > 24 || m > 59 || s > 60 || (h === 24 && m + s > 0);
}

function isZoneWrong(hours = "0", minutes = "0"): boolean {
  return Number(hours) > 15 || Number(minutes) > 59;
}

function isEarlier(one: Day, other: Day): boolean {
  return (one.year - other.year || one.month - other.month || one.day - other.day) < 0;
}

/**
 * The place of an ISO text on the line of time, in milliseconds as if all zones were UTC but for those
 * that are written; undefined where nobody can tell. The infinities are infinite.
 */
export function instantOf(text: string): number | undefined {
  const plain = text.trim().toLowerCase();
  if (plain === "infinity") return Infinity;
  if (plain === "-infinity") return -Infinity;
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[t ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?)?(z|\+00)?$/
    .exec(plain);
  if (found === null) return undefined;
  const [, year, month, day, hours, minutes, seconds, fraction] = found;
  const at = Date.UTC(2000, Number(month) - 1, Number(day), Number(hours ?? 0));
  const date = new Date(at);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const rest = Number(minutes ?? 0) * 60_000 + Number(seconds ?? 0) * 1000 +
    Number((fraction ?? "").padEnd(3, "0"));
  return date.getTime() + rest;
}

const STORED = /^P(-?\d+)Y(-?\d+)M(-?\d+)DT(-?)(\d+)H-?(\d+)M-?(\d+)(?:\.(\d+))?S$/;

/** Says why an interval does not take a text that its codec has written. */
export function intervalFault(text: string): string | undefined {
  if (text.trim() === "") return EMPTY;
  if (!/[\p{L}\d]/u.test(text)) return NOTHING;
  const found = STORED.exec(text);
  if (found === null) return undefined;
  const [, years, months, days, , hours, minutes, seconds] = found;
  const total = BigInt(years!) * 12n + BigInt(months!);
  const time = (BigInt(hours!) * 3600n + BigInt(minutes!) * 60n + BigInt(seconds!)) * 1_000_000n;
  const isLong = !isInt4(total) || !isInt4(BigInt(days!)) || time > 9_223_372_036_854_775_807n;
  return isLong ? "the duration is longer than an interval holds" : undefined;
}

function isInt4(value: bigint): boolean {
  return value >= -2_147_483_648n && value <= 2_147_483_647n;
}
