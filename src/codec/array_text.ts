/** Writes arrays of any type and depth. */
import type { Codec } from "./codec.ts";
import { kindOf, refusal } from "./refuse.ts";

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

/**
 * Writes an array, which may have any number of dimensions.
 *
 * @throws {ValidationError} it is no array, or the arrays of one dimension differ in length or depth
 */
export function arrayText<Input>(
  element: ElementCodec<unknown, Input>,
  value: unknown,
  options: ArrayOptions = {},
): string {
  const name = `${element.name}[]`;
  if (!Array.isArray(value)) throw refusal(name, `expected an array, got ${kindOf(value)}`);
  const traits = element.element ?? {};
  const delimiter = options.delimiter ?? traits.delimiter ?? ",";
  const dimensions = options.dimensions ?? (traits.opaque === true ? 1 : undefined);
  return new ArrayWriter(element, name, delimiter, dimensions).write(value);
}

const PLAIN = /^[^\s{}"\\,;]+$/;

/** Quotes an element where the server would take it for something else. */
function quoted(text: string): string {
  if (PLAIN.test(text) && !(text.length === 4 && text.toLowerCase() === "null")) return text;
  return `"${escaped(text)}"`;
}

/** What JSON escapes and arrays do not: control characters, and halves of surrogate pairs. */
const JSON_ONLY = /(?<!\\)(?:\\\\)*\\[^"\\]/;

/** Writes texts as an array of one dimension: in quotes throughout, which costs less than to look what needs them. */
export function textArray(texts: readonly (string | null)[]): string {
  // one call for all of them: of quotes and backslashes JSON makes what an array wants
  const json = JSON.stringify(texts);
  if (!json.includes("\\") || !JSON_ONLY.test(json)) return `{${json.slice(1, -1)}}`;
  return `{${texts.map((text) => text === null ? "null" : `"${escaped(text)}"`).join(",")}}`;
}

function escaped(text: string): string {
  return text.includes('"') || text.includes("\\") ? text.replace(/["\\]/g, "\\$&") : text;
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
