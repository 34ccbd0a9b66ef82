/** The rows that random filters look at: as tables, as models, and as plain data. */
import {
  array,
  bigint,
  boolean,
  bytea,
  compositeForeignKey,
  date,
  decimal,
  doublePrecision,
  enumeration,
  foreignKey,
  hstore,
  inet,
  int4multirange,
  int4range,
  integer,
  interval,
  inverseForeignKey,
  json,
  jsonb,
  macaddr,
  manyToMany,
  model,
  text,
  timestamptz,
  tsvector,
  uuid,
  vector,
} from "../../mod.ts";
import { CONTAINERS, VECTORS } from "./oracle_containers.ts";
import { DOCUMENTS } from "./oracle_documents.ts";
import type { Random } from "../support/random/random.ts";
import { type Column, SCALARS } from "./oracle_scalars.ts";

/** How many rows there are. */
export const ROWS = 80;

/** The columns that filters test, by property. */
export const COLUMNS: Readonly<Record<string, Column>> = {
  ...SCALARS,
  ...CONTAINERS,
  ...DOCUMENTS,
};

/** A row as plain data. */
export interface Cell {
  readonly id: number;
  /** A key without a constraint: NULL, a row, or a row that is not there. */
  readonly parentId: number | null;
  readonly left: number | null;
  readonly right: number | null;
  /** The tested columns, by property. */
  readonly [property: string]: unknown;
}

/** A row that a key of two columns references. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly n: number | null;
}

/** All rows and their ties. */
export interface Data {
  readonly cells: readonly Cell[];
  readonly pairs: readonly Pair[];
  readonly ties: readonly (readonly [number, number])[];
  /** The tested columns of this server. */
  readonly columns: Readonly<Record<string, Column>>;
}

/** Makes rows and ties. */
export function data(random: Random, vectors: boolean): Data {
  const columns = vectors ? { ...COLUMNS, ...VECTORS } : COLUMNS;
  const orNull = <Value>(value: Value): Value | null => random.once(4) ? null : value;
  const cells = Array.from({ length: ROWS }, (_, index): Cell => ({
    id: index + 1,
    parentId: index === 0 ? null : random.once(6) ? 999 : orNull(random.below(index) + 1),
    left: orNull(random.below(3)),
    right: orNull(random.below(3)),
    ...Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, orNull(column.make(random))]),
    ),
  }));
  const pairs = Array.from({ length: 7 }, (_, index) => ({
    a: Math.floor(index / 3),
    b: index % 3,
    n: orNull(random.below(7) - 3),
  }));
  const ties = new Map(
    Array.from({ length: 60 }, () => [random.below(ROWS) + 1, random.below(ROWS) + 1] as const)
      .map((tie) => [tie.join(), tie]),
  );
  return { cells, pairs, ties: [...ties.values()], columns };
}

/** The tables. */
export function tables(vectors: boolean): string {
  const columns = Object.entries(vectors ? { ...COLUMNS, ...VECTORS } : COLUMNS)
    .map(([name, { type }]) => `"${name}" ${type}`);
  return `
    create extension if not exists hstore;
    ${vectors ? "create extension if not exists vector;" : ""}
    create type mood as enum ('sad', 'ok', 'happy');
    create table pairs (a int, b int, n int, primary key (a, b));
    create table cells (
      id int primary key, parent_id int, "left" int, "right" int, ${columns.join(", ")});
    create table ties (
      a int references cells on delete cascade, b int references cells on delete cascade,
      primary key (a, b));`;
}

/** Declares the models on one database. */
// deno-lint-ignore explicit-function-return-type explicit-module-boundary-types -- what it gives is a bag of classes
export function oracleModels(database: string, vectors: boolean) {
  class PairModel extends model("pairs", {
    a: integer(),
    b: integer(),
    n: integer().nullable(),
    cells: inverseForeignKey<CellModel>(() => CellModel, { fromField: "pair" }),
  }, { database, primaryKey: ["a", "b"] }) {}

  class CellModel extends model("cells", {
    id: integer().primaryKey(),
    parentId: foreignKey<CellModel>(() => CellModel).nullable(),
    left: integer().nullable(),
    right: integer().nullable(),
    n: integer().nullable(),
    m: integer().nullable(),
    big: bigint().nullable(),
    amount: decimal().nullable(),
    rate: doublePrecision().nullable(),
    s: text().nullable(),
    f: boolean().nullable(),
    mood: enumeration("mood", ["sad", "ok", "happy"]).nullable(),
    day: date().nullable(),
    at: timestamptz().nullable(),
    took: interval().nullable(),
    key: uuid().nullable(),
    bytes: bytea().nullable(),
    mac: macaddr().nullable(),
    list: array(integer()).nullable(),
    span: int4range().nullable(),
    spans: int4multirange().nullable(),
    tags: hstore().nullable(),
    host: inet().nullable(),
    body: tsvector().nullable(),
    doc: jsonb().nullable(),
    plain: json().nullable(),
    ...(vectors ? { v: vector(2).nullable() } : {}),
    pair: compositeForeignKey<PairModel>(() => PairModel, { fields: ["left", "right"] }),
    children: inverseForeignKey<CellModel>(() => CellModel, { fromField: "parentId" }),
    tied: manyToMany<CellModel>(() => CellModel, { through: "ties", source: "a", target: "b" }),
    tiedBy: manyToMany<CellModel>(() => CellModel, { through: "ties", source: "b", target: "a" }),
  }, { database }) {}
  return { CellModel, PairModel };
}
