// How the npm package's types look to TypeScript: what must and must not compile.
import { decimal, foreignKey, inverseForeignKey, model, text, uuid } from "@matrx/orm";
import { nodePg } from "@matrx/orm/drivers/node-pg";
import { SchemaManager } from "@matrx/orm/generator";

class Customer extends model("customers", {
  id: uuid().primaryKey(),
  name: text(),
  orders: inverseForeignKey<Order>(() => Order, { fromField: "customerId" }),
}) {}

class Order extends model("orders", {
  id: uuid().primaryKey(),
  customerId: foreignKey<Customer>(() => Customer),
  total: decimal(12, 2).nullable(),
}) {}

export async function check(): Promise<string> {
  const order = await Order.filter({ total: { gte: "10" } }).selectRelated(
    "customerId",
  ).get();
  const name: string | undefined = order.getRelated("customerId")?.name;
  const total: string | null = order.total;
  // @ts-expect-error a column that the model does not have
  await Order.filter({ missing: 1 }).all();
  // @ts-expect-error a value of the wrong type
  await Order.create({ id: 1 });
  return `${name} ${total} ${typeof nodePg} ${typeof SchemaManager}`;
}
