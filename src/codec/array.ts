/** Arrays of any type and depth. */
import type { Codec } from "./codec.ts";
import { kindOf, refusal, unreadable } from "./refuse.ts";

/** A PostgreSQL array as it is read: elements, NULLs, or arrays of the next dimension. */
export type ArrayValue<Value> = (Value | null | ArrayValue<Value>)[];

/** A PostgreSQL array as it may be written; every array of one dimension has the same length. */
export type ArrayInput<Input> = readonly (Input | null | ArrayInput<Input>)[];

/** What the arrays of a type need to know of it; a codec carries it as `element`. */
export interface ElementTraits {
  /** What stands between two elements; `";"` for box, `","` for all others. */
  readonly delimiter?: string;
  /** Tells a JavaScript array that is one element (a vector, a multirange) from one more dimension. */
  readonly isElement?: (value: readonly unknown[]) => boolean;
  /** Any JavaScript array may be an element (JSON), so only the number of dimensions tells. */
  readonly opaque?: boolean;
}

/** A codec that says what arrays of its type need to know. */
export interface ElementCodec<Value, Input = Value> extends Codec<Value, Input> {
  /** What arrays of this type need to know. */
  readonly element?: ElementTraits;
}

/** Settings of one array codec. */
export interface ArrayOptions {
  /** What stands between two elements; default: what the element's type says, else `","`. */
  readonly delimiter?: string | undefined;
  /**
   * How many dimensions are written; default: as many as the value has.
   *
   * Matters for JSON alone, whose elements may be arrays themselves: default 1 there.
   */
  readonly dimensions?: number | undefined;
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

/** Makes the codec of a type's array, which knows any number of dimensions. */
export function arrayCodec<Value, Input = Value>(
  element: ElementCodec<Value, Input>,
  options: ArrayOptions = {},
): Codec<ArrayValue<Value>, ArrayInput<Input>> {
  const name = `${element.name}[]`;
  const traits = element.element ?? {};
  const delimiter = options.delimiter ?? traits.delimiter ?? ",";
  const dimensions = options.dimensions ?? (traits.opaque === true ? 1 : undefined);
  return {
    name,
    decode(text) {
      const start = text.charCodeAt(0) === OPEN ? 0 : text.indexOf("={") + 1;
      if (text.charCodeAt(start) !== OPEN || text.charCodeAt(text.length - 1) !== CLOSE) {
        throw unreadable(name, "the text is no array");
      }
      if (text.length - start === 2) return [];
      if (text.includes('"', start) || text.includes("{", start + 1)) {
        return readNested(text, start, delimiter.charCodeAt(0), element);
      }
      const values: ArrayValue<Value> = text.slice(start + 1, -1).split(delimiter) as never;
      for (let i = 0; i < values.length; i++) {
        const item = values[i] as string;
        values[i] = item === "NULL" ? null : element.decode(item);
      }
      return values;
    },
    encode(value) {
      if (!Array.isArray(value)) throw refusal(name, `expected an array, got ${kindOf(value)}`);
      return new ArrayWriter(element, name, delimiter, dimensions).write(value);
    },
  };
}

function readNested<Value>(
  text: string,
  start: number,
  delimiter: number,
  element: Codec<Value, never>,
): ArrayValue<Value> {
  const last = text.length - 1;
  const outer: ArrayValue<Value>[] = [];
  let current: ArrayValue<Value> = [];
  let i = start + 1;
  while (i <= last) {
    const code = text.charCodeAt(i);
    if (code === OPEN) {
      outer.push(current);
      current = [];
      i++;
    } else if (code === CLOSE) {
      if (i === last) break;
      const inner = current;
      const parent = outer.pop();
      if (parent === undefined) break;
      parent.push(inner);
      current = parent;
      i++;
    } else if (code === delimiter) {
      i++;
    } else if (code === QUOTE) {
      let end = text.indexOf('"', i + 1);
      if (end === -1) break;
      let item = text.slice(i + 1, end);
      if (item.includes("\\")) {
        [item, end] = unescape(text, i + 1);
      }
      current.push(element.decode(item));
      i = end + 1;
    } else {
      let end = i + 1;
      while (end < last) {
        const next = text.charCodeAt(end);
        if (next === delimiter || next === CLOSE) break;
        end++;
      }
      const item = text.slice(i, end);
      current.push(item === "NULL" ? null : element.decode(item));
      i = end;
    }
  }
  if (i !== last || outer.length !== 0) {
    throw unreadable(`${element.name}[]`, "the array's text is broken off");
  }
  return current;
}

/** Reads a quoted element with backslashes; gives it and the place of its closing quote. */
function unescape(text: string, from: number): [string, number] {
  let item = "";
  let plain = from;
  let i = from;
  for (;; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE || i >= text.length) break;
    if (code === BACKSLASH) {
      item += text.slice(plain, i);
      plain = ++i;
    }
  }
  return [item + text.slice(plain, i), i];
}

const PLAIN = /^[^\s{}"\\,;]+$/;

/** Quotes an element where the server would take it for something else. */
function quoted(text: string): string {
  if (PLAIN.test(text) && !(text.length === 4 && text.toLowerCase() === "null")) return text;
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

class ArrayWriter<Input> {
  /** The length of each dimension, known when its first array is met. */
  readonly #lengths: number[] = [];
  /** On which level the elements stand, known when the first one is met. */
  #depth = -1;
  readonly #element: ElementCodec<unknown, Input>;
  readonly #name: string;
  readonly #delimiter: string;
  readonly #dimensions: number | undefined;

  constructor(
    element: ElementCodec<unknown, Input>,
    name: string,
    delimiter: string,
    dimensions: number | undefined,
  ) {
    this.#element = element;
    this.#name = name;
    this.#delimiter = delimiter;
    this.#dimensions = dimensions;
  }

  write(value: readonly unknown[]): string {
    const text = this.#array(value, 1);
    if (!this.#lengths.includes(0)) return text;
    // PostgreSQL knows one empty array only
    return "{}";
  }

  #array(value: readonly unknown[], level: number): string {
    const known = this.#lengths[level - 1];
    if (known === undefined) this.#lengths.push(value.length);
    else if (known !== value.length) throw this.#ragged();
    let text = "{";
    for (let i = 0; i < value.length; i++) {
      const item = value[i];
      if (i > 0) text += this.#delimiter;
      if (this.#isDimension(item, level)) {
        if (this.#depth !== -1 && level >= this.#depth) throw this.#ragged();
        text += this.#array(item as readonly unknown[], level + 1);
        continue;
      }
      if (this.#depth === -1 && level === this.#lengths.length) this.#depth = level;
      else if (level !== this.#depth) throw this.#ragged();
      text += item === null ? "NULL" : quoted(this.#element.encode(item as Input));
    }
    return `${text}}`;
  }

  #isDimension(item: unknown, level: number): boolean {
    if (!Array.isArray(item)) return false;
    if (this.#dimensions !== undefined && this.#element.element?.opaque === true) {
      return level < this.#dimensions;
    }
    return this.#element.element?.isElement?.(item) !== true;
  }

  #ragged(): Error {
    return refusal(
      this.#name,
      "the arrays of one dimension differ in length or depth",
      "Give every inner array the same length, with null for what is missing",
    );
  }
}
