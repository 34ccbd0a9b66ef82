import "reflect-metadata";
import {
  Between,
  DataSource,
  type EntityManager,
  EntitySchema,
  type EntitySchemaColumnOptions,
  LessThanOrEqual,
  MoreThan,
} from "typeorm";
import { choose, COUNT, documents, STATUSES, upserts } from "../data.ts";
import { type Candidate, POOL } from "../scenarios.ts";

interface Customer {
  id: number;
}
interface Order {
  id: number;
  customerId: number;
  status: string;
  createdAt: Date;
  customer?: Customer;
  lineItems?: object[];
  tags?: object[];
}
interface Row {
  id: number;
  externalId: string;
  title: string;
  category: string;
  score: number;
  meta: object;
  createdAt: Date;
}

const id = { type: "int", primary: true, generated: "increment" } as const;
const money = { type: "numeric", precision: 12, scale: 2 } as const;
const moment = (name: string): EntitySchemaColumnOptions => ({ type: "timestamptz", name });

const customers = new EntitySchema<Customer>({
  name: "Customer",
  tableName: "customers",
  columns: {
    id,
    email: { type: "text" },
    name: { type: "text" },
    country: { type: "text" },
    credit: money,
    createdAt: moment("created_at"),
  } as never,
});
const orders = new EntitySchema<Order>({
  name: "Order",
  tableName: "orders",
  columns: {
    id,
    customerId: { type: "int", name: "customer_id" },
    status: { type: "text" },
    total: money,
    note: { type: "text", nullable: true },
    meta: { type: "jsonb", nullable: true },
    createdAt: moment("created_at"),
  } as never,
  relations: {
    customer: { type: "many-to-one", target: "Customer", joinColumn: { name: "customer_id" } },
    lineItems: { type: "one-to-many", target: "LineItem", inverseSide: "order" },
    tags: {
      type: "many-to-many",
      target: "Tag",
      joinTable: {
        name: "order_tags",
        joinColumn: { name: "order_id" },
        inverseJoinColumn: { name: "tag_id" },
      },
    },
  },
});
const lineItems = new EntitySchema<{ order: Order }>({
  name: "LineItem",
  tableName: "line_items",
  columns: {
    id,
    orderId: { type: "int", name: "order_id" },
    product: { type: "text" },
    qty: { type: "int" },
    price: money,
  } as never,
  relations: {
    order: {
      type: "many-to-one",
      target: "Order",
      joinColumn: { name: "order_id" },
      inverseSide: "lineItems",
    },
  },
});
const tags = new EntitySchema({
  name: "Tag",
  tableName: "tags",
  columns: { id, name: { type: "text" } },
});
const documentSchema = (name: string, tableName: string) =>
  new EntitySchema<Row>({
    name,
    tableName,
    columns: {
      id,
      externalId: { type: "text", name: "external_id" },
      title: { type: "text" },
      category: { type: "text" },
      score: { type: "float8" },
      meta: { type: "jsonb" },
      createdAt: { ...moment("created_at"), default: () => "now()" },
    },
  });
const documentTable = documentSchema("Document", "documents");
const entryTable = documentSchema("Entry", "entries");

const RETURNED = ["id", "externalId", "title", "category", "score", "meta", "createdAt"];

/** TypeORM on node-postgres. */
export async function typeorm(url: string): Promise<Candidate> {
  const source = await new DataSource({
    type: "postgres",
    url,
    poolSize: POOL,
    entities: [customers, orders, lineItems, tags, documentTable, entryTable],
  }).initialize();
  const on = (manager: EntityManager) => ({
    order: (id: number) => manager.findOneBy(orders, { id }),
    customer: (id: number) => manager.findOneBy(customers, { id }),
    update: async (id: number, score: number) =>
      (await manager.update(documentTable, { id }, { score })).affected,
    insertOne: async (turn: number) => {
      const [row] = documents(1, turn);
      const made = await manager.createQueryBuilder().insert().into(entryTable).values(row!)
        .returning(RETURNED).execute();
      return made.raw[0];
    },
  });
  const all = on(source.manager);
  // the rows as the driver gives them: save(), which makes entities, is many times slower still
  const insert = async (count: number, turn: number) =>
    (await source.createQueryBuilder().insert().into(entryTable).values(documents(count, turn))
      .returning(RETURNED).updateEntity(false).execute()).raw;
  const bought = await source.manager.find(orders, {
    where: { id: LessThanOrEqual(500) },
    order: { id: "asc" },
  });
  return {
    operations: {
      keySerial: (turn) => all.order(choose(turn, COUNT.orders)),
      key50: (turn) =>
        Promise.all(Array.from(
          { length: 50 },
          (_, index) => all.order(choose(turn * 50 + index, COUNT.orders)),
        )),
      list100: (turn) =>
        source.manager.find(orders, {
          where: { status: STATUSES[turn % 4]! },
          order: { createdAt: "desc" },
          take: 100,
        }),
      hydrate10k: (turn) => {
        const start = turn % 9 * 10_000;
        return source.manager.find(orders, {
          where: { id: Between(start + 1, start + 10_000) },
          order: { id: "asc" },
        });
      },
      withCustomer: (turn) =>
        source.manager.find(orders, {
          where: { id: MoreThan(choose(turn, 99_000)) },
          order: { id: "asc" },
          take: 100,
          relations: { customer: true },
        }),
      withThree: (turn) =>
        source.manager.find(orders, {
          where: { id: MoreThan(choose(turn, 99_000)) },
          order: { id: "asc" },
          take: 100,
          relations: { customer: true, lineItems: true, tags: true },
        }),
      insertOne: all.insertOne,
      bulk1k: (turn) => insert(1_000, turn),
      bulk10k: (turn) => insert(10_000, turn),
      updateOne: (turn) => all.update(choose(turn, COUNT.documents), turn / 4),
      upsert1k: async (turn) =>
        (await source.createQueryBuilder().insert().into(documentTable).values(upserts(1_000, turn))
          .orUpdate(["title", "category", "score", "meta"], ["external_id"])
          .returning(RETURNED).updateEntity(false).execute()).raw,
      aggregate: (turn) => {
        const start = turn % 99 * 100;
        return source.createQueryBuilder(orders, "o").select("o.status", "status")
          .addSelect("count(o.id)", "orders").addSelect("sum(o.total)", "total")
          .where("o.customerId > :start and o.customerId <= :end", { start, end: start + 100 })
          .groupBy("o.status").orderBy("o.status").getRawMany();
      },
      transaction5: (turn) =>
        source.transaction(async (manager) => {
          const tx = on(manager);
          return [
            await tx.customer(choose(turn, COUNT.customers)),
            await tx.order(choose(turn, COUNT.orders)),
            await tx.update(choose(turn, COUNT.documents), turn / 4),
            await tx.update(choose(turn + 1, COUNT.documents), turn / 8),
            await tx.insertOne(turn),
          ];
        }),
      customers500: () => Promise.all(bought.map((one) => all.customer(one.customerId))),
      deepPage: (turn) =>
        source.manager.find(orders, { order: { id: "asc" }, take: 50, skip: 50_000 + turn % 7 }),
    },
    close: () => source.destroy(),
  };
}
