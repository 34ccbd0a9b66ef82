import type { ObjectKind } from "../../../src/catalog/types.ts";
import { columns } from "./columns.ts";
import { constraints } from "./constraints.ts";
import type { CatalogQuery } from "./fragments.ts";
import { indexes } from "./indexes.ts";
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
  unmodelled,
};
