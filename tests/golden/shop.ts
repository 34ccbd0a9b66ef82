/** A small shop for the golden tests: few columns, so that the SQL stays readable. */
import {
  array,
  decimal,
  foreignKey,
  integer,
  inverseForeignKey,
  jsonb,
  manyToMany,
  model,
  text,
  vector,
  version,
} from "../../mod.ts";

/** The tables with their rows. */
export const TABLES = `
create extension vector;
create table customers (id int primary key, name text not null, country text);
insert into customers values (1, 'Ann', 'GB'), (2, 'Bob', null), (3, 'Cy', 'DE');
create table orders (id int primary key, customer_id int not null references customers,
  status text not null default 'draft', total numeric(12,2) not null);
insert into orders values
  (1, 1, 'paid', 25), (2, 1, 'draft', 5), (3, 2, 'paid', 12.5), (4, 3, 'void', 5);
create table items (id int primary key, order_id int not null references orders on delete cascade,
  product text not null, qty int not null);
insert into items values (1, 1, 'Beans', 2), (2, 1, 'Mug', 1), (3, 2, 'Beans', 1), (4, 3, 'Mug', 4);
create table tags (id int primary key, label text not null);
insert into tags values (1, 'urgent'), (2, 'gift');
create table order_tags (order_id int references orders on delete cascade, tag_id int references tags,
  primary key (order_id, tag_id));
insert into order_tags values (1, 1), (1, 2), (3, 2);
create table notes (id int primary key, meta jsonb, labels text[], place vector(2),
  version int not null default 1);
insert into notes values (1, '{"a": {"b": 1}, "c": "x"}', '{new,big}', '[1,0]', 1),
  (2, '{"a": 2}', '{}', '[0,1]', 1), (3, null, null, null, 1);
`;

/** Declares the models on one database. */
// deno-lint-ignore explicit-function-return-type explicit-module-boundary-types -- what it gives is a bag of classes
export function shopModels(database: string) {
  class Customer extends model("customers", {
    id: integer().primaryKey(),
    name: text(),
    country: text().nullable(),
    orders: inverseForeignKey<Order>(() => Order, { fromField: "customerId" }),
  }, { database }) {}

  class Order extends model("orders", {
    id: integer().primaryKey(),
    customerId: foreignKey<Customer>(() => Customer),
    status: text().default("draft"),
    total: decimal(12, 2),
    items: inverseForeignKey<Item>(() => Item, { fromField: "orderId" }),
    tags: manyToMany<Tag>(() => Tag, {
      through: "order_tags",
      source: "order_id",
      target: "tag_id",
    }),
  }, { database }) {}

  class Item extends model("items", {
    id: integer().primaryKey(),
    orderId: foreignKey<Order>(() => Order),
    product: text(),
    qty: integer(),
  }, { database }) {}

  class Tag extends model("tags", { id: integer().primaryKey(), label: text() }, { database }) {}

  class Note extends model("notes", {
    id: integer().primaryKey(),
    meta: jsonb<Record<string, unknown>>().nullable(),
    labels: array(text()).nullable(),
    place: vector(2).nullable(),
    version: version(),
  }, { database }) {}

  return { Customer, Order, Item, Tag, Note };
}

/** The models of the shop. */
export type Shop = ReturnType<typeof shopModels>;
