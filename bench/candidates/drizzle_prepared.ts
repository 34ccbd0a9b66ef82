import { and, asc, count, desc, eq, gt, lte, sql, sum } from "drizzle-orm";
import { drizzle as connect } from "drizzle-orm/node-postgres";
import pg from "pg";
import { choose, COUNT, documents as rows, STATUSES } from "../data.ts";
import { type Candidate, POOL } from "../scenarios.ts";
import { drizzle, shape } from "./drizzle.ts";
import * as schema from "./drizzle_schema.ts";

const { customers, documents, entries, orders } = schema;
const { placeholder } = sql;

/**
 * Drizzle on node-postgres, queries prepared by name once. What drizzle cannot prepare (any number of
 * rows, and statements that are to run in a transaction) is as in the plain candidate.
 */
export async function drizzlePrepared(url: string): Promise<Candidate> {
  const plain = await drizzle(url);
  const pool = new pg.Pool({ connectionString: url, max: POOL });
  const db = connect(pool, { schema });
  const order = db.select().from(orders).where(eq(orders.id, placeholder("id"))).prepare("order");
  const customer = db.select().from(customers).where(eq(customers.id, placeholder("id")))
    .prepare("customer");
  const list = db.select().from(orders).where(eq(orders.status, placeholder("status")))
    .orderBy(desc(orders.createdAt)).limit(100).prepare("list");
  const many = db.select().from(orders)
    .where(and(gt(orders.id, placeholder("start")), lte(orders.id, placeholder("end"))))
    .orderBy(orders.id).prepare("many");
  const withCustomer = db.select().from(orders)
    .innerJoin(customers, eq(customers.id, orders.customerId))
    .where(gt(orders.id, placeholder("after"))).orderBy(orders.id).limit(100)
    .prepare("withCustomer");
  const withThree = db.query.orders.findMany({
    where: gt(orders.id, placeholder("after")),
    orderBy: asc(orders.id),
    limit: 100,
    with: { customer: true, lineItems: true, tags: { with: { tag: true } } },
  }).prepare("withThree");
  const insert = db.insert(entries).values({
    externalId: placeholder("externalId"),
    title: placeholder("title"),
    category: placeholder("category"),
    score: placeholder("score"),
    meta: placeholder("meta"),
  }).returning().prepare("insert");
  const update = db.update(documents).set({ score: sql`${placeholder("score")}` })
    .where(eq(documents.id, placeholder("id"))).prepare("update");
  const aggregate = db
    .select({ status: orders.status, orders: count(orders.id), total: sum(orders.total) })
    .from(orders)
    .where(
      and(gt(orders.customerId, placeholder("start")), lte(orders.customerId, placeholder("end"))),
    )
    .groupBy(orders.status).orderBy(orders.status).prepare("aggregate");
  const page = db.select().from(orders).orderBy(orders.id).limit(50).offset(placeholder("offset"))
    .prepare("page");
  const bought = await db.select().from(orders).where(lte(orders.id, 500)).orderBy(orders.id);
  const first = async (found: Promise<unknown[]>) => (await found)[0];
  return {
    operations: {
      ...plain.operations,
      keySerial: (turn) => first(order.execute({ id: choose(turn, COUNT.orders) })),
      key50: (turn) =>
        Promise.all(Array.from(
          { length: 50 },
          (_, index) => first(order.execute({ id: choose(turn * 50 + index, COUNT.orders) })),
        )),
      list100: (turn) => list.execute({ status: STATUSES[turn % 4]! }),
      hydrate10k: (turn) => {
        const start = turn % 9 * 10_000;
        return many.execute({ start, end: start + 10_000 });
      },
      withCustomer: (turn) => withCustomer.execute({ after: choose(turn, 99_000) }),
      withThree: (turn) => withThree.execute({ after: choose(turn, 99_000) }),
      insertOne: (turn) => first(insert.execute({ ...rows(1, turn)[0]! })),
      updateOne: async (turn) =>
        (await update.execute({ id: choose(turn, COUNT.documents), score: turn / 4 })).rowCount,
      aggregate: (turn) => {
        const start = turn % 99 * 100;
        return aggregate.execute({ start, end: start + 100 });
      },
      customers500: () =>
        Promise.all(bought.map((one) => first(customer.execute({ id: one.customerId })))),
      deepPage: (turn) => page.execute({ offset: 50_000 + turn % 7 }),
    },
    shape,
    close: async () => {
      await Promise.all([plain.close(), pool.end()]);
    },
  };
}
