/** What the helpers of tests are typed as. */
import { test } from "node:test";
import { factory, rollback } from "../../src/testing/mod.ts";
import type { InsertOf } from "../../mod.ts";
import { Item, Order, Totals } from "./models.ts";

async function factories(): Promise<void> {
  const orders = factory(Order, { status: "paid", total: () => "5" }, { seed: 1, fill: true });
  const order: Order = await orders.create({ total: ({ number }) => number });
  const [more] = await orders.createMany(2);
  const values: InsertOf<Order> = orders.build();
  const paid: boolean | undefined = more?.isPaid;
  const count: number = await rollback(async () => await Order.count(), { database: "main" });
  await rollback(async (tx) => void await Item.using(tx).count());
  // @ts-expect-error no such field
  factory(Order, { nope: 1 });
  // @ts-expect-error a value of another type
  factory(Order, { status: 5 });
  // @ts-expect-error a generated column
  factory(Order, { doubled: "1" });
  // @ts-expect-error the server numbers the rows
  await factory(Item).create({ id: 5n });
  // @ts-expect-error a function of another type
  await orders.create({ status: () => 5 });
  // @ts-expect-error a view is not written
  factory(Totals);
  // @ts-expect-error nothing is run twice
  await rollback(async () => {}, { retries: 3 });
  void [order, values, paid, count];
}

test("the helpers of tests are typed by the model", () => {
  void factories;
});
