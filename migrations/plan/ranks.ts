import type { ObjectKind } from "../../src/catalog/types.ts";

/** The kinds in the order in which they are made where nothing else decides; drops go the other way. */
const CREATION: readonly ObjectKind[] = [
  ...["schema", "extension", "collation", "foreign data wrapper", "foreign server"] as const,
  ...["language", "access method"] as const,
  ...["enum", "domain", "composite", "range", "sequence", "table", "column"] as const,
  ...["function", "procedure", "aggregate", "operator", "operator family"] as const,
  ...["operator class", "cast", "transform", "conversion", "text search parser"] as const,
  ...["text search template", "text search dictionary", "text search configuration"] as const,
  ...["constraint", "index", "view", "materialized view", "statistics", "rule"] as const,
  ...["trigger", "policy", "publication", "privilege", "default privilege"] as const,
  ...["event trigger", "unmodelled"] as const,
];

const places = new Map(CREATION.map((kind, at) => [kind, at]));

/** A kind's place among those that are made. */
export function creationRank(kind: ObjectKind): number {
  return places.get(kind) ?? CREATION.length;
}

/** A kind's place among those that are dropped. */
export function dropRank(kind: ObjectKind): number {
  return -creationRank(kind);
}
