import { camelCase, capitalize, snakeCase } from "../../src/util/casing.ts";
import { isReservedProperty, variableName } from "../name/identifier.ts";
import { isIdentifier, type PreviousNames } from "../name/previous.ts";
import type { ModelNames } from "../name/names.ts";
import { plural } from "../name/words.ts";
import type { Casing } from "../options.ts";
import { keyOf, type Source } from "../sources/source.ts";

/** How the names of relations are put together. */
export interface RelationWords {
  /** One row of a class: `LineItem` is `lineItem`. */
  one(className: string): string;
  /** Many of them: `lineItems`. */
  many(className: string): string;
  /** What tells it from another one over other columns: `ByCreatedBy`. */
  by(columns: readonly string[], properties: ReadonlyMap<string, string>): string;
  /** What tells it from another one over another junction: `ThroughOrderTag`. */
  through(className: string): string;
}

/** The words of each casing. */
export const RELATION_WORDS: Readonly<Record<Casing, RelationWords>> = {
  camel: {
    one: variableName,
    many: (className) => camelCase(plural(snakeCase(className))),
    by: (columns, properties) =>
      `By${columns.map((column) => capitalize(properties.get(column) ?? column)).join("")}`,
    through: (className) => `Through${className}`,
  },
  preserve: {
    one: snakeCase,
    many: (className) => plural(snakeCase(className)),
    by: (columns, properties) =>
      `_by_${columns.map((column) => properties.get(column) ?? column).join("_")}`,
    through: (className) => `_through_${snakeCase(className)}`,
  },
};

/** A relation that waits for its name. */
export interface Unnamed {
  /** The model that it is a property of. */
  readonly owner: Source;
  /** What `relationId` says of it. */
  readonly id: string;
  /** The names that it may have, the best one first. */
  readonly candidates: readonly string[];
  /** Takes the name. */
  readonly take: (property: string) => void;
}

/** Names relations in their order, those that had a name before any new one. */
export function nameRelations(
  all: readonly Unnamed[],
  namesOf: (source: Source) => ModelNames,
  previous: PreviousNames,
): void {
  const kept = new Map<Unnamed, string>();
  for (const one of all) {
    const name = previous.models.get(keyOf(one.owner.object))?.relations.get(one.id);
    if (name === undefined || !isIdentifier(name) || isReservedProperty(name)) continue;
    const { claims } = namesOf(one.owner).properties;
    if (!claims.isFree(name)) continue;
    claims.take(name);
    kept.set(one, name);
  }
  for (const one of all) {
    const { claims } = namesOf(one.owner).properties;
    one.take(kept.get(one) ?? claims.claim(one.candidates.map(allowed)));
  }
}

function allowed(name: string): string {
  return isReservedProperty(name) ? `${name}_` : name;
}
