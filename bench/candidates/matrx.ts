import {
  closeAll,
  count,
  decimal,
  doublePrecision,
  foreignKey,
  integer,
  inverseForeignKey,
  jsonb,
  manyToMany,
  model,
  registerDatabase,
  sql,
  sum,
  text,
  timestamptz,
  transaction,
} from "../../mod.ts";
import { choose, COUNT, documents, STATUSES, upserts } from "../data.ts";
import { type Candidate, POOL } from "../scenarios.ts";

const documentFields = {
  id: integer().primaryKey().identity(),
  externalId: text(),
  title: text(),
  category: text(),
  score: doublePrecision(),
  meta: jsonb<{ readonly pages: number }>(),
  createdAt: timestamptz().default(sql`now()`),
};

class Customer extends model("customers", {
  id: integer().primaryKey().identity(),
  email: text(),
  name: text(),
  country: text(),
  credit: decimal(12, 2),
  createdAt: timestamptz(),
}) {}

class Tag extends model("tags", { id: integer().primaryKey().identity(), name: text() }) {}

class LineItem extends model("line_items", {
  id: integer().primaryKey().identity(),
  orderId: foreignKey<Order>(() => Order),
  product: text(),
  qty: integer(),
  price: decimal(12, 2),
}) {}

class Order extends model("orders", {
  id: integer().primaryKey().identity(),
  customerId: foreignKey<Customer>(() => Customer),
  status: text(),
  total: decimal(12, 2),
  note: text().nullable(),
  meta: jsonb<{ readonly source: string; readonly visit: number }>().nullable(),
  createdAt: timestamptz(),

  lineItems: inverseForeignKey<LineItem>(() => LineItem, { fromField: "orderId" }),
  tags: manyToMany<Tag>(() => Tag, { through: "order_tags", source: "order_id", target: "tag_id" }),
}) {}

class Document extends model("documents", documentFields) {}
class Entry extends model("entries", documentFields) {}

/** This ORM, from the working tree. */
export async function matrx(url: string): Promise<Candidate> {
  registerDatabase({ name: "main", url, poolMax: POOL });
  const bought = await Order.filter({ id: { lte: 500 } }).orderBy("id").all();
  return {
    operations: {
      keySerial: (turn) => Order.get({ id: choose(turn, COUNT.orders) }),
      key50: (turn) =>
        Promise.all(Array.from(
          { length: 50 },
          (_, index) => Order.get({ id: choose(turn * 50 + index, COUNT.orders) }),
        )),
      list100: (turn) =>
        Order.filter({ status: STATUSES[turn % 4]! }).orderBy("-createdAt").limit(100).all(),
      hydrate10k: (turn) => {
        const start = turn % 9 * 10_000;
        return Order.filter({ id: { gt: start, lte: start + 10_000 } }).orderBy("id").all();
      },
      withCustomer: (turn) =>
        Order.filter({ id: { gt: choose(turn, 99_000) } }).orderBy("id").limit(100)
          .selectRelated("customerId").all(),
      withThree: (turn) =>
        Order.filter({ id: { gt: choose(turn, 99_000) } }).orderBy("id").limit(100)
          .selectRelated("customerId").prefetchRelated({ lineItems: true, tags: true }).all(),
      insertOne: (turn) => Entry.create(documents(1, turn)[0]!),
      bulk1k: (turn) => Entry.bulkCreate(documents(1_000, turn)),
      bulk10k: (turn) => Entry.bulkCreate(documents(10_000, turn)),
      updateOne: (turn) =>
        Document.updateWhere({ id: choose(turn, COUNT.documents) }, { score: turn / 4 }),
      upsert1k: (turn) => Document.bulkUpsert(upserts(1_000, turn), { conflict: ["externalId"] }),
      aggregate: (turn) => {
        const start = turn % 99 * 100;
        return Order.filter({ customerId: { gt: start, lte: start + 100 } }).groupBy("status")
          .annotate({ orders: count("id"), total: sum("total") }).orderBy("status").all();
      },
      // in one transaction, what does not depend on each other goes out at once
      transaction5: (turn) =>
        transaction(() =>
          Promise.all([
            Customer.get({ id: choose(turn, COUNT.customers) }),
            Order.get({ id: choose(turn, COUNT.orders) }),
            Document.updateWhere({ id: choose(turn, COUNT.documents) }, { score: turn / 4 }),
            Document.updateWhere({ id: choose(turn + 1, COUNT.documents) }, { score: turn / 8 }),
            Entry.create(documents(1, turn)[0]!),
          ])
        ),
      customers500: () => Promise.all(bought.map((order) => order.fetchFk("customerId"))),
      deepPage: (turn) =>
        Order.filter({ id: { gt: 50_000 + turn % 7 } }).orderBy("id").limit(50).all(),
    },
    shape: {
      withCustomer: (rows: readonly Order[]) => rows.map(nest),
      withThree: (rows: readonly Order[]) => rows.map(nest),
    },
    close: closeAll,
  };
}

function nest(row: Order): unknown {
  return {
    ...row.toDict(),
    customer: row.getRelated("customerId"),
    lineItems: row.getRelated("lineItems"),
    tags: row.getRelated("tags"),
  };
}
