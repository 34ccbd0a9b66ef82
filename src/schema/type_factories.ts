/** The factories of types that are made of, or named after, other types. */
import type { TypeRef } from "../catalog/type_ref.ts";
import { arrayCodec } from "../codec/array.ts";
import type { ElementTraits } from "../codec/array_text.ts";
import type { AnyCodec } from "../codec/codec.ts";
import { compositeCodec } from "../codec/composite.ts";
import { enumCodec } from "../codec/enum.ts";
import { multirangeCodec, type Range, rangeCodec, type RangeInput } from "../codec/range.ts";
import { textCodec } from "../codec/text.ts";
import { OrmError } from "../errors/base.ts";
import { type AnyField, Field, fieldSpec } from "./field.ts";
import type { ReadOf, WriteOf } from "./infer.ts";
import { arrayLookups } from "./lookups/array.ts";
import { rangeLookups } from "./lookups/range.ts";
import type { FieldKind, InsertMode } from "./spec.ts";
import { checkItems } from "./standard.ts";

/** Where a named type lives. */
export interface TypeOptions {
  /** The type's schema; default: the search path decides. */
  readonly schema?: string;
}

const named = (name: string, options: TypeOptions, modifiers: readonly string[] = []): TypeRef => ({
  schema: options.schema ?? null,
  name,
  modifiers,
  dimensions: 0,
});

function known(field: AnyField): { readonly type: TypeRef; readonly codec: AnyCodec } {
  const { type, codec } = field.spec;
  if (type === null || codec === null) {
    throw new OrmError("A type cannot be made of a foreign key", { code: "invalid_field" });
  }
  return { type, codec };
}

/**
 * A column of an enum type: one of its labels.
 *
 * @example
 * ```ts
 * import { enumeration } from "@matrx/orm";
 *
 * const status = enumeration("order_status", ["draft", "paid"]).default("draft");
 * ```
 */
export function enumeration<const Label extends string>(
  name: string,
  labels: readonly Label[],
  options: TypeOptions = {},
): Field<"enum", Label, Label> {
  const made = fieldSpec("enum", named(name, options), enumCodec(name, labels));
  return new Field({ ...made, labels });
}

/**
 * An array of another type; `array(text())` is `text[]`.
 *
 * PostgreSQL lets any element be NULL: say `array(text().nullable())` where that happens. Use
 * `dimensions` for arrays of arrays.
 *
 * @example
 * ```ts
 * import { array, model, text } from "@matrx/orm";
 *
 * class Note extends model("notes", { tags: array(text()) }) {}
 * const query = Note.filter({ tags: { contains: ["urgent"] } });
 * console.log(query.toSql().text);
 * ```
 */
export function array<Item extends AnyField>(item: Item): Field<
  "array",
  ReadOf<Item>[],
  readonly WriteOf<Item>[]
> {
  const { type, codec } = known(item);
  const dimensions = type.dimensions + 1;
  const element = item.spec.element ?? codec;
  const made = fieldSpec(
    "array",
    { ...type, dimensions },
    arrayCodec(element, { dimensions }),
    arrayLookups,
  );
  const { check } = item.spec;
  return new Field({
    ...made,
    element,
    parts: { kind: "array", item: item.spec },
    ...(check === undefined ? {} : { check: checkItems(check) }),
  });
}

/** What a domain says beside its name. */
export interface DomainOptions extends TypeOptions {
  /** True when the domain has a default: an insert may leave a column of it out. */
  readonly hasDefault?: boolean;
}

/**
 * A column of a domain over another type: `domain("email", text())`.
 *
 * @example
 * ```ts
 * import { domain, text } from "@matrx/orm";
 *
 * const email = domain("email", text(), { schema: "public" }).unique();
 * ```
 */
export function domain<
  Kind extends FieldKind,
  Read,
  Write,
  const Options extends DomainOptions = TypeOptions,
>(
  name: string,
  base: Field<Kind, Read, Write, InsertMode>,
  options: Options = {} as Options,
): Field<Kind, Read, Write, Options extends { hasDefault: true } ? "optional" : "required"> {
  const { kind, lookups, labels, schema, check } = base.spec;
  return new Field({
    ...fieldSpec(kind, named(name, options), domainCodec(base), lookups),
    parts: { kind: "domain", base: base.spec, hasDefault: options.hasDefault === true },
    ...(labels === undefined ? {} : { labels }),
    ...(schema === undefined ? {} : { schema }),
    ...(check === undefined ? {} : { check }),
  });
}

