import assert from "node:assert/strict";
import { test } from "node:test";
import {
  array,
  boolean,
  check,
  composite,
  compositeForeignKey,
  constraint,
  decimal,
  domain,
  enumeration,
  foreignKey,
  index,
  integer,
  jsonb,
  manyToMany,
  model,
  sql,
  text,
  timestamptz,
  unique,
  uuid,
  varchar,
  viewModel,
} from "../../mod.ts";
import { toCatalog } from "../../migrations/declare/to_catalog.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { ConstraintObject } from "../../src/catalog/constraints.ts";
import type {
  ColumnObject,
  CompositeObject,
  EnumObject,
  IndexObject,
  TableObject,
} from "../../src/catalog/types.ts";

const at = <Found>(catalog: Catalog, id: string): Found => {
  const found = catalog.objects.get(id);
  assert.ok(found, `there is no ${id}: ${[...catalog.objects.keys()].join("\n")}`);
  return found as Found;
};
const column = (catalog: Catalog, table: string, name: string) =>
  at<ColumnObject>(catalog, `column "public"."${table}"."${name}"`);
const held = (catalog: Catalog, table: string, name: string) =>
  at<ConstraintObject>(catalog, `constraint "public"."${table}"."${name}"`);

class Customer extends model("customers", {
  id: uuid().primaryKey().default(sql`gen_random_uuid()`),
  email: varchar(80).unique(),
}) {}

class Order extends model("orders", {
  id: integer().identity("always", { start: 10 }).primaryKey(),
  customerId: foreignKey<Customer>(() => Customer, { onDelete: "cascade" }),
  status: text().default("it's new"),
  paid: boolean().default(false),
  total: decimal(12, 2).default(0),
  tags: array(text()).nullable(),
  extra: jsonb().default({ a: 1 }),
  createdAt: timestamptz(3).default(sql`now()`).comment("when"),
  token: text().default(() => "made here"),
}, {
  comment: "Orders of customers",
  constraints: [
    check(sql`total >= 0`),
    check(sql`total < ${1000} and status <> ${"it's"}`),
    unique(["customerId", "status"], { nullsNotDistinct: true }),
    constraint("no_overlap", sql`EXCLUDE USING gist (created_at WITH =)`),
  ],
  indexes: [
    index("-createdAt").where(sql`status <> 'done'`).with({ fillfactor: 70 }),
    index(sql`lower(status)`, "total").include("paid"),
  ],
  storage: { fillfactor: 80 },
  rowSecurity: "force",
}) {}

test("toCatalog() takes PostgreSQL's own names and defaults where a model is silent", () => {
  const catalog = toCatalog([Order, Customer, Order]);
  const table = at<TableObject>(catalog, 'table "public"."orders"');
  assert.equal(table.comment, "Orders of customers");
  assert.deepEqual(table.storage, { fillfactor: "80" });
  assert.deepEqual(table.rowSecurity, { enabled: true, forced: true });
  assert.equal(table.accessMethod, "heap");
  assert.deepEqual(
    [...catalog.objects.values()].filter((one) => one.kind === "constraint").map((one) => one.name)
      .sort(),
    [
      ...["customers_email_key", "customers_pkey", "no_overlap", "orders_check"],
      ...["orders_customer_id_fkey", "orders_customer_id_status_key", "orders_pkey"],
      "orders_total_check",
    ],
  );
  assert.deepEqual(
    [...catalog.objects.values()].filter((one) => one.kind === "index").map((one) => one.name),
    ["orders_created_at_idx", "orders_lower_total_idx"],
  );
});

test("toCatalog() says of columns what the database has to do", () => {
  const catalog = toCatalog([Customer, Order]);
  const id = column(catalog, "orders", "id");
  assert.equal(id.identity?.generation, "always");
  assert.deepEqual(id.identity?.sequence, { schema: "public", name: "orders_id_seq" });
  assert.deepEqual([id.identity?.options.start, id.identity?.options.max], ["10", "2147483647"]);
  assert.deepEqual(column(catalog, "orders", "customer_id").type.name, "uuid");
  assert.equal(column(catalog, "orders", "status").default, "'it''s new'");
  assert.equal(column(catalog, "orders", "paid").default, "false");
  assert.equal(column(catalog, "orders", "total").default, "0");
  assert.equal(column(catalog, "orders", "extra").default, `'{"a":1}'`);
  assert.equal(column(catalog, "orders", "token").default, null);
  const made = column(catalog, "orders", "created_at");
  assert.deepEqual([made.default, made.comment], ["now()", "when"]);
  assert.equal(made.formatted, "timestamp(3) with time zone");
  assert.equal(column(catalog, "orders", "total").formatted, "numeric(12,2)");
  assert.equal(column(catalog, "orders", "tags").formatted, "text[]");
  assert.equal(column(catalog, "orders", "tags").notNull, false);
  assert.equal(made.position, 8);
});

