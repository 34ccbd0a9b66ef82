/** A shop's models and tables for the tests of the model layer, one database for each server. */
import {
  array,
  bigint,
  bytea,
  compositeForeignKey,
  type DatabaseConfig,
  decimal,
  enumeration,
  foreignKey,
  integer,
  interval,
  inverseForeignKey,
  jsonb,
  manyToMany,
  model,
  registerDatabase,
  sql,
  text,
  timestamptz,
  uuid,
  version,
} from "../../mod.ts";
import { closeDatabase } from "../../src/connect.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import type { TestServer } from "../support/servers.ts";

const TABLES = `
create type mood as enum ('sad', 'ok', 'happy');
create table customers (
  id uuid primary key default gen_random_uuid(), name text not null, country text);
create table orders (
  id uuid primary key default gen_random_uuid(),
  customer_id uuid not null references customers on update cascade on delete cascade,
  parent_id uuid references orders,
  status text not null default 'draft',
  total numeric(12,2) not null,
  meta jsonb,
  labels text[],
  due timestamptz,
  took interval,
  mood mood,
  data bytea,
  doubled numeric generated always as (total * 2) stored,
  created_at timestamptz not null default now(),
  version int not null default 1);
create table line_items (
  id bigint primary key generated always as identity,
  order_id uuid not null references orders on delete cascade,
  product text not null, qty int not null);
create table tags (id int primary key, label text not null);
create table order_tags (
  order_id uuid references orders on delete cascade, tag_id int references tags,
  primary key (order_id, tag_id));
create table seats (
  hall text, seat int, note text, primary key (hall, seat));
create table bookings (
  id int primary key, hall text, seat int, who text,
  foreign key (hall, seat) references seats on update cascade);
create table events (happened text, n int);
`;

/** Declares the models on one database. */
// deno-lint-ignore explicit-function-return-type explicit-module-boundary-types -- what it gives is a bag of classes
export function shopModels(database: string) {
  class Customer extends model("customers", {
    id: uuid().primaryKey().default(sql`gen_random_uuid()`),
    name: text(),
    country: text().nullable(),
    orders: inverseForeignKey<Order>(() => Order, { fromField: "customerId" }),
  }, { database }) {
    get shout(): string {
      return this.name.toUpperCase();
    }
  }

  class Order extends model("orders", {
    id: uuid().primaryKey().default(sql`gen_random_uuid()`),
    customerId: foreignKey<Customer>(() => Customer),
    parentId: foreignKey<Order>(() => Order).nullable(),
    status: text().default("draft"),
    total: decimal(12, 2),
    meta: jsonb<{ source?: string; deep?: { list: number[] } }>().nullable(),
    labels: array(text()).nullable(),
    due: timestamptz().nullable(),
    took: interval().nullable(),
    mood: enumeration("mood", ["sad", "ok", "happy"]).nullable(),
    data: bytea().nullable(),
    doubled: decimal().generatedAs(sql`total * 2`),
    createdAt: timestamptz().default(sql`now()`),
    version: version(),
    children: inverseForeignKey<Order>(() => Order, { fromField: "parentId" }),
    lineItems: inverseForeignKey<LineItem>(() => LineItem, { fromField: "orderId" }),
    tags: manyToMany<Tag>(() => Tag, {
      through: "order_tags",
      source: "order_id",
      target: "tag_id",
    }),
  }, { database }) {
    get isPaid(): boolean {
      return this.status === "paid";
    }
  }

  class LineItem extends model("line_items", {
    id: bigint().primaryKey().identity("always"),
    orderId: foreignKey<Order>(() => Order),
    product: text(),
    qty: integer(),
  }, { database }) {}

  class Tag extends model("tags", {
    id: integer().primaryKey(),
    label: text(),
    orders: manyToMany<Order>(() => Order, {
      through: "order_tags",
      source: "tag_id",
      target: "order_id",
    }),
  }, { database }) {}

  class Seat extends model("seats", {
    hall: text(),
    seat: integer(),
    note: text().nullable(),
    bookings: inverseForeignKey<Booking>(() => Booking, { fromField: "place" }),
  }, { database, primaryKey: ["hall", "seat"] }) {}

  class Booking extends model("bookings", {
    id: integer().primaryKey(),
    hall: text().nullable(),
    seat: integer().nullable(),
    who: text().nullable(),
    place: compositeForeignKey<Seat>(() => Seat, { fields: ["hall", "seat"] }),
  }, { database }) {}

  class Event extends model("events", {
    happened: text().nullable(),
    n: integer().nullable(),
  }, { database }) {}

  return { Customer, Order, LineItem, Tag, Seat, Booking, Event };
}

/** Runs a script on a database. */
export async function script(database: TestDatabase, text: string): Promise<void> {
  const connection = await database.driver.acquire();
  try {
    await connection.script(text);
  } finally {
    connection.release();
  }
}

/** A database that is made on first use, with what the models sent to it. */
export interface Place {
  /** Its name in the registry. */
  readonly name: string;
  /** The texts of the statements since they were last cleared. */
  readonly log: string[];
  /** Makes it, once. */
  open(): Promise<TestDatabase>;
  /** Drops it. */
  close(): Promise<void>;
}

let count = 0;

/** Makes a place for the tests of one file on one server. */
export function place(
  server: TestServer,
  tables: string,
  hooks: Pick<DatabaseConfig, "onWarning"> = {},
): Place {
  const name = `${server.kind}_${++count}`;
  const log: string[] = [];
  let opening: Promise<TestDatabase> | undefined;
  const open = async (): Promise<TestDatabase> => {
    const database = await testDatabase(server);
    registerDatabase({
      ...hooks,
      name,
      driver: database.driver,
      onQuery: (event) => void log.push(event.text),
    });
    await script(database, tables);
    return database;
  };
  return {
    name,
    log,
    open: () => opening ??= open(),
    async close() {
      if (opening === undefined) return;
      const database = await opening;
      await closeDatabase(name);
      await database[Symbol.asyncDispose]();
    },
  };
}

/** The shop on one server; `open` empties its tables. */
// deno-lint-ignore explicit-function-return-type explicit-module-boundary-types -- what it gives is a bag of classes
export function shop(server: TestServer, hooks: Pick<DatabaseConfig, "onWarning"> = {}) {
  const where = place(server, TABLES, hooks);
  const models = shopModels(where.name);
  return {
    ...where,
    async open() {
      const database = await where.open();
      await script(
        database,
        "truncate customers, orders, line_items, tags, order_tags, seats, bookings, events restart identity",
      );
      where.log.length = 0;
      return { ...models, database, log: where.log };
    },
  };
}
