/** The factories of types that extensions bring. */
import { hstore as hstoreCodec } from "../codec/hstore.ts";
import { textCodec } from "../codec/text.ts";
import { halfvecCodec, sparsevecCodec, type SparseVector, vectorCodec } from "../codec/vector.ts";
import type { Field } from "./field.ts";
import { hstoreLookups } from "./lookups/keys.ts";
import { textLookups } from "./lookups/text.ts";
import { vectorLookups } from "./lookups/vector.ts";
import { extension, given } from "./make_field.ts";

/**
 * `citext`: a string that compares without regard to case (extension citext).
 *
 * @example
 * ```ts
 * import { citext } from "@matrx/orm";
 *
 * const email = citext().unique(); // finds ann@example.com as Ann@Example.com
 * ```
 */
export function citext(): Field<"text", string, string> {
  return extension("text", textCodec("citext"), [], textLookups);
}

/**
 * `hstore`: text keys with text or NULL values (extension hstore).
 *
 * @example
 * ```ts
 * import { hstore } from "@matrx/orm";
 *
 * const attributes = hstore().default({ colour: "red" });
 * ```
 */
export function hstore(): Field<
  "hstore",
  Record<string, string | null>,
  Readonly<Record<string, string | null>>
> {
  return extension("hstore", hstoreCodec, [], hstoreLookups);
}

/**
 * `ltree`: a path of labels (extension ltree).
 *
 * @example
 * ```ts
 * import { ltree } from "@matrx/orm";
 *
 * const path = ltree(); // "top.science.astronomy"
 * ```
 */
export function ltree(): Field<"text", string, string> {
  return extension("text", textCodec("ltree"), [], textLookups);
}

/**
 * `vector(dimensions)`: floats of 32 bits (extension vector). A wrong dimension is refused before
 * it is sent.
 *
 * @example
 * ```ts
 * import { integer, model, vector } from "@matrx/orm";
 *
 * class Note extends model("notes", { id: integer().primaryKey(), place: vector(3) }) {}
 * const query = Note.filter().nearest("place", [1, 0, 0], { metric: "cosine" }).limit(5);
 * console.log(query.toSql().text);
 * ```
 */
export function vector(dimensions?: number): Field<"vector", number[], readonly number[]> {
  return extension("vector", vectorCodec(dimensions), given(dimensions), vectorLookups);
}

/**
 * `halfvec(dimensions)`: floats of 16 bits (extension vector).
 *
 * @example
 * ```ts
 * import { halfvec } from "@matrx/orm";
 *
 * const place = halfvec(768);
 * ```
 */
export function halfvec(dimensions?: number): Field<"vector", number[], readonly number[]> {
  return extension("vector", halfvecCodec(dimensions), given(dimensions), vectorLookups);
}

/**
 * `sparsevec(dimensions)`: a vector that stores only what is not zero (extension vector).
 *
 * @example
 * ```ts
 * import { integer, model, sparsevec } from "@matrx/orm";
 *
 * class Note extends model("notes", { id: integer().primaryKey(), words: sparsevec(30_000) }) {}
 * const note = new Note({ id: 1, words: { dimensions: 30_000, indices: [17], values: [0.5] } });
 * console.log(note.words);
 * ```
 */
export function sparsevec(dimensions?: number): Field<"vector", SparseVector, SparseVector> {
  return extension("vector", sparsevecCodec(dimensions), given(dimensions), vectorLookups);
}