test("toCatalog() writes constraints as the server prints them", () => {
  const catalog = toCatalog([Customer, Order]);
  const key = held(catalog, "orders", "orders_customer_id_fkey");
  assert.ok(key.type === "foreign");
  assert.deepEqual(key.references, { schema: "public", table: "customers", columns: ["id"] });
  assert.equal(
    key.definition,
    'FOREIGN KEY ("customer_id") REFERENCES "public"."customers"("id") ON DELETE CASCADE',
  );
  const both = held(catalog, "orders", "orders_check");
  assert.ok(both.type === "check");
  assert.equal(both.expression, "total < 1000 and status <> 'it''s'");
  assert.deepEqual(both.columns, ["status", "total"]);
  const nulls = held(catalog, "orders", "orders_customer_id_status_key");
  assert.equal(nulls.definition, 'UNIQUE NULLS NOT DISTINCT ("customer_id", "status")');
  assert.equal(held(catalog, "orders", "no_overlap").type, "exclusion");
  const made = at<IndexObject>(catalog, 'index "public"."orders"."orders_created_at_idx"');
  assert.deepEqual([made.keys[0]?.descending, made.keys[0]?.nulls], [true, "first"]);
});

test("toCatalog() reads constraints that are given as text as far as a catalog needs it", () => {
  class Odd extends model("odd", { id: integer().primaryKey(), a: integer(), b: integer() }, {
    constraints: [
      constraint(
        "far",
        sql`FOREIGN KEY (a, "b") REFERENCES other."T t"(x, y) MATCH FULL ON UPDATE CASCADE
          ON DELETE SET NULL (b) DEFERRABLE INITIALLY DEFERRED NOT VALID`,
      ),
      constraint("period", sql`FOREIGN KEY (a, PERIOD b) REFERENCES odd(id, PERIOD x)`),
      constraint("some", sql`CHECK ((a > 0)) NO INHERIT NOT ENFORCED`),
      constraint("filled", sql`NOT NULL a NO INHERIT`),
      constraint("alone", sql`UNIQUE (a, b WITHOUT OVERLAPS) INCLUDE (id)`),
    ],
  }) {}
  const catalog = toCatalog([Odd]);
  const far = held(catalog, "odd", "far");
  assert.ok(far.type === "foreign");
  assert.deepEqual(
    [far.columns, far.references, far.match, far.onUpdate, far.onDelete, far.onDeleteColumns],
    [
      ["a", "b"],
      { schema: "other", table: "T t", columns: ["x", "y"] },
      ...["full", "cascade", "set null", ["b"]],
    ],
  );
  assert.deepEqual([far.deferrable, far.validated], ["initially deferred", false]);
  const period = held(catalog, "odd", "period");
  assert.ok(period.type === "foreign");
  assert.deepEqual([period.period, period.columns, period.references.columns], [
    ...[true, ["a", "b"], ["id", "x"]],
  ]);
  const some = held(catalog, "odd", "some");
  assert.ok(some.type === "check");
  assert.deepEqual([some.expression, some.noInherit, some.enforced], ["(a > 0)", true, false]);
  const filled = held(catalog, "odd", "filled");
  assert.ok(filled.type === "not null");
  assert.deepEqual([filled.columns, filled.noInherit], [["a"], true]);
  const alone = held(catalog, "odd", "alone");
  assert.ok(alone.type === "unique");
  assert.deepEqual([alone.columns, alone.include, alone.withoutOverlaps], [
    ...[["a", "b"], ["id"], true],
  ]);
});

test("toCatalog() makes the junction of a many-to-many relation once, from both sides", () => {
  class Post extends model("posts", {
    id: integer().primaryKey(),
    tags: manyToMany<Tag>(() => Tag, {
      through: "post_tags",
      source: "post_id",
      target: "tag_name",
    }),
  }) {}
  class Tag extends model("tags", {
    name: varchar(20).primaryKey(),
    posts: manyToMany<Post>(() => Post, {
      through: "post_tags",
      source: "tag_name",
      target: "post_id",
    }),
  }) {}
  const catalog = toCatalog([Post, Tag]);
  assert.deepEqual(
    [...catalog.objects.keys()].filter((id) => id.includes("post_tags")),
    [
      'column "public"."post_tags"."post_id"',
      'column "public"."post_tags"."tag_name"',
      'constraint "public"."post_tags"."post_tags_pkey"',
      'constraint "public"."post_tags"."post_tags_post_id_fkey"',
      'constraint "public"."post_tags"."post_tags_tag_name_fkey"',
      'table "public"."post_tags"',
    ],
  );
  assert.equal(column(catalog, "post_tags", "tag_name").formatted, "character varying(20)");
  const key = held(catalog, "post_tags", "post_tags_post_id_fkey");
  assert.ok(key.type === "foreign" && key.onDelete === "cascade");
});

