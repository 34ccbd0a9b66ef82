/** What the field factories are made with. */
import type { TypeRef } from "../catalog/type_ref.ts";
import type { AnyCodec } from "../codec/codec.ts";
import { Field, fieldSpec } from "./field.ts";
import type { Lookups } from "./lookups/lookup.ts";
import type { FieldKind } from "./spec.ts";

type Modifiers = readonly (string | number)[];

/** Names a built-in type. */
export function builtin(name: string, modifiers: Modifiers = []): TypeRef {
  return { schema: "pg_catalog", name, modifiers: modifiers.map(String), dimensions: 0 };
}

/** A field of a built-in type, whose name is its codec's. */
export function make<Kind extends FieldKind, Read, Write = Read>(
  kind: Kind,
  codec: AnyCodec,
  modifiers: Modifiers = [],
  lookups?: () => Lookups,
): Field<Kind, Read, Write> {
  return new Field(fieldSpec(kind, builtin(codec.name, modifiers), codec, lookups));
}

/** A field of an extension's type, whose schema is not known. */
export function extension<Kind extends FieldKind, Read, Write = Read>(
  kind: Kind,
  codec: AnyCodec,
  modifiers: Modifiers,
  lookups: () => Lookups,
): Field<Kind, Read, Write> {
  const type = { ...builtin(codec.name, modifiers), schema: null };
  return new Field(fieldSpec(kind, type, codec, lookups));
}

/** Leaves out trailing modifiers that were not given. */
export function given(...modifiers: readonly (number | undefined)[]): number[] {
  return modifiers.filter((modifier) => modifier !== undefined);
}
