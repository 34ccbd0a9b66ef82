/** What models declare beside a database, made comparable. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { enumeration, foreignKey, index, integer, model, sql, text } from "../../mod.ts";
import {
  changesOf,
  type ComparisonOptions,
  readLive,
  type Sides,
  withComparison,
} from "../../migrations/make/compare.ts";
import { shownObject } from "../../migrations/make/shown.ts";
import { sqlObject } from "../../migrations/mod.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runScript } from "../support/generated.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");
const skip = { skip: server.skip };

class Customer extends model("customers", {
  id: integer().primaryKey(),
  code: text().unique(),
  plan: enumeration("tier", ["free", "paid"]),
}) {}
class Order extends model("orders", {
  id: integer().primaryKey().default(sql`nextval('orders_id_seq')`),
  customerId: foreignKey<Customer>(() => Customer),
  note: text().nullable(),
}, { indexes: [index("note")] }) {}

const SCRIPT = `
  create type tier as enum ('free', 'paid');
  comment on type tier is 'kept';
  create table customers (id int primary key, code text not null unique, plan tier not null);
  create table orders (
    id serial primary key, customer_id int not null references customers, note text
  );
  create index orders_note_idx on orders (note);
  create schema other;
  create table other.outside (order_id int references orders, at timestamptz);
  create view other.seen as select note from orders;
  create table unmanaged (id int primary key);
  create function touch() returns trigger language plpgsql as 'begin return new; end';
  create trigger touched before update on orders for each row execute function touch();
`;

let db: TestDatabase;
let live: Catalog;
before(async () => {
  if (server.skip !== false) return;
  db = await testDatabase(server);
  await runScript(db.driver, SCRIPT);
  live = await readLive(db.driver);
});
after(async () => await db?.[Symbol.asyncDispose]());

interface Seen {
  readonly changes: readonly string[];
  readonly unmanaged: readonly string[];
  readonly warnings: readonly string[];
  readonly live: Catalog;
}

async function compared(
  sides: Omit<Sides, "live"> & { readonly live?: Catalog },
  options: ComparisonOptions = {},
): Promise<Seen> {
  return await withComparison(
    { live, ...sides },
    // a database on a server is there sooner than an embedded one
    { shadow: { place: db.url }, ...options },
    (one) =>
      Promise.resolve({
        changes: changesOf(one).map((change) =>
          `${change.action} ${shownObject("after" in change ? change.after : change.before)}`
        ).sort(),
        unmanaged: one.unmanaged.map(shownObject),
        warnings: one.warnings,
        live: one.live,
      }),
  );
}

test(
  "withComparison() finds nothing where models say what is there, and leaves the rest alone",
  skip,
  async () => {
    const seen = await compared({ models: [Customer, Order] });
    assert.deepEqual(seen.changes, []);
    assert.deepEqual(seen.unmanaged, ["function public.touch()", "table public.unmanaged"]);
    const names = [...seen.live.objects.keys()];
    // what needs a managed table is looked at, wherever it is
    assert.ok(names.includes('view "other"."seen"'), String(names));
    assert.ok(names.includes('column "other"."outside"."order_id"'));
    assert.ok(!names.includes('table "public"."unmanaged"'));
  },
);

test("withComparison() drops what was declared before, and what is named", skip, async () => {
  class Plain extends model("customers", {
    id: integer().primaryKey(),
    code: text(),
    plan: enumeration("tier", ["free", "paid"]),
  }) {}
  const models = [Plain];
  const known = new Set(['table "public"."orders"', 'schema "public"']);
  const gone = await compared({ models, known });
  assert.deepEqual(gone.changes.filter((one) => !one.includes(" public.orders.")), [
    "drop constraint public.customers.customers_code_key",
    "drop table public.orders",
  ]);
  const alone = await compared({ models });
  assert.deepEqual(alone.changes, ["drop constraint public.customers.customers_code_key"]);
  const named = await compared({ models }, { dropUnmanaged: ["unmanaged"] });
  assert.ok(named.changes.includes("drop table public.unmanaged"));
  const all = await compared({ models: [Customer, Order] }, { dropUnmanaged: true });
  assert.deepEqual(all.changes.filter((one) => !one.includes(".unmanaged.")), [
    "drop function public.touch()",
    "drop table public.unmanaged",
    "drop trigger public.orders.touched",
  ]);
  await assert.rejects(compared({ models }, { dropUnmanaged: ["unmanagde"] }), {
    code: "unknown_object",
    hint: "Did you mean unmanaged?",
  });
});

test("withComparison() looks at the tables that are chosen alone", skip, async () => {
  class Tag extends model("tags", { id: integer().primaryKey() }) {}
  class Tagged extends model("tagged", {
    id: integer().primaryKey(),
    tagId: foreignKey<Tag>(() => Tag),
    customerId: foreignKey<Customer>(() => Customer),
  }) {}
  const seen = await compared({ models: [Customer, Order, Tag, Tagged] }, {
    includeTables: ["tagged"],
  });
  assert.deepEqual(seen.changes.filter((one) => !one.includes("column")), [
    "create constraint public.tagged.tagged_customer_id_fkey",
    "create constraint public.tagged.tagged_pkey",
    "create table public.tagged",
  ]);
  assert.match(seen.warnings.join("\n"), /references public\.customers, which is left out/);
  assert.match(seen.warnings.join("\n"), /the foreign key tagged_tag_id_fkey is left out as well/);
  await assert.rejects(compared({ models: [Customer] }, { schemas: ["publik"] }), {
    code: "schema_not_found",
  });
});

test(
  "withComparison() manages triggers and functions where SQL objects are declared",
  skip,
  async () => {
    const objects = [sqlObject("view", sql`create view notes as select note from orders`)];
    const seen = await compared({ models: [Customer, Order], objects });
    assert.deepEqual(seen.changes.filter((one) => !one.includes("column")), [
      "alter enum public.tier",
      "create view public.notes",
      "drop trigger public.orders.touched",
    ]);
  },
);