test("toCatalog() declares partitions with the columns of their parent", () => {
  class Event extends model("events", {
    id: integer(),
    day: timestamptz(),
  }, {
    partitionBy: sql`RANGE (day)`,
    partitions: [{
      table: "events_rest",
      bound: sql`DEFAULT`,
      partitionBy: sql`HASH (id)`,
      partitions: [{
        table: "events_0",
        bound: sql`FOR VALUES WITH (modulus 1, remainder 0)`,
      }],
    }],
  }) {}
  const catalog = toCatalog([Event]);
  const inner = at<TableObject>(catalog, 'table "public"."events_0"');
  assert.deepEqual(inner.partitionOf, {
    schema: "public",
    table: "events_rest",
    bound: "FOR VALUES WITH (modulus 1, remainder 0)",
  });
  assert.equal(column(catalog, "events_0", "day").local, false);
});

test("toCatalog() leaves views to SQL and takes composite keys", () => {
  class Line extends model("lines", { orderId: integer(), no: integer() }, {
    primaryKey: ["orderId", "no"],
  }) {}
  class Note extends model("notes", {
    id: integer().primaryKey(),
    orderId: integer(),
    no: integer(),
    line: compositeForeignKey<Line>(() => Line, { fields: ["orderId", "no"] }),
  }) {}
  class Seen extends viewModel("seen", { id: integer() }) {}
  const catalog = toCatalog([Line, Note, Seen]);
  assert.ok(![...catalog.objects.keys()].some((id) => id.includes("seen")));
  const key = held(catalog, "notes", "notes_order_id_no_fkey");
  assert.ok(key.type === "foreign");
  assert.deepEqual(key.references.columns, ["order_id", "no"]);
});

test("toCatalog() leaves NOT NULL to a domain that says so", () => {
  class Priced extends model("priced", {
    id: integer().primaryKey(),
    amount: domain("amount", decimal()).storage({ notNull: false }),
  }) {}
  assert.equal(column(toCatalog([Priced]), "priced", "amount").notNull, false);
});

test("toCatalog() declares the enums and composite types of columns", () => {
  const mood = () => enumeration("mood", ["sad", "ok"], { schema: "crm" });
  class Person extends model("people", {
    id: integer().primaryKey(),
    mood: mood(),
    moods: array(domain("moody", mood())),
    home: composite("address", { street: text(), zipCode: varchar(9), mood: mood() }),
  }) {}
  const catalog = toCatalog([Person]);
  assert.deepEqual(at<EnumObject>(catalog, 'enum "crm"."mood"').labels, ["sad", "ok"]);
  const home = at<CompositeObject>(catalog, 'composite "public"."address"');
  assert.deepEqual(home.attributes.map(({ name, formatted }) => [name, formatted]), [
    ["street", "text"],
    ["zip_code", "character varying(9)"],
    ["mood", '"crm"."mood"'],
  ]);
  assert.ok(catalog.objects.has('schema "crm"'));
  class Other extends model("other", {
    id: integer().primaryKey(),
    mood: enumeration("mood", ["ok", "sad"], { schema: "crm" }),
  }) {}
  assert.throws(() => toCatalog([Person, Other]), { code: "two_types_of_a_name" });
});

test("toCatalog() refuses what cannot be in one database", () => {
  class Again extends model("orders", { id: integer().primaryKey() }) {}
  assert.throws(() => toCatalog([Order, Again]), { code: "two_models_of_a_table" });
  class Twice extends model("twice", { id: integer().primaryKey(), a: integer() }, {
    indexes: [index("a").named("same"), index("id").named("same")],
  }) {}
  assert.throws(() => toCatalog([Twice]), { code: "declared_name_taken" });
  class Odd extends model("odd", { id: integer().primaryKey() }, {
    constraints: [constraint("c", sql`nothing of the kind`)],
  }) {}
  assert.throws(() => toCatalog([Odd]), { code: "invalid_constraint" });
  class Bound extends model("bound", { id: integer().default(sql`${{ a: 1 }}`) }) {}
  assert.throws(() => toCatalog([Bound]), { code: "value_without_literal" });
  assert.throws(() => toCatalog([class {}]), { code: "invalid_relation_target" });
});
