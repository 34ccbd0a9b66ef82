/** The models that the type tests speak of; two classes that reference each other and themselves. */
import {
  bigint,
  decimal,
  foreignKey,
  integer,
  inverseForeignKey,
  jsonb,
  manyToMany,
  materializedViewModel,
  model,
  sql,
  text,
  timestamptz,
  uuid,
  version,
  viewModel,
} from "../../mod.ts";

export class Customer extends model("customers", {
  id: uuid().primaryKey().default(sql`gen_random_uuid()`),
  name: text(),
  country: text().nullable(),
  orders: inverseForeignKey<Order>(() => Order, { fromField: "customerId" }),
}) {}

export class Order extends model("orders", {
  id: uuid().primaryKey().default(sql`gen_random_uuid()`),
  customerId: foreignKey<Customer>(() => Customer),
  parentId: foreignKey<Order>(() => Order).nullable(),
  status: text().default("draft"),
  total: decimal(12, 2),
  meta: jsonb<{ source: string }>().nullable(),
  doubled: decimal().generatedAs(sql`total * 2`),
  version: version(),
  items: inverseForeignKey<Item>(() => Item, { fromField: "orderId" }),
  tags: manyToMany<Tag>(() => Tag, { through: "order_tags", source: "order_id", target: "tag_id" }),
}) {
  get isPaid(): boolean {
    return this.status === "paid";
  }
}

export class Item extends model("items", {
  id: bigint().primaryKey().identity("always"),
  orderId: foreignKey<Order>(() => Order),
  qty: integer(),
}) {}

export class Tag extends model("tags", { id: integer().primaryKey(), label: text() }) {}

export class Coupon extends model("coupons", {
  id: integer().primaryKey(),
  code: text(),
  deletedAt: timestamptz().nullable(),
}, { softDelete: true }) {}

export class PaidOrder extends Order {
  get label(): string {
    return `${this.id}: ${this.isPaid}`;
  }
}

export class Totals extends viewModel("totals", { id: uuid(), sum: decimal().nullable() }) {}

export class Days extends materializedViewModel("days", { day: text().primaryKey() }) {}
