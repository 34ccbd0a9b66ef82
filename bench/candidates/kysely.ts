import { type Generated, Kysely, PostgresDialect } from "kysely";
import { jsonArrayFrom, jsonObjectFrom } from "kysely/helpers/postgres";
import pg from "pg";
import { choose, COUNT, type DocumentInput, documents, STATUSES, upserts } from "../data.ts";
import { type Candidate, POOL } from "../scenarios.ts";
import { nestCustomer } from "./raw.ts";

interface DocumentTable {
  id: Generated<number>;
  external_id: string;
  title: string;
  category: string;
  score: number;
  meta: object;
  created_at: Generated<Date>;
}

interface Schema {
  customers: {
    id: Generated<number>;
    email: string;
    name: string;
    country: string;
    credit: string;
    created_at: Date;
  };
  orders: {
    id: Generated<number>;
    customer_id: number;
    status: string;
    total: string;
    note: string | null;
    meta: object | null;
    created_at: Date;
  };
  line_items: {
    id: Generated<number>;
    order_id: number;
    product: string;
    qty: number;
    price: string;
  };
  tags: { id: Generated<number>; name: string };
  order_tags: { order_id: number; tag_id: number };
  documents: DocumentTable;
  entries: DocumentTable;
}

const snake = ({ externalId, ...rest }: DocumentInput) => ({ external_id: externalId, ...rest });

/** Kysely on node-postgres. */
export async function kysely(url: string): Promise<Candidate> {
  const pool = new pg.Pool({ connectionString: url, max: POOL });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const order = (id: number, on: Kysely<Schema> = db) =>
    on.selectFrom("orders").selectAll().where("id", "=", id).executeTakeFirst();
  const customer = (id: number, on: Kysely<Schema> = db) =>
    on.selectFrom("customers").selectAll().where("id", "=", id).executeTakeFirst();
  const update = async (id: number, score: number, on: Kysely<Schema> = db) =>
    (await on.updateTable("documents").set({ score }).where("id", "=", id).executeTakeFirst())
      .numUpdatedRows;
  const insert = (count: number, turn: number, on: Kysely<Schema> = db) =>
    on.insertInto("entries").values(documents(count, turn).map(snake)).returningAll().execute();
  const bought = await db.selectFrom("orders").selectAll().where("id", "<=", 500).orderBy("id")
    .execute();
  return {
    operations: {
      keySerial: (turn) => order(choose(turn, COUNT.orders)),
      key50: (turn) =>
        Promise.all(
          Array.from({ length: 50 }, (_, index) => order(choose(turn * 50 + index, COUNT.orders))),
        ),
      list100: (turn) =>
        db.selectFrom("orders").selectAll().where("status", "=", STATUSES[turn % 4]!)
          .orderBy("created_at", "desc").limit(100).execute(),
      hydrate10k: (turn) => {
        const start = turn % 9 * 10_000;
        return db.selectFrom("orders").selectAll().where("id", ">", start)
          .where("id", "<=", start + 10_000).orderBy("id").execute();
      },
      withCustomer: async (turn) =>
        (await db.selectFrom("orders as o").innerJoin("customers as c", "c.id", "o.customer_id")
          .selectAll("o")
          .select([
            "c.id as c_id",
            "c.email as c_email",
            "c.name as c_name",
            "c.country as c_country",
            "c.credit as c_credit",
            "c.created_at as c_created_at",
          ])
          .where("o.id", ">", choose(turn, 99_000)).orderBy("o.id").limit(100).execute())
          .map(nestCustomer),
      withThree: (turn) =>
        db.selectFrom("orders").selectAll().select((eb) => [
          jsonObjectFrom(
            eb.selectFrom("customers").selectAll()
              .whereRef("customers.id", "=", "orders.customer_id"),
          ).as("customer"),
          jsonArrayFrom(
            eb.selectFrom("line_items").selectAll()
              .whereRef("line_items.order_id", "=", "orders.id"),
          ).as("line_items"),
          jsonArrayFrom(
            eb.selectFrom("tags").selectAll("tags")
              .innerJoin("order_tags", "order_tags.tag_id", "tags.id")
              .whereRef("order_tags.order_id", "=", "orders.id"),
          ).as("tags"),
        ]).where("id", ">", choose(turn, 99_000)).orderBy("id").limit(100).execute(),
      insertOne: async (turn) => (await insert(1, turn))[0],
      bulk1k: (turn) => insert(1_000, turn),
      bulk10k: (turn) => insert(10_000, turn),
      updateOne: (turn) => update(choose(turn, COUNT.documents), turn / 4),
      upsert1k: (turn) =>
        db.insertInto("documents").values(upserts(1_000, turn).map(snake)).onConflict((on) =>
          on.column("external_id").doUpdateSet((eb) => ({
            title: eb.ref("excluded.title"),
            category: eb.ref("excluded.category"),
            score: eb.ref("excluded.score"),
            meta: eb.ref("excluded.meta"),
          }))
        ).returningAll().execute(),
      aggregate: (turn) => {
        const start = turn % 99 * 100;
        return db.selectFrom("orders").select((eb) => [
          "status",
          eb.fn.count("id").as("orders"),
          eb.fn.sum("total").as("total"),
        ]).where("customer_id", ">", start).where("customer_id", "<=", start + 100)
          .groupBy("status").orderBy("status").execute();
      },
      transaction5: (turn) =>
        db.transaction().execute(async (tx) => [
          await customer(choose(turn, COUNT.customers), tx),
          await order(choose(turn, COUNT.orders), tx),
          await update(choose(turn, COUNT.documents), turn / 4, tx),
          await update(choose(turn + 1, COUNT.documents), turn / 8, tx),
          (await insert(1, turn, tx))[0],
        ]),
      customers500: () => Promise.all(bought.map((one) => customer(one.customer_id))),
      deepPage: (turn) =>
        db.selectFrom("orders").selectAll().orderBy("id").limit(50)
          .offset(50_000 + turn % 7).execute(),
    },
    close: () => db.destroy(),
  };
}
