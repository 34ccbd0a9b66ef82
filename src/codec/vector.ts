/** The types of the extension vector. */
import type { ElementCodec } from "./array_text.ts";
import type { Codec } from "./codec.ts";
import { floatText } from "./number.ts";
import { kindOf, refusal, unreadable } from "./refuse.ts";

/** A vector that stores only what is not zero. */
export interface SparseVector {
  /** How many elements the vector has, with the zeros. */
  readonly dimensions: number;
  /** The places of the elements that are not zero, counted from 1. */
  readonly indices: readonly number[];
  /** The elements at these places. */
  readonly values: readonly number[];
}

function checkLength(length: number, dimensions: number | undefined, name: string): void {
  if (dimensions === undefined || length === dimensions) return;
  throw refusal(name, `expected ${dimensions} dimensions, got ${length}`);
}

function finiteText(value: unknown, name: string): string {
  if (!Number.isFinite(value)) throw refusal(name, "an element is no finite number");
  return floatText(value, name);
}

function denseCodec(
  name: string,
  dimensions: number | undefined,
): ElementCodec<number[], readonly number[] | Float32Array> {
  return {
    name,
    reads: [],
    element: { isElement: (value) => !Array.isArray(value[0]) && value[0] !== null },
    decode: JSON.parse, // the text of a vector is a JSON array
    encode(value) {
      if (!Array.isArray(value) && !(value instanceof Float32Array)) {
        throw refusal(name, `expected an array of numbers, got ${kindOf(value)}`);
      }
      checkLength(value.length, dimensions, name);
      let text = "[";
      for (let i = 0; i < value.length; i++) {
        text += i === 0 ? finiteText(value[i], name) : `,${finiteText(value[i], name)}`;
      }
      return `${text}]`;
    },
  };
}

/** Makes the codec of `vector(dimensions)`: floats of 32 bits. A wrong length is refused before it is sent. */
export function vectorCodec(
  dimensions?: number,
): ElementCodec<number[], readonly number[] | Float32Array> {
  return denseCodec("vector", dimensions);
}

/** Makes the codec of `halfvec(dimensions)`: floats of 16 bits. A wrong length is refused before it is sent. */
export function halfvecCodec(
  dimensions?: number,
): ElementCodec<number[], readonly number[] | Float32Array> {
  return denseCodec("halfvec", dimensions);
}

/**
 * Makes the codec of `sparsevec(dimensions)`.
 *
 * Places may be given in any order, each once; elements that are zero are dropped by the server.
 */
export function sparsevecCodec(dimensions?: number): Codec<SparseVector> {
  const name = "sparsevec";
  return {
    name,
    reads: [],
    decode(text) {
      const end = text.indexOf("}/");
      if (text.charCodeAt(0) !== 123 || end === -1) {
        throw unreadable(name, "the text is no sparse vector");
      }
      const indices: number[] = [];
      const values: number[] = [];
      if (end > 1) {
        for (const pair of text.slice(1, end).split(",")) {
          const colon = pair.indexOf(":");
          indices.push(Number(pair.slice(0, colon)));
          values.push(Number(pair.slice(colon + 1)));
        }
      }
      return { dimensions: Number(text.slice(end + 2)), indices, values };
    },
    encode(value) {
      if (!isSparse(value)) {
        throw refusal(
          name,
          `expected { dimensions, indices, values }, got ${kindOf(value)}`,
        );
      }
      if (!Number.isInteger(value.dimensions) || value.dimensions < 1) {
        throw refusal(name, "the number of dimensions is no positive whole number");
      }
      checkLength(value.dimensions, dimensions, name);
      if (value.indices.length !== value.values.length) {
        throw refusal(name, "indices and values differ in length");
      }
      const places = new Map<number, string>();
      value.indices.forEach((place, i) => {
        if (!Number.isInteger(place) || place < 1 || place > value.dimensions) {
          throw refusal(name, "an index is outside of 1 to the number of dimensions");
        }
        if (places.has(place)) throw refusal(name, "an index stands there twice");
        places.set(place, finiteText(value.values[i], name));
      });
      const pairs = [...places].sort((a, b) => a[0] - b[0]);
      return `{${pairs.map((pair) => pair.join(":")).join(",")}}/${value.dimensions}`;
    },
  };
}

function isSparse(value: unknown): value is SparseVector {
  if (typeof value !== "object" || value === null) return false;
  const { indices, values } = value as Partial<SparseVector>;
  return Array.isArray(indices) && Array.isArray(values);
}
