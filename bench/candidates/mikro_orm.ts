import { defineEntity, type EntityManager, MikroORM, p, raw } from "@mikro-orm/postgresql";
import { choose, COUNT, documents, STATUSES, upserts } from "../data.ts";
import { type Candidate, POOL } from "../scenarios.ts";

const Customer = defineEntity({
  name: "Customer",
  tableName: "customers",
  properties: {
    id: p.integer().primary(),
    email: p.text(),
    name: p.text(),
    country: p.text(),
    credit: p.decimal(),
    createdAt: p.datetime(),
  },
});
const Tag = defineEntity({
  name: "Tag",
  tableName: "tags",
  properties: { id: p.integer().primary(), name: p.text() },
});
const LineItem = defineEntity({
  name: "LineItem",
  tableName: "line_items",
  properties: {
    id: p.integer().primary(),
    order: () => p.manyToOne(Order),
    product: p.text(),
    qty: p.integer(),
    price: p.decimal(),
  },
});
const Order = defineEntity({
  name: "Order",
  tableName: "orders",
  properties: {
    id: p.integer().primary(),
    customer: () => p.manyToOne(Customer),
    status: p.text(),
    total: p.decimal(),
    note: p.text().nullable(),
    meta: p.json().nullable(),
    createdAt: p.datetime(),
    lineItems: () => p.oneToMany(LineItem).mappedBy("order"),
    tags: () =>
      p.manyToMany(Tag).pivotTable("order_tags").joinColumn("order_id")
        .inverseJoinColumn("tag_id"),
  },
});
const documentProperties = () => ({
  id: p.integer().primary(),
  externalId: p.text(),
  title: p.text(),
  category: p.text(),
  score: p.double(),
  meta: p.json<object>(),
  createdAt: p.datetime().defaultRaw("now()"),
});
const Document = defineEntity({
  name: "Document",
  tableName: "documents",
  properties: { ...documentProperties(), externalId: p.text().unique() },
});
const Entry = defineEntity({
  name: "Entry",
  tableName: "entries",
  properties: documentProperties(),
});

/** MikroORM on node-postgres; a fresh entity manager for each operation, as for a request. */
export async function mikroOrm(url: string): Promise<Candidate> {
  const orm = await MikroORM.init({
    clientUrl: url,
    pool: { min: 0, max: POOL },
    entities: [Customer, Tag, LineItem, Order, Document, Entry],
  });
  const fork = (): EntityManager => orm.em.fork();
  const update = (em: EntityManager, id: number, score: number) =>
    em.nativeUpdate(Document, { id }, { score });
  const insert = async (em: EntityManager, count: number, turn: number) => {
    const made = documents(count, turn).map((row) => em.create(Entry, row as never));
    await em.persist(made).flush();
    return made;
  };
  const bought = await fork().find(Order, { id: { $lte: 500 } }, { orderBy: { id: "asc" } });
  const customerIds = bought.map((one) => one.customer.id);
  return {
    operations: {
      keySerial: (turn) => fork().findOne(Order, choose(turn, COUNT.orders)),
      key50: (turn) =>
        Promise.all(Array.from(
          { length: 50 },
          (_, index) => fork().findOne(Order, choose(turn * 50 + index, COUNT.orders)),
        )),
      list100: (turn) =>
        fork().find(Order, { status: STATUSES[turn % 4]! }, {
          orderBy: { createdAt: "desc" },
          limit: 100,
        }),
      hydrate10k: (turn) => {
        const start = turn % 9 * 10_000;
        return fork().find(Order, { id: { $gt: start, $lte: start + 10_000 } }, {
          orderBy: { id: "asc" },
        });
      },
      withCustomer: (turn) =>
        fork().find(Order, { id: { $gt: choose(turn, 99_000) } }, {
          orderBy: { id: "asc" },
          limit: 100,
          populate: ["customer"],
        }),
      withThree: (turn) =>
        fork().find(Order, { id: { $gt: choose(turn, 99_000) } }, {
          orderBy: { id: "asc" },
          limit: 100,
          populate: ["customer", "lineItems", "tags"],
        }),
      insertOne: async (turn) => (await insert(fork(), 1, turn))[0],
      bulk1k: (turn) => insert(fork(), 1_000, turn),
      bulk10k: (turn) => insert(fork(), 10_000, turn),
      updateOne: (turn) => update(fork(), choose(turn, COUNT.documents), turn / 4),
      upsert1k: (turn) =>
        fork().upsertMany(Document, upserts(1_000, turn) as never[], {
          onConflictFields: ["externalId"],
        }),
      aggregate: (turn) => {
        const start = turn % 99 * 100;
        return fork().createQueryBuilder(Order, "o")
          .select(["o.status", raw("count(o.id) as orders"), raw("sum(o.total) as total")] as never)
          .where({ customer: { $gt: start, $lte: start + 100 } })
          .groupBy("o.status").orderBy({ status: "asc" }).execute("all");
      },
      transaction5: (turn) =>
        fork().transactional(async (em) => {
          const buyer = await em.findOne(Customer, choose(turn, COUNT.customers));
          const order = await em.findOne(Order, choose(turn, COUNT.orders));
          const first = await update(em, choose(turn, COUNT.documents), turn / 4);
          const second = await update(em, choose(turn + 1, COUNT.documents), turn / 8);
          const [made] = await insert(em, 1, turn);
          return [buyer, order, first, second, made];
        }),
      customers500: () => Promise.all(customerIds.map((id) => fork().findOne(Customer, id))),
      deepPage: (turn) =>
        fork().find(Order, {}, { orderBy: { id: "asc" }, limit: 50, offset: 50_000 + turn % 7 }),
    },
    shape: {
      keySerial: flat,
      key50: (rows: readonly Loaded[]) => rows.map(flat),
      list100: (rows: readonly Loaded[]) => rows.map(flat),
      hydrate10k: (rows: readonly Loaded[]) => rows.map(flat),
      withCustomer: (rows: readonly Loaded[]) => rows.map(nest),
      withThree: (rows: readonly Loaded[]) => rows.map(nest),
      transaction5: ([buyer, order, ...rest]: readonly [object, Loaded]) => [
        buyer,
        flat(order),
        ...rest,
      ],
      deepPage: (rows: readonly Loaded[]) => rows.map(flat),
    },
    close: () => orm.close(),
  };
}

interface Loaded {
  readonly customer: { readonly id: number };
  readonly lineItems: { getItems(check?: boolean): readonly { readonly order: { id: number } }[] };
  readonly tags: { getItems(check?: boolean): readonly object[] };
}

/** It keeps a key as a reference to the row. */
function flat(row: Loaded): object {
  return { ...row, customerId: row.customer.id };
}

function nest(row: Loaded): object {
  return {
    ...flat(row),
    lineItems: row.lineItems.getItems(false)
      .map((item) => ({ ...item, orderId: item.order.id })),
    tags: row.tags.getItems(false),
  };
}
