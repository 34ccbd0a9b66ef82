import type { TypeRef } from "../../src/catalog/type_ref.ts";
import type { CompositeObject, EnumObject } from "../../src/catalog/types.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import type { ModelMeta } from "../../src/schema/meta.ts";
import type { FieldSpec } from "../../src/schema/spec.ts";
import { snakeCase } from "../../src/util/casing.ts";
import { qualifiedName } from "./column.ts";
import { formattedType } from "./type_text.ts";

/**
 * The enums and composite types of the columns of models: `enumeration()` and `composite()` say all of
 * them. Of a domain or a range a column does not say enough; those are declared in SQL.
 *
 * @throws {ConfigurationError} two columns give one enum other labels
 */
export function declaredTypes(
  metas: readonly ModelMeta[],
  usual: string,
  owner: string,
): (EnumObject | CompositeObject)[] {
  const found = new Map<string, EnumObject | CompositeObject>();
  const visit = (spec: FieldSpec, meta: ModelMeta): void => {
    for (const inner of partsOf(spec)) visit(inner, meta);
    const made = typeOf(spec, usual, owner);
    if (made === null) return;
    const key = JSON.stringify([made.schema, made.name]);
    const before = found.get(key);
    if (before === undefined) found.set(key, made);
    else if (!sameType(before, made)) throw different(made, meta);
  };
  for (const meta of metas) {
    for (const { spec } of meta.columns) visit(spec, meta);
  }
  return [...found.values()];
}

/** What the type of a column is made of. */
function partsOf({ parts }: FieldSpec): readonly FieldSpec[] {
  switch (parts?.kind) {
    case "array":
      return [parts.item];
    case "domain":
      return [parts.base];
    case "composite":
      return parts.attributes.map(([, attribute]) => attribute);
    case "range":
    case "multirange":
      return [parts.bound];
    default:
      return [];
  }
}

function typeOf(
  { type, parts, labels }: FieldSpec,
  usual: string,
  owner: string,
): EnumObject | CompositeObject | null {
  if (type === null) return null;
  const base = {
    schema: type.schema ?? usual,
    name: type.name,
    owner,
    comment: null,
    extension: null,
  };
  if (parts?.kind === "composite") {
    return { kind: "composite", ...base, attributes: parts.attributes.flatMap(attribute) };
  }
  return parts === undefined && labels !== undefined ? { kind: "enum", ...base, labels } : null;
}

type Attribute = CompositeObject["attributes"][number];

function attribute([property, spec]: readonly [string, FieldSpec]): Attribute[] {
  const type: TypeRef | null = spec.type;
  if (type === null) return [];
  return [{
    name: spec.column ?? snakeCase(property),
    type,
    formatted: formattedType(type),
    collation: qualifiedName(spec.collation),
    comment: spec.comment,
  }];
}

function sameType(one: EnumObject | CompositeObject, other: EnumObject | CompositeObject): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function different(type: EnumObject | CompositeObject, meta: ModelMeta): ConfigurationError {
  const name = `${type.schema}.${type.name}`;
  return new ConfigurationError(
    `Cannot declare the type ${name}: two columns describe it differently`,
    {
      code: "two_types_of_a_name",
      hint:
        `Compare the columns of ${meta.label} with those of other models; declare the type once`,
      context: { type: name },
    },
  );
}
