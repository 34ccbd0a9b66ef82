/** What filters and queries are typed as. */
import { test } from "node:test";
import { count, CTE, F, max, Q, sql } from "../../mod.ts";
import type {
  PartialRow,
  Prefetch,
  Query,
  RelatedOrderTerm,
  ShapeOf,
  Where,
  WhereObject,
  WithRelated,
} from "../../mod.ts";
import { Coupon, Customer, Item, Order, PaidOrder, Totals } from "./models.ts";

type OrderShape = ShapeOf<Order>;

function filters(): void {
  Order.filter({ status: "x", total: { gte: "10", lt: 5n }, parentId: null });
  Order.filter({ status: { in: ["a"], startsWith: "x" }, meta: { contains: { source: "x" } } });
  Order.filter({ customerId: { is: { country: null, orders: { some: { total: 1 } } } } });
  Order.filter({ items: { every: { qty: { between: [1, 2] } } }, tags: { none: {} } });
  Order.filter(Q({ status: "x" }).or({ status: "y" }).not(), sql`total > ${1}`);
  Order.filter({ total: sql`doubled` });
  PaidOrder.exclude({ status: "x" });
  Item.filter({ id: 5n, orderId: "x" });
  const where: Where<OrderShape> = { version: { ne: 1 } };
  const object: WhereObject<OrderShape> = { customerId: "x" };
  // @ts-expect-error no such field
  Order.filter({ nope: 1 });
  // @ts-expect-error no such field
  void Order.get({ nope: 1 });
  // @ts-expect-error no such field
  void Order.count({ nope: 1 });
  // @ts-expect-error a value of another type
  Order.filter({ status: 5 });
  // @ts-expect-error a value of another type
  Order.filter({ version: { in: ["1"] } });
  // @ts-expect-error undefined is no filter
  Order.filter({ status: undefined });
  // @ts-expect-error undefined is no filter
  Order.filter(undefined);
  // @ts-expect-error a number has no such operator
  Order.filter({ version: { contains: 1 } });
  // @ts-expect-error no such operator
  Order.filter({ status: { startWith: "x" } });
  // @ts-expect-error a bare object on jsonb
  Order.filter({ meta: { source: "x" } });
  // @ts-expect-error a list has no "is"
  Order.filter({ items: { is: {} } });
  // @ts-expect-error a foreign key has no "some"
  Order.filter({ customerId: { some: {} } });
  // @ts-expect-error no such field of the target
  Order.filter({ customerId: { is: { nope: 1 } } });
  // @ts-expect-error no such field of the target
  Order.filter({ items: { some: { nope: 1 } } });
  void [where, object];
}

async function partial(): Promise<void> {
  const [row] = await Order.filter().only("id", "total").all();
  const typed: PartialRow<OrderShape, "id" | "total"> | undefined = row;
  const [rest] = await Order.filter().defer("meta").all();
  const status: string | undefined = rest?.status;
  const pairs: [string, string][] = await Order.filter().valuesList("id", "status").all();
  const totals: string[] = await Order.filter().valuesList("total", { flat: true }).all();
  // @ts-expect-error no such column
  Order.filter().valuesList("nope");
  // @ts-expect-error a flat list has one column
  Order.filter().valuesList("id", "status", { flat: true });
  // @ts-expect-error not read
  row?.status;
  // @ts-expect-error not read
  rest?.meta;
  // @ts-expect-error partial rows cannot be saved
  await row?.save();
  // @ts-expect-error partial rows are no instances
  row?.isPaid;
  // @ts-expect-error no such column
  Order.filter().only("nope");
  // @ts-expect-error a relation is no column
  Order.filter().only("items");
  // @ts-expect-error no such column
  Order.filter().orderBy("-nope");
  // @ts-expect-error no such place of nulls
  Order.filter().orderBy({ field: "id", nulls: "middle" });
  void [typed, status, pairs, totals, await Order.getById("x")];
}

