/** Ranges and multiranges of any type. */
import type { ElementCodec } from "./array_text.ts";
import type { Codec } from "./codec.ts";
import { kindOf, refusal, unreadable } from "./refuse.ts";

/** A range of values. A bound that is null is open to infinity, and not inclusive. */
export interface Range<Value> {
  /** The lower bound. */
  readonly lower: Value | null;
  /** The upper bound. */
  readonly upper: Value | null;
  /** Whether the lower bound belongs to the range. */
  readonly lowerInclusive: boolean;
  /** Whether the upper bound belongs to the range. */
  readonly upperInclusive: boolean;
  /** Whether the range holds no value at all; its bounds are null then. */
  readonly empty: boolean;
}

/**
 * A range as it may be written: `{ lower, upper }` is `[lower, upper)`, as PostgreSQL writes ranges itself.
 * A bound that is left out is open.
 */
export interface RangeInput<Value> {
  /** The lower bound. */
  readonly lower?: Value | null;
  /** The upper bound. */
  readonly upper?: Value | null;
  /** Whether the lower bound belongs to the range; default true. */
  readonly lowerInclusive?: boolean;
  /** Whether the upper bound belongs to the range; default false. */
  readonly upperInclusive?: boolean;
  /** Whether the range holds no value at all; default false. */
  readonly empty?: boolean;
}

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const SQUARE_OPEN = 91;
const SQUARE_CLOSE = 93;
const ROUND_OPEN = 40;
const ROUND_CLOSE = 41;

/** Reads one range at a time out of a text. */
class RangeReader {
  at: number;
  readonly #text: string;
  readonly #name: string;

  constructor(text: string, name: string, at: number) {
    this.#text = text;
    this.#name = name;
    this.at = at;
  }

  read<Value>(element: Codec<Value, never>): Range<Value> {
    const text = this.#text;
    if (text.startsWith("empty", this.at)) {
      this.at += 5;
      return {
        lower: null,
        upper: null,
        lowerInclusive: false,
        upperInclusive: false,
        empty: true,
      };
    }
    const open = text.charCodeAt(this.at++);
    if (open !== SQUARE_OPEN && open !== ROUND_OPEN) throw this.#broken();
    const lower = this.#bound();
    if (text.charCodeAt(this.at++) !== COMMA) throw this.#broken();
    const upper = this.#bound();
    const close = text.charCodeAt(this.at++);
    if (close !== SQUARE_CLOSE && close !== ROUND_CLOSE) throw this.#broken();
    return {
      lower: lower === null ? null : element.decode(lower),
      upper: upper === null ? null : element.decode(upper),
      lowerInclusive: open === SQUARE_OPEN,
      upperInclusive: close === SQUARE_CLOSE,
      empty: false,
    };
  }

  /** Reads a bound; null when nothing stands there. */
  #bound(): string | null {
    const text = this.#text;
    const start = this.at;
    let bound = "";
    let plain = start;
    let inside = false;
    let i = start;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === BACKSLASH) {
        bound += text.slice(plain, i);
        plain = ++i;
      } else if (code === QUOTE) {
        bound += text.slice(plain, i);
        plain = i + 1;
        if (inside && text.charCodeAt(i + 1) === QUOTE) i++; // a doubled quote is one quote
        else inside = !inside;
      } else if (!inside && (code === COMMA || code === SQUARE_CLOSE || code === ROUND_CLOSE)) {
        break;
      }
    }
    this.at = i;
    return i === start ? null : bound + text.slice(plain, i);
  }

  expectEnd(): void {
    if (this.at !== this.#text.length) throw this.#broken();
  }

  #broken(): Error {
    return unreadable(this.#name, "the text is no range");
  }
}

const NEEDS_QUOTES = /^$|[\s"\\()[\],]/;

function boundText<Input>(value: Input | null, element: Codec<unknown, Input>): string {
  if (value === null) return "";
  const text = element.encode(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replace(/["\\]/g, "$&$&")}"` : text;
}

const PARTS: ReadonlySet<string> = new Set(
  ["lower", "upper", "lowerInclusive", "upperInclusive", "empty"],
);

function rangeText<Input>(
  value: RangeInput<Input>,
  element: Codec<unknown, Input>,
  name: string,
): string {
  if (!isRange(value)) throw refusal(name, `expected a range, got ${kindOf(value)}`);
  checkParts(value, name);
  if (value.empty) return "empty";
  const { lower = null, upper = null, lowerInclusive = true, upperInclusive = false } = value;
  const open = lowerInclusive && lower !== null ? "[" : "(";
  const close = upperInclusive && upper !== null ? "]" : ")";
  return `${open}${boundText(lower, element)},${boundText(upper, element)}${close}`;
}

/** A part that is misspelled or undefined must not open a range: only one that is left out does. */
function checkParts(value: object, name: string): void {
  const parts = Object.entries(value);
  const wrong = parts.find(([part, given]) => !PARTS.has(part) || given === undefined);
  if (wrong === undefined && parts.length > 0) return;
  const got = wrong === undefined
    ? "the object is empty"
    : PARTS.has(wrong[0])
    ? `its "${wrong[0]}" is undefined`
    : `a range has no "${wrong[0]}"`;
  throw refusal(name, `${got}: say { lower, upper }, with null for an open bound`);
}

/** Makes the codec of a range type over the type of its bounds. */
export function rangeCodec<Value, Input = Value>(
  element: Codec<Value, Input>,
  name: string = `range of ${element.name}`,
): Codec<Range<Value>, RangeInput<Input>> {
  return {
    name,
    reads: [name],
    decode(text) {
      const reader = new RangeReader(text, name, 0);
      const value = reader.read(element);
      reader.expectEnd();
      return value;
    },
    encode: (value) => rangeText(value, element, name),
  };
}

/** Makes the codec of a multirange type over the type of its bounds. */
export function multirangeCodec<Value, Input = Value>(
  element: Codec<Value, Input>,
  name: string = `multirange of ${element.name}`,
): ElementCodec<Range<Value>[], readonly RangeInput<Input>[]> {
  return {
    name,
    reads: [name],
    element: { isElement: (value) => value.every((item) => isRange(item)) },
    decode(text) {
      const last = text.length - 1;
      if (text.charCodeAt(0) !== 123 || text.charCodeAt(last) !== 125) {
        throw unreadable(name, "the text is no multirange");
      }
      const ranges: Range<Value>[] = [];
      if (last === 1) return ranges;
      const reader = new RangeReader(text, name, 1);
      for (;;) {
        ranges.push(reader.read(element));
        if (reader.at === last) return ranges;
        if (text.charCodeAt(reader.at++) !== COMMA) {
          throw unreadable(name, "the text is no multirange");
        }
      }
    },
    encode(value) {
      if (!Array.isArray(value)) {
        throw refusal(name, `expected an array of ranges, got ${kindOf(value)}`);
      }
      return `{${value.map((range) => rangeText(range, element, name)).join(",")}}`;
    },
  };
}

function isRange(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
