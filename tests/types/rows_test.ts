/** What rows, inserts, updates and relations are typed as. */
import { test } from "node:test";
import { bigint, F, foreignKey, integer, model, sql, text } from "../../mod.ts";
import type {
  ColumnName,
  ForeignKeyName,
  Insert,
  InsertOf,
  InverseName,
  KeyOf,
  ManyToManyName,
  RelatedOf,
  RelationName,
  Row,
  RowOf,
  ShapeOf,
  TargetOf,
  Update,
  UpdateOf,
  WritableName,
} from "../../mod.ts";
import { Customer, Days, Item, Order, PaidOrder, type Tag, Totals } from "./models.ts";

type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends (<T>() => T extends Other ? 1 : 2)
  ? true
  : false;

/** Compiles only for types that are the same. */
function same<One, Other>(_: Same<One, Other>): void {}

type OrderShape = ShapeOf<Order>;

function rows(order: Order, paid: PaidOrder, totals: Totals): void {
  same<RowOf<Order>["id"], string>(true);
  same<RowOf<Order>["parentId"], string | null>(true);
  same<RowOf<Order>["meta"], { source: string } | null>(true);
  same<Row<OrderShape>["version"], number>(true);
  same<KeyOf<Item>, bigint>(true);
  same<keyof RowOf<Order>, ColumnName<OrderShape>>(true);
  same<ForeignKeyName<OrderShape>, "customerId" | "parentId">(true);
  same<InverseName<OrderShape>, "items">(true);
  same<ManyToManyName<OrderShape>, "tags">(true);
  same<RelationName<OrderShape>, "customerId" | "parentId" | "items" | "tags">(true);
  same<TargetOf<OrderShape, "tags">, Tag>(true);
  same<RelatedOf<Order, "items">, Item[]>(true);
  same<RelatedOf<Order, "customerId">, Customer>(true);
  const text: string = order.total + paid.label + String(paid.isPaid);
  order.status = text;
  // @ts-expect-error a column that is not nullable
  order.status = null;
  // @ts-expect-error a column of another type
  order.version = "1";
  // @ts-expect-error a generated column
  order.doubled = "1";
  // @ts-expect-error no such column
  order.nope;
  // @ts-expect-error a nullable column may be null
  totals.sum.length;
  // @ts-expect-error a relation is no column
  same<"items" extends ColumnName<OrderShape> ? true : false, true>(true);
  // @ts-expect-error a generated column cannot be written
  same<"doubled" extends WritableName<OrderShape> ? true : false, true>(true);
  // @ts-expect-error no such relation
  type Nope = RelatedOf<Order, "nope">;
}

class Return extends model("returns", {
  itemId: foreignKey<Item>(() => Item).primaryKey(),
  otherId: foreignKey<Item>(() => Item).nullable(),
}) {}

async function foreignKeysTakeWhatKeysTake(row: Return): Promise<void> {
  const made: InsertOf<Return> = { itemId: 5, otherId: 5n };
  same<RowOf<Return>["otherId"], bigint | null>(true);
  await Return.filter({ itemId: 5, otherId: { in: [5, 6n] } }).all();
  await row.update({ otherId: 7 });
  // @ts-expect-error a value of another type
  await row.update({ otherId: "7" });
  // @ts-expect-error a value of another type
  await Return.filter({ itemId: "5" }).all();
  void made;
}

function inserts(): void {
  const least: InsertOf<Order> = { customerId: "x", total: 1 };
  const most: Insert<OrderShape> = {
    ...least,
    id: "x",
    parentId: null,
    status: "x",
    meta: { source: "x" },
    version: 1,
  };
  const item: InsertOf<Item> = { orderId: "x", qty: 1 };
  // @ts-expect-error a column without a default is missing
  const missing: InsertOf<Order> = { customerId: "x" };
  // @ts-expect-error an identity column that is always generated
  const identity: InsertOf<Item> = { id: 1n, orderId: "x", qty: 1 };
  // @ts-expect-error a generated column
  const generated: InsertOf<Order> = { customerId: "x", total: 1, doubled: "2" };
  // @ts-expect-error no such column
  const unknown: InsertOf<Order> = { customerId: "x", total: 1, nope: 1 };
  // @ts-expect-error a relation is no column
  const relation: InsertOf<Order> = { customerId: "x", total: 1, items: [] };
  // @ts-expect-error a value of another type
  const wrong: InsertOf<Order> = { customerId: 5, total: 1 };
  // @ts-expect-error null in a column that is not nullable
  const none: InsertOf<Order> = { customerId: "x", total: null };
  // @ts-expect-error JSON of another shape
  const json: InsertOf<Order> = { customerId: "x", total: 1, meta: { other: 1 } };
  void [least, most, item, missing, identity, generated, unknown, relation, wrong, none, json];
}

