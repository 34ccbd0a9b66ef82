/**
 * A small API with Hono: customers and their orders, on the tables of `shop.sql`.
 *
 * Usage: `DATABASE_URL=postgres://... deno serve --allow-net --allow-env main.ts`
 */
import { Hono } from "npm:hono@4.13.19";
import {
  decimal,
  DoesNotExistError,
  foreignKey,
  integer,
  inverseForeignKey,
  model,
  registerDatabaseFromEnv,
  text,
  ValidationError,
} from "@matrx/orm";

class Customer extends model("customers", {
  id: integer().primaryKey().identity(),
  name: text(),
  orders: inverseForeignKey<Order>(() => Order, { fromField: "customerId" }),
}) {}

class Order extends model("orders", {
  id: integer().primaryKey().identity(),
  customerId: foreignKey<Customer>(() => Customer),
  total: decimal(12, 2),
}) {}

registerDatabaseFromEnv("main");
const app = new Hono();

app.get("/customers/:id", async (context) => {
  const customer = await Customer.get({ id: Number(context.req.param("id")) });
  const orders = await customer.fetchIfk("orders");
  return context.json({ name: customer.name, totals: orders.map(({ total }) => total) });
});

app.post("/customers/:id/orders", async (context) => {
  const customerId = Number(context.req.param("id"));
  const { total } = await context.req.json<{ total: string }>();
  const order = await Order.create({ customerId, total });
  return context.json({ id: order.id }, 201);
});

// every error of the library has a class, a stable code and a hint
app.onError((error, context) => {
  if (error instanceof DoesNotExistError) return context.json({ error: error.message }, 404);
  if (error instanceof ValidationError) return context.json({ error: error.message }, 400);
  throw error;
});

export default app;