async function loaded(): Promise<void> {
  const rows = await PaidOrder.filter().selectRelated("customerId").prefetchRelated({
    items: { orderId: true },
    tags: true,
  }).all();
  const [row] = rows;
  if (row === undefined) return;
  const name: string | undefined = row.getRelated("customerId")?.name;
  const qty: number[] = row.getRelated("items").map((item) => item.qty);
  const again: boolean | undefined = row.getRelated("items")[0]?.getRelated("orderId")?.isPaid;
  const labels: string[] = row.getRelated("tags").map((tag) => tag.label);
  const label: string = row.label;
  await row.save();
  const tree: Prefetch<OrderShape> = { customerId: { orders: true } };
  const query: Query<Order, OrderShape> = Order.filter();
  const withRelated: WithRelated<OrderShape, { tags: true }> = row;
  // @ts-expect-error not loaded with the query
  row.getRelated("parentId").id;
  // @ts-expect-error nor on the next level
  row.getRelated("items")[0]?.getRelated("nope");
  // @ts-expect-error a list cannot be joined
  Order.filter().selectRelated("items");
  // @ts-expect-error no such relation
  Order.filter().prefetchRelated({ nope: true });
  // @ts-expect-error no such relation of the target
  Order.filter().prefetchRelated({ items: { nope: true } });
  // @ts-expect-error a column is no relation
  Customer.filter().prefetchRelated({ name: true });
  void [name, qty, again, labels, label, tree, query, withRelated];
}

async function views(): Promise<void> {
  const [row] = await Totals.filter({ sum: { gt: "1" } }).all();
  const sum: string | null | undefined = row?.sum;
  // @ts-expect-error a view is read only
  await row?.save();
  // @ts-expect-error a view is read only
  await row?.delete();
  void sum;
}

function orders(): void {
  Order.filter().orderBy("-total", { customerId: "name" }, { parentId: { customerId: "-name" } });
  Item.filter().orderBy({ orderId: { field: "status", nulls: "last" } }, {
    orderId: F("x").desc(),
  });
  const term: RelatedOrderTerm<OrderShape> = { parentId: { parentId: "id" } };
  // @ts-expect-error no such column of the target
  Order.filter().orderBy({ customerId: "nope" });
  // @ts-expect-error a column is no foreign key
  Order.filter().orderBy({ status: "name" });
  // @ts-expect-error a list has no order of its own
  Order.filter().orderBy({ items: "qty" });
  // @ts-expect-error no such option
  Order.filter().orderBy({ field: "id", desc: true });
  void term;
}

async function writes(): Promise<void> {
  const n: number = await Order.filter({ status: "x" }).limit(1).update({ total: F("total") });
  const rows: Order[] = await Order.filter().update({ status: "x" }, { returning: true });
  const gone: number = await Order.filter().delete();
  const deleted: Coupon[] = await Coupon.withDeleted().delete({ hard: true, returning: true });
  const old: Query<Coupon, ShapeOf<Coupon>> = Coupon.onlyDeleted();
  const restored: boolean = await deleted[0]!.restore();
  await Coupon.deleteWhere({}, { hard: true });
  await Coupon.bulkDelete(deleted, { hard: true });
  // @ts-expect-error no such column
  await Order.filter().update({ nope: 1 });
  // @ts-expect-error the server makes its value
  await Order.filter().update({ doubled: "1" });
  // @ts-expect-error a named expression is no column to write
  await Order.filter().annotate({ n: F("version") }).update({ n: 1 });
  // @ts-expect-error no such option
  await Order.filter().delete({ force: true });
  void [n, rows, gone, old, restored];
}

async function names(): Promise<void> {
  Order.filter().annotate({ n: F("total"), twice: F("n").times(2) }).annotate({ more: F("twice") });
  await Order.filter().annotate({ n: count() }).aggregate({ most: max("n"), total: max("total") });
  const [row] = await Order.filter().annotate({ big: max("total"), id2: F("id") }).all();
  const id: string | undefined = row?.id2;
  const late: string = "total";
  Order.filter().annotate({ n: F(late) });
  // @ts-expect-error no such column
  Order.filter().annotate({ n: F("totl") });
  // @ts-expect-error no such column
  await Order.filter().aggregate({ n: max("totl") });
  // @ts-expect-error no such column of the groups or the model
  Order.filter().groupBy("status").annotate({ n: count(), most: max("nope") });
  void id;
}

async function named(): Promise<void> {
  const per = new CTE("per", Order.filter().groupBy("status").annotate({ n: count() }));
  const [row] = await Order.filter().from(per).filter({ n: { gt: 1 } }).orderBy("-n").all();
  const values: [string, number] | undefined = row === undefined ? row : [row.status, row.n];
  const whole: Customer[] = await Order.filter().from(new CTE("c", Customer.filter())).all();
  const orders: Order[] = await Order.filter().withCte(per).from("per").all();
  // @ts-expect-error neither the model nor the groups have it
  Order.filter().from(per).filter({ nope: "1" });
  // @ts-expect-error a query is no common table expression
  Order.filter().from(Order.filter());
  void [values, whole, orders];
}

test("types of queries hold", () => {
  void [names, named, filters, orders, partial, loaded, writes, views];
});
