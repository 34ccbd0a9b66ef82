import { and, asc, count, desc, eq, gt, lte, sql, sum } from "drizzle-orm";
import { drizzle as connect } from "drizzle-orm/node-postgres";
import pg from "pg";
import { choose, COUNT, documents as rows, STATUSES, upserts } from "../data.ts";
import { type Candidate, POOL } from "../scenarios.ts";
import * as schema from "./drizzle_schema.ts";

const { customers, documents, entries, orders } = schema;

/** Drizzle on node-postgres, queries built at each call. */
export async function drizzle(url: string): Promise<Candidate> {
  const pool = new pg.Pool({ connectionString: url, max: POOL });
  const db = connect(pool, { schema });
  type Target = Pick<typeof db, "select" | "update" | "insert">;
  const order = async (id: number, on: Target = db) =>
    (await on.select().from(orders).where(eq(orders.id, id)))[0];
  const customer = async (id: number, on: Target = db) =>
    (await on.select().from(customers).where(eq(customers.id, id)))[0];
  const update = async (id: number, score: number, on: Target = db) =>
    (await on.update(documents).set({ score }).where(eq(documents.id, id))).rowCount;
  const insert = (count: number, turn: number, on: Target = db) =>
    on.insert(entries).values(rows(count, turn)).returning();
  const bought = await db.select().from(orders).where(lte(orders.id, 500)).orderBy(orders.id);
  return {
    operations: {
      keySerial: (turn) => order(choose(turn, COUNT.orders)),
      key50: (turn) =>
        Promise.all(
          Array.from({ length: 50 }, (_, index) => order(choose(turn * 50 + index, COUNT.orders))),
        ),
      list100: async (turn) =>
        await db.select().from(orders).where(eq(orders.status, STATUSES[turn % 4]!))
          .orderBy(desc(orders.createdAt)).limit(100),
      hydrate10k: async (turn) => {
        const start = turn % 9 * 10_000;
        return await db.select().from(orders)
          .where(and(gt(orders.id, start), lte(orders.id, start + 10_000))).orderBy(orders.id);
      },
      withCustomer: async (turn) =>
        await db.select().from(orders).innerJoin(customers, eq(customers.id, orders.customerId))
          .where(gt(orders.id, choose(turn, 99_000))).orderBy(orders.id).limit(100),
      withThree: async (turn) =>
        await db.query.orders.findMany({
          where: gt(orders.id, choose(turn, 99_000)),
          orderBy: asc(orders.id),
          limit: 100,
          with: { customer: true, lineItems: true, tags: { with: { tag: true } } },
        }),
      insertOne: async (turn) => (await insert(1, turn))[0],
      bulk1k: async (turn) => await insert(1_000, turn),
      bulk10k: async (turn) => await insert(10_000, turn),
      updateOne: (turn) => update(choose(turn, COUNT.documents), turn / 4),
      upsert1k: async (turn) =>
        await db.insert(documents).values(upserts(1_000, turn)).onConflictDoUpdate({
          target: documents.externalId,
          set: {
            title: sql`excluded.title`,
            category: sql`excluded.category`,
            score: sql`excluded.score`,
            meta: sql`excluded.meta`,
          },
        }).returning(),
      aggregate: async (turn) => {
        const start = turn % 99 * 100;
        return await db
          .select({ status: orders.status, orders: count(orders.id), total: sum(orders.total) })
          .from(orders)
          .where(and(gt(orders.customerId, start), lte(orders.customerId, start + 100)))
          .groupBy(orders.status).orderBy(orders.status);
      },
      transaction5: (turn) =>
        db.transaction(async (tx) => [
          await customer(choose(turn, COUNT.customers), tx),
          await order(choose(turn, COUNT.orders), tx),
          await update(choose(turn, COUNT.documents), turn / 4, tx),
          await update(choose(turn + 1, COUNT.documents), turn / 8, tx),
          (await insert(1, turn, tx))[0],
        ]),
      customers500: () => Promise.all(bought.map((one) => customer(one.customerId))),
      deepPage: async (turn) =>
        await db.select().from(orders).orderBy(orders.id).limit(50).offset(50_000 + turn % 7),
    },
    shape,
    close: () => pool.end(),
  };
}

interface Joined {
  readonly orders: object;
  readonly customers: object;
}

interface Loaded {
  readonly tags: readonly { readonly tag: object }[];
}

/** How drizzle nests what is joined. */
export const shape: NonNullable<Candidate["shape"]> = {
  withCustomer: (found: readonly Joined[]) =>
    found.map((one) => ({ ...one.orders, customer: one.customers })),
  withThree: (found: readonly Loaded[]) =>
    found.map((one) => ({ ...one, tags: one.tags.map(({ tag }) => tag) })),
};
