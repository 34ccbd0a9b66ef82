/** A trade's models and rows for the tests of queries, one database for each server. */
import {
  array,
  date,
  decimal,
  doublePrecision,
  foreignKey,
  integer,
  inverseForeignKey,
  jsonb,
  manyToMany,
  model,
  type Sql,
  sql,
  text,
  timestamptz,
} from "../../mod.ts";
import type { TestServer } from "../support/servers.ts";
import { type Place, place } from "./model_world.ts";

/** How many orders there are. */
export const ORDERS = 20;

const TABLES = `
create table regions (id int primary key, name text not null);
insert into regions values (1, 'North'), (2, 'South');
create table custs (
  id int primary key, name text not null, nick text, region_id int references regions);
insert into custs values (1, 'Ann', null, 1), (2, 'Bob', 'B', 2), (3, 'Cy', null, null);
create table ords (
  id int primary key, cust_id int not null references custs, status text not null,
  total numeric(12,2) not null, qty int not null, rate float8, created_at timestamptz not null,
  due date, labels text[], meta jsonb);
insert into ords select
  g, 1 + g % 2, case when g % 3 = 0 then 'paid' else 'draft' end, g * 1.5, g,
  case when g % 4 = 0 then null else g / 4.0 end,
  '2024-01-01T00:00:00Z'::timestamptz + g * interval '10 days',
  case when g % 5 = 0 then null else '2024-01-01'::date + g end,
  case when g % 2 = 0 then array['even', 'n' || g] else null end,
  jsonb_build_object('n', g, 'tags', jsonb_build_array('t' || g % 3))
  from generate_series(1, ${ORDERS}) g;
create table items (
  id int primary key, ord_id int not null references ords, name text not null, n int not null);
insert into items select g, 1 + g % ${ORDERS}, 'item ' || g, g % 7 from generate_series(1, 60) g;
create table marks (id int primary key, label text not null);
insert into marks values (1, 'red'), (2, 'green'), (3, 'blue');
create table ord_marks (ord_id int references ords, mark_id int references marks,
  primary key (ord_id, mark_id));
insert into ord_marks select g, 1 + g % 3 from generate_series(1, 10) g;
`;

/** Declares the models on one database. */
// deno-lint-ignore explicit-function-return-type explicit-module-boundary-types -- what it gives is a bag of classes
export function tradeModels(database: string) {
  class Region extends model("regions", {
    id: integer().primaryKey(),
    name: text(),
    custs: inverseForeignKey<Cust>(() => Cust, { fromField: "regionId" }),
  }, { database }) {}

  class Cust extends model("custs", {
    id: integer().primaryKey(),
    name: text(),
    nick: text().nullable(),
    regionId: foreignKey<Region>(() => Region).nullable(),
    ords: inverseForeignKey<Ord>(() => Ord, { fromField: "custId" }),
  }, { database }) {}

  class Ord extends model("ords", {
    id: integer().primaryKey(),
    custId: foreignKey<Cust>(() => Cust),
    status: text(),
    total: decimal(12, 2),
    qty: integer(),
    rate: doublePrecision().nullable(),
    createdAt: timestamptz(),
    due: date().nullable(),
    labels: array(text()).nullable(),
    meta: jsonb<{ n: number; tags: string[] }>().nullable(),
    items: inverseForeignKey<Item>(() => Item, { fromField: "ordId" }),
    marks: manyToMany<Mark>(() => Mark, {
      through: "ord_marks",
      source: "ord_id",
      target: "mark_id",
    }),
  }, { database }) {}

  class Item extends model("items", {
    id: integer().primaryKey(),
    ordId: foreignKey<Ord>(() => Ord),
    name: text(),
    n: integer(),
  }, { database }) {}

  class Mark extends model("marks", {
    id: integer().primaryKey(),
    label: text(),
    ords: manyToMany<Ord>(() => Ord, {
      through: "ord_marks",
      source: "mark_id",
      target: "ord_id",
    }),
  }, { database }) {}

  return { Region, Cust, Ord, Item, Mark };
}

/** The trade on one server. Its rows stand from the first `open` on. */
// deno-lint-ignore explicit-function-return-type explicit-module-boundary-types -- what it gives is a bag of classes
export function trade(server: TestServer, more = "") {
  const where: Place = place(server, TABLES + more);
  const models = tradeModels(where.name);
  return {
    ...where,
    async open() {
      const database = await where.open();
      where.log.length = 0;
      /** What a statement gives, as plain rows. */
      const rows = (statement: Sql): Promise<Record<string, unknown>[]> =>
        models.Ord.rawSql(statement);
      return { ...models, database, log: where.log, rows, sql };
    },
  };
}
