/** How the types of the package look to its users: what must and what must not compile. */
import { decimal, foreignKey, inverseForeignKey, model, text, uuid } from "@matrx/orm";
import { nodePg } from "@matrx/orm/drivers/node-pg";
import { openPglite } from "@matrx/orm/drivers/pglite";
import { recording } from "@matrx/orm/drivers/recording";
import { defineConfig, SchemaManager } from "@matrx/orm/generator";
import { migrate } from "@matrx/orm/migrations";
import { rollback } from "@matrx/orm/testing";
import { insertSchema } from "@matrx/orm/zod";

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

/** Uses every door of the package once. */
export async function check(): Promise<string> {
  const order = await Order.filter({ total: { gte: "10" } }).selectRelated("customerId").get();
  const name: string | undefined = order.getRelated("customerId")?.name;
  const total: string | null = order.total;
  // @ts-expect-error a column that the model does not have
  await Order.filter({ missing: 1 }).all();
  // @ts-expect-error a value of the wrong type
  await Order.create({ id: 1 });
  const input: { name: string } = insertSchema(Customer).parse({ name });
  const config = defineConfig({ out: "models" });
  // @ts-expect-error a key that the config does not have
  defineConfig({ outt: "models" });
  const { applied } = await migrate({ folder: "migrations" });
  const doors = [nodePg, openPglite, recording, rollback, SchemaManager].map((one) => typeof one);
  return `${input.name} ${total} ${config.out} ${applied.length} ${doors.join()}`;
}
