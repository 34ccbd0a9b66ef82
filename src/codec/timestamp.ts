/** `timestamptz` and `timestamp`: instants as Dates, or as the server's text. */
import type { Codec } from "./codec.ts";
import { kindOf, refusal, unreadable } from "./refuse.ts";
import { checkText } from "./text.ts";

/** The instant that stands for `infinity`: the largest Date. */
const FOREVER = 8.64e15;

const DAY = 86_400_000;

const ISO =
  /^(\d{4,6})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?)?( BC)?$/;

/** Counts the days from 1970-01-01 in the proleptic Gregorian calendar; the year 0 is 1 BC. */
function daysFrom(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year; // years that begin in March end with the leap day
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const days = ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear;
  return era * 146_097 + days - 719_468;
}

/** Reads any instant in ISO style, as the server prints it alone and inside JSON. */
function readAny(text: string, name: string): Date {
  if (text === "infinity") return new Date(FOREVER);
  if (text === "-infinity") return new Date(-FOREVER);
  const found = ISO.exec(text);
  if (found === null) {
    throw unreadable(
      name,
      "the server prints dates in another style",
      "Set the session's datestyle to ISO",
    );
  }
  const [, year, month, day, hours, minutes, seconds, fraction, sign, h, m, s, era] = found;
  const whole = era === undefined ? Number(year) : 1 - Number(year);
  const offset = (Number(h ?? 0) * 60 + Number(m ?? 0)) * 60_000 + Number(s ?? 0) * 1000;
  const time = daysFrom(whole, Number(month), Number(day)) * DAY +
    (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1000 +
    Number((fraction ?? "").slice(0, 3).padEnd(3, "0")) - (sign === "-" ? -offset : offset);
  if (Math.abs(time) >= FOREVER) {
    throw unreadable(
      name,
      "it lies outside of what a Date can hold",
      `Read the column as text with ${name}Text`,
    );
  }
  return new Date(time);
}

/** Reads two digits. */
function two(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
}

/** Reads the usual form by character codes: years 1000 to 9999, an offset of whole hours or none. */
function readUsual(text: string, zoned: boolean, name: string): Date {
  let end = text.length;
  let offset = 0;
  if (zoned) {
    end -= 3;
    const sign = text.charCodeAt(end);
    if (sign === 43) offset = two(text, end + 1);
    else if (sign === 45) offset = -two(text, end + 1);
    else return readAny(text, name);
  }
  if (
    end < 19 || end > 26 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 ||
    text.charCodeAt(10) !== 32 || text.charCodeAt(13) !== 58 || text.charCodeAt(0) === 48 ||
    text.charCodeAt(end - 1) === 67 // BC
  ) return readAny(text, name);
  let millis = 0;
  if (end > 19) {
    // a digit that is not printed is zero, and those after the third are cut
    if (text.charCodeAt(19) !== 46) return readAny(text, name);
    millis = (text.charCodeAt(20) - 48) * 100;
    if (end > 21) millis += (text.charCodeAt(21) - 48) * 10;
    if (end > 22) millis += text.charCodeAt(22) - 48;
  }
  const days = daysFrom(two(text, 0) * 100 + two(text, 2), two(text, 5), two(text, 8));
  const minutes = (days * 24 + two(text, 11) - offset) * 60 + two(text, 14);
  return new Date(minutes * 60_000 + two(text, 17) * 1000 + millis);
}

/** Writes years that ISO 8601 in JavaScript writes in another way than PostgreSQL. */
function farText(value: Date, zone: string): string {
  const year = value.getUTCFullYear();
  const shown = String(year > 0 ? year : 1 - year).padStart(4, "0");
  const iso = value.toISOString();
  const rest = iso.slice(iso.indexOf("-", 1) + 1, -1).replace("T", " ");
  return `${shown}-${rest}${zone}${year > 0 ? "" : " BC"}`;
}

/** Writes a Date in a way of the type's own. A string stands as it is, the ends of time have words. */
function dateText(value: unknown, type: string, write: (value: Date) => string): string {
  if (typeof value === "string") return checkText(value, type);
  if (!(value instanceof Date)) {
    throw refusal(type, `expected a Date or a string, got ${kindOf(value)}`);
  }
  const time = value.getTime();
  if (Number.isNaN(time)) throw refusal(type, "the Date is invalid");
  if (Math.abs(time) === FOREVER) return time > 0 ? "infinity" : "-infinity";
  return write(value);
}

/** Writes an instant in ISO 8601, with its zone or without. */
function instantText(value: Date, zoned: boolean): string {
  const iso = value.toISOString();
  if (iso.length !== 24 || iso.startsWith("0000")) return farText(value, zoned ? "+00" : "");
  return zoned ? iso : iso.slice(0, -1);
}

/** Writes the day of an instant in UTC. */
function dayText(value: Date): string {
  const far = farText(value, "");
  return far.slice(0, far.indexOf(" ")) + (far.endsWith(" BC") ? " BC" : "");
}

/**
 * `timestamptz`: an instant, cut to milliseconds when read.
 *
 * `infinity` and `-infinity` are the largest and the smallest Date, in both directions. A string
 * is written as it is.
 *
 * @throws {QueryError} the server's value is later than the year 275760
 */
export const timestamptz: Codec<Date, Date | string> = {
  name: "timestamptz",
  reads: ["timestamptz"],
  decode: (text) => readUsual(text, true, "timestamptz"),
  encode: (value) => dateText(value, "timestamptz", (date) => instantText(date, true)),
};

/** `timestamp`: a time without a zone, read and written as UTC; else as {@link timestamptz}. */
export const timestamp: Codec<Date, Date | string> = {
  name: "timestamp",
  reads: ["timestamp"],
  decode: (text) => readUsual(text, false, "timestamp"),
  encode: (value) => dateText(value, "timestamp", (date) => instantText(date, false)),
};

/** `date`: a calendar day as the server prints it, such as `2024-02-29`; a Date gives its day in UTC. */
export const date: Codec<string, string | Date> = {
  name: "date",
  reads: ["date"],
  decode: (text) => text,
  encode: (value) => dateText(value, "date", dayText),
};
