import type { ObjectKind } from "../../../src/catalog/types.ts";
import { columns } from "./columns.ts";
import { constraints } from "./constraints.ts";
import { definedQuery } from "./defined.ts";
import type { CatalogQuery } from "./fragments.ts";
import { indexes } from "./indexes.ts";
import { defaultPrivileges, privileges } from "./privileges.ts";
import { extensions, materializedViews, schemas, sequences, tables, views } from "./relations.ts";
import { aggregates, functions, procedures } from "./routines.ts";
import { policies, rules, statistics, triggers } from "./rules.ts";
import { composites, domains, enums, ranges } from "./types.ts";
import { unmodelled } from "./unmodelled.ts";

/** The one query of each kind. */
export const queries: { readonly [Kind in ObjectKind]: CatalogQuery } = {
  schema: schemas,
  extension: extensions,
  table: tables,
  column: columns,
  constraint: constraints,
  index: indexes,
  sequence: sequences,
  enum: enums,
  domain: domains,
  composite: composites,
  range: ranges,
  view: views,
  "materialized view": materializedViews,
  function: functions,
  procedure: procedures,
  aggregate: aggregates,
  trigger: triggers,
  rule: rules,
  policy: policies,
  statistics,
  cast: definedQuery("cast"),
  collation: definedQuery("collation"),
  "event trigger": definedQuery("event trigger"),
  "foreign data wrapper": definedQuery("foreign data wrapper"),
  "foreign server": definedQuery("foreign server"),
  operator: definedQuery("operator"),
  "operator class": definedQuery("operator class"),
  "operator family": definedQuery("operator family"),
  publication: definedQuery("publication"),
  "text search configuration": definedQuery("text search configuration"),
  "text search dictionary": definedQuery("text search dictionary"),
  "access method": definedQuery("access method"),
  conversion: definedQuery("conversion"),
  language: definedQuery("language"),
  "text search parser": definedQuery("text search parser"),
  "text search template": definedQuery("text search template"),
  transform: definedQuery("transform"),
  privilege: privileges,
  "default privilege": defaultPrivileges,
  unmodelled,
};
