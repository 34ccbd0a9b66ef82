import { relations } from "drizzle-orm";
import {
  doublePrecision,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";

const key = () => integer("id").primaryKey().generatedByDefaultAsIdentity();
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" }).notNull();

export const customers = pgTable("customers", {
  id: key(),
  email: text("email").notNull(),
  name: text("name").notNull(),
  country: text("country").notNull(),
  credit: numeric("credit", { precision: 12, scale: 2 }).notNull(),
  createdAt: moment("created_at"),
});

export const orders = pgTable("orders", {
  id: key(),
  customerId: integer("customer_id").notNull(),
  status: text("status").notNull(),
  total: numeric("total", { precision: 12, scale: 2 }).notNull(),
  note: text("note"),
  meta: jsonb("meta"),
  createdAt: moment("created_at"),
});

export const lineItems = pgTable("line_items", {
  id: key(),
  orderId: integer("order_id").notNull(),
  product: text("product").notNull(),
  qty: integer("qty").notNull(),
  price: numeric("price", { precision: 12, scale: 2 }).notNull(),
});

export const tags = pgTable("tags", { id: key(), name: text("name").notNull() });

export const orderTags = pgTable("order_tags", {
  orderId: integer("order_id").notNull(),
  tagId: integer("tag_id").notNull(),
}, (table) => [primaryKey({ columns: [table.orderId, table.tagId] })]);

const documentColumns = () => ({
  id: key(),
  externalId: text("external_id").notNull(),
  title: text("title").notNull(),
  category: text("category").notNull(),
  score: doublePrecision("score").notNull(),
  meta: jsonb("meta").notNull(),
  createdAt: moment("created_at").defaultNow(),
});

export const documents = pgTable("documents", documentColumns());
export const entries = pgTable("entries", documentColumns());

export const orderRelations = relations(orders, ({ one, many }) => ({
  customer: one(customers, { fields: [orders.customerId], references: [customers.id] }),
  lineItems: many(lineItems),
  tags: many(orderTags),
}));
export const lineItemRelations = relations(lineItems, ({ one }) => ({
  order: one(orders, { fields: [lineItems.orderId], references: [orders.id] }),
}));
export const orderTagRelations = relations(orderTags, ({ one }) => ({
  order: one(orders, { fields: [orderTags.orderId], references: [orders.id] }),
  tag: one(tags, { fields: [orderTags.tagId], references: [tags.id] }),
}));