/** In an array of arrays that are a domain, the inner ones are elements and no dimension. */
function domainCodec(base: AnyField): AnyCodec {
  const { codec } = known(base);
  if (base.spec.parts?.kind !== "array") return codec;
  const element: ElementTraits = { opaque: true };
  return Object.assign({ ...codec }, { element });
}

/** The value of a composite type, as it is read. Any attribute may be NULL. */
export type CompositeValue<Attributes> = {
  [Name in keyof Attributes]: ReadOf<Attributes[Name]> | null;
};

/** The value of a composite type, as it may be written. */
export type CompositeInput<Attributes> = {
  readonly [Name in keyof Attributes]: WriteOf<Attributes[Name]> | null;
};

/**
 * A column of a composite type: `composite("address", { street: text(), zip: text() })`.
 *
 * Attributes are in the type's order; a property that is not the attribute's name in the database
 * says so with `.column()`.
 *
 * @example
 * ```ts
 * import { composite, model, text } from "@matrx/orm";
 *
 * class Shop extends model("shops", {
 *   address: composite("address", { street: text(), zip: text() }),
 * }) {}
 * const shop = new Shop({ address: { street: "Main Street 1", zip: "12345" } });
 * console.log(shop.address.zip);
 * ```
 */
export function composite<Attributes extends Readonly<Record<string, AnyField>>>(
  name: string,
  attributes: Attributes,
  options: TypeOptions = {},
): Field<"other", CompositeValue<Attributes>, CompositeInput<Attributes>> {
  const fields = Object.entries(attributes).map(([property, field]) => ({
    name: property,
    codec: known(field).codec,
  }));
  const made = fieldSpec("other", named(name, options), compositeCodec(name, fields));
  const parts = Object.entries(attributes).map(([property, field]) =>
    [property, field.spec] as const
  );
  return new Field({ ...made, parts: { kind: "composite", attributes: parts } });
}

/**
 * A column of a range type that the database defines, over the type of its bounds.
 *
 * @example
 * ```ts
 * import { doublePrecision, range } from "@matrx/orm";
 *
 * const speeds = range("speed_range", doublePrecision());
 * ```
 */
export function range<Kind extends FieldKind, Read, Write>(
  name: string,
  bound: Field<Kind, Read, Write>,
  options: TypeOptions = {},
): Field<"range", Range<Read>, RangeInput<Write>> {
  const codec = rangeCodec(known(bound).codec, name);
  const made = fieldSpec("range", named(name, options), codec, rangeLookups);
  return new Field({ ...made, parts: { kind: "range", bound: bound.spec } });
}

/**
 * A column of the multirange type that belongs to a range type of the database.
 *
 * @example
 * ```ts
 * import { doublePrecision, multirange } from "@matrx/orm";
 *
 * const speeds = multirange("speed_multirange", doublePrecision());
 * ```
 */
export function multirange<Kind extends FieldKind, Read, Write>(
  name: string,
  bound: Field<Kind, Read, Write>,
  options: TypeOptions = {},
): Field<"range", Range<Read>[], readonly RangeInput<Write>[]> {
  const codec = multirangeCodec(known(bound).codec, name);
  const made = fieldSpec("range", named(name, options), codec, rangeLookups);
  return new Field({ ...made, parts: { kind: "multirange", bound: bound.spec } });
}

/**
 * A column of any other type, by its name and modifiers; its values come and go as text.
 *
 * @example
 * ```ts
 * import { customType } from "@matrx/orm";
 *
 * const area = customType("box");
 * const shape = customType("geometry", { schema: "public", modifiers: ["Point", 4326] });
 * ```
 */
export function customType<Value extends string = string>(
  name: string,
  options: TypeOptions & { readonly modifiers?: readonly (string | number)[] } = {},
): Field<"other", Value, Value> {
  const type = named(name, options, (options.modifiers ?? []).map(String));
  return new Field(fieldSpec("other", type, textCodec(name)));
}
