/** The smallest program that does what most do: one model of everyday columns, and no driver. */
import {
  boolean,
  decimal,
  type Driver,
  integer,
  model,
  registerDatabase,
  text,
  timestamptz,
  transaction,
  uuid,
} from "../../mod.ts";

class Order extends model("orders", {
  id: uuid().primaryKey(),
  status: text().default("draft"),
  total: decimal(12, 2),
  quantity: integer(),
  isOpen: boolean(),
  createdAt: timestamptz(),
}) {}

/** Reads, gets, saves and inserts on a driver that is handed over. */
export async function main(driver: Driver): Promise<Order[]> {
  registerDatabase({ name: "main", driver });
  const order = await Order.get({ id: "7c9e6679-7425-40de-944b-e07fc1f90ae7" });
  order.status = "paid";
  await order.save();
  await transaction(async () => {
    await Order.create({
      id: crypto.randomUUID(),
      total: "12.50",
      quantity: 1,
      isOpen: true,
      createdAt: new Date(),
    });
  });
  return await Order.filter({ status: "paid", total: { gt: "10" } })
    .orderBy("-createdAt").limit(20).all();
}