function updates(): void {
  const one: UpdateOf<Order> = { status: "x", parentId: null };
  const none: Update<OrderShape> = {};
  // @ts-expect-error a generated column
  const generated: UpdateOf<Order> = { doubled: "2" };
  // @ts-expect-error no such column
  const unknown: UpdateOf<Order> = { nope: 1 };
  // @ts-expect-error a value of another type
  const wrong: UpdateOf<Order> = { total: true };
  void [one, none, generated, unknown, wrong];
}

async function statics(order: Order): Promise<void> {
  const made: Order = await Order.create({ customerId: "x", total: "1" });
  const paid: PaidOrder = await PaidOrder.get({ id: made.id });
  const bound: Order | null = await Order.using("other").first();
  new Customer({ name: "x" });
  await order.update({ status: "x" });
  await order.update({ total: F("total").plus(1), status: sql`upper(status)` });
  // @ts-expect-error a generated column takes no expression
  await order.update({ doubled: F("total") });
  // @ts-expect-error a value of another type
  await order.update({ status: 5 });
  // @ts-expect-error no such column
  await Order.create({ customerId: "x", total: 1, nope: 1 });
  // @ts-expect-error no such column
  await order.update({ nope: 1 });
  // @ts-expect-error no such column
  new Customer({ nope: 1 });
  // @ts-expect-error rows of a base class lack what a subclass adds
  made.label;
  // @ts-expect-error a view is read only
  await Totals.create({});
  // @ts-expect-error a view is read only
  (await Totals.first())?.save();
  // @ts-expect-error a view keeps no rows to refresh
  await Totals.refresh();
  await Days.refresh({ concurrently: true });
  // @ts-expect-error a materialized view is read only
  await Days.create({ day: "x" });
  // @ts-expect-error a table keeps no copy to refresh
  await Order.refresh();
  void [paid.label, bound?.isPaid];
}

async function relations(order: Order): Promise<void> {
  const customer: Customer | null = await order.fetchFk("customerId");
  const items: Item[] = await order.fetchIfk("items");
  const tags: Tag[] = await order.fetchM2m("tags");
  const self: Order | null = await order.fetchRelated("parentId");
  const all = await order.fetchAllRelated();
  const name: string | undefined = all.foreignKeys.customerId?.name;
  const loaded: Customer | null | undefined = order.getRelated("customerId");
  await order.setM2m("tags", [1, tags[0]!]);
  // @ts-expect-error not loaded for sure
  order.getRelated("items").length;
  // @ts-expect-error a list is no foreign key
  await order.fetchFk("items");
  // @ts-expect-error a foreign key is no list
  await order.fetchIfk("customerId");
  // @ts-expect-error no such relation
  await order.fetchRelated("nope");
  // @ts-expect-error not many-to-many
  await order.addM2m("items", 1);
  // @ts-expect-error not a relation
  order.hasRelated("status");
  // @ts-expect-error a row of another model
  order.setRelated("tags", items);
  void [customer, self, name, loaded];
}

function declarations(): void {
  // @ts-expect-error neither a field nor a relation
  model("x", { id: 5 });
  // @ts-expect-error a class is no thunk
  foreignKey<Customer>(Customer);
  // @ts-expect-error a default of another type
  text().default(5);
  // @ts-expect-error null is no default value
  integer().default(null);
  // @ts-expect-error no such generation
  bigint().identity("sometimes");
}

test("types of rows hold", () => {
  void [rows, foreignKeysTakeWhatKeysTake, inserts, updates, statics, relations, declarations];
});
