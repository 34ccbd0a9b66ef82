/** `makemigrations()`: changed models become a migration that leads there and back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bigint,
  check,
  enumeration,
  foreignKey,
  index,
  integer,
  model,
  sql,
  text,
  varchar,
} from "../../mod.ts";
import { migrate, rollback, sqlObject } from "../../migrations/mod.ts";
import { readLive } from "../../migrations/make/compare.ts";
import { differences } from "../../migrations/make/proof.ts";
import { testServer } from "../support/servers.ts";
import { make } from "./makemigrations_world.ts";
import { type MigrationWorld, migrationWorld } from "./migrate_world.ts";

const server = await testServer("pg18");
const skip = { skip: server.skip };

class Customer extends model("customers", {
  id: integer().identity().primaryKey(),
  mail: text().unique(),
}) {}
class Order extends model("orders", {
  id: integer().identity().primaryKey(),
  customerId: foreignKey<Customer>(() => Customer),
  status: enumeration("order_status", ["draft", "paid"]).default("draft"),
  total: integer(),
  note: text().nullable(),
}, { indexes: [index("total")], constraints: [check(sql`total >= 0`)] }) {}

const first = [Customer, Order];

/** Applies what was made, takes it back, and applies it again: the catalogs are those before and after. */
async function thereAndBack(world: MigrationWorld): Promise<void> {
  const before = await readLive(world.db.driver);
  assert.equal((await migrate(world.at)).applied.length, 1);
  const after = await readLive(world.db.driver);
  await rollback(world.at);
  assert.deepEqual(differences(await readLive(world.db.driver), before, {}), []);
  await migrate(world.at);
  assert.deepEqual(differences(await readLive(world.db.driver), after, {}), []);
}

async function begun(): Promise<MigrationWorld> {
  const world = await migrationWorld(server);
  await make(world, first);
  await migrate(world.at);
  await world.sql("insert into customers (mail) values ('a@b.c')");
  await world.sql("insert into orders (customer_id, total, note) values (1, 7, 'kept')");
  return world;
}

test("makemigrations() writes the first migration, and then nothing", skip, async () => {
  await using world = await migrationWorld(server);
  const made = await make(world, first);
  assert.equal(made.name, "0001_initial");
  assert.ok(made.transaction);
  assert.deepEqual(await world.files(), ["0001_initial.ts", "snapshot.json"]);
  const text = await world.read("0001_initial.ts");
  assert.match(text, /create table public\.orders/);
  assert.match(text, /CREATE TABLE "public"\."orders"/);
  assert.doesNotMatch(text, /CONCURRENTLY/);
  await thereAndBack(world);
  const again = await make(world, first);
  assert.deepEqual([again.name, again.files, again.changes], [null, [], []]);
  assert.deepEqual(await world.files(), ["0001_initial.ts", "snapshot.json"]);
});

test("makemigrations() adds, changes and drops, and keeps rows", skip, async () => {
  await using world = await begun();
  class Tag extends model("tags", { id: integer().primaryKey(), label: text() }) {}
  class Wider extends model("orders", {
    id: integer().identity().primaryKey(),
    customerId: foreignKey<Customer>(() => Customer, { onDelete: "cascade" }),
    status: enumeration("order_status", ["draft", "open", "paid"]).default("open"),
    total: bigint(),
    note: varchar(40).nullable(),
    tagId: foreignKey<Tag>(() => Tag).nullable(),
  }, { indexes: [index("total"), index("note")] }) {}
  const made = await make(world, [Customer, Tag, Wider], { allowLoss: ["orders.note"] });
  assert.match(made.name!, /^0002_create_tags_add_tag_id_to_orders/);
  assert.ok(!made.transaction);
  assert.deepEqual(made.losses.map(({ object, rows }) => [object, rows]), [
    ["public.orders.note", 1],
  ]);
  const written = await world.read(`${made.name}.ts`);
  assert.match(written, /transaction: boolean = false/);
  assert.match(written, /CREATE INDEX CONCURRENTLY "orders_note_idx"/);
  assert.match(written, /\/\/ Destroys what text can hold/);
  await thereAndBack(world);
  assert.deepEqual(await world.sql("select total, note from orders"), [["7", "kept"]]);
  assert.equal((await make(world, [Customer, Tag, Wider])).name, null);
});

test(
  "makemigrations() refuses to lose data without consent, and writes nothing",
  skip,
  async () => {
    await using world = await begun();
    class Bare extends model("orders", {
      id: integer().identity().primaryKey(),
      customerId: foreignKey<Customer>(() => Customer),
      status: enumeration("order_status", ["draft", "paid"]).default("draft"),
      total: integer(),
      remark: text().nullable(),
    }, { indexes: [index("total")], constraints: [check(sql`total >= 0`)] }) {}
    const files = await world.files();
    await assert.rejects(make(world, [Customer, Bare]), (error: Error & { hint: string }) => {
      assert.match(error.message, /public\.orders\.note: the values of .*: 1 row$/m);
      assert.match(error.hint, /--allow-loss=public\.orders\.note/);
      assert.match(error.hint, /--rename orders\.note:remark/);
      return true;
    });
    await assert.rejects(make(world, [Customer, Bare], { allowLoss: ["orders.not"] }), {
      code: "data_loss",
    });
    await assert.rejects(make(world, [Customer]), { code: "data_loss" });
    assert.deepEqual(await world.files(), files);

    const renamed = await make(world, [Customer, Bare], { renames: ["orders.note:remark"] });
    assert.equal(renamed.name, "0002_rename_note_of_orders");
    assert.deepEqual(renamed.losses, []);
    await thereAndBack(world);
    assert.deepEqual(await world.sql("select remark from orders"), [["kept"]]);

    const dropped = await make(world, [Customer], { allowLoss: true });
    assert.equal(dropped.name, "0003_drop_orders_drop_order_status");
    assert.deepEqual(dropped.losses.map(({ object }) => object), ["public.orders"]);
    await thereAndBack(world);
  },
);

test(
  "makemigrations() renames tables, columns, labels, and what follows from them",
  skip,
  async () => {
    await using world = await begun();
    class Purchase extends model("purchases", {
      id: integer().identity().primaryKey(),
      customerId: foreignKey<Customer>(() => Customer),
      status: enumeration("order_status", ["draft", "settled"]).default("draft"),
      amount: integer(),
      note: text().nullable(),
    }, { indexes: [index("amount")], constraints: [check(sql`amount >= 0`)] }) {}
    const renames = ["orders:purchases", "orders.total:amount", "order_status.paid:settled"];
    const made = await make(world, [Customer, Purchase], { renames });
    assert.deepEqual([...new Set(made.changes.map(({ action }) => action))].sort(), [
      "alter",
      "rename",
    ]);
    assert.deepEqual(made.losses, []);
    assert.ok(made.up.every(({ sql }) => !/^(DROP|CREATE)/.test(sql)), JSON.stringify(made.up));
    await thereAndBack(world);
    assert.deepEqual(await world.sql("select amount, note from purchases"), [["7", "kept"]]);
    await assert.rejects(make(world, [Customer, Purchase], { renames: ["purchase:orders"] }), {
      code: "rename_matches_nothing",
      hint: "Did you mean purchases?",
    });
    await assert.rejects(make(world, [Customer, Purchase], { renames: ["purchases"] }), {
      code: "invalid_rename",
    });
  },
);

test("makemigrations() asks about likely renames where it may", skip, async () => {
  await using world = await begun();
  class Person extends model("people", {
    id: integer().identity().primaryKey(),
    email: text().unique(),
  }) {}
  class Theirs extends model("orders", {
    id: integer().identity().primaryKey(),
    customerId: foreignKey<Person>(() => Person),
    status: enumeration("order_status", ["draft", "paid"]).default("draft"),
    total: integer(),
    note: text().nullable(),
  }, { indexes: [index("total")], constraints: [check(sql`total >= 0`)] }) {}
  const asked: string[] = [];
  const made = await make(world, [Person, Theirs], {
    onRename: ({ from, to }) => {
      asked.push(`${from} -> ${to}`);
      return true;
    },
  });
  assert.deepEqual(asked, [
    "table public.customers -> people",
    "column public.people.mail -> email",
  ]);
  assert.deepEqual(made.losses, []);
  await thereAndBack(world);
  assert.deepEqual(await world.sql("select email from people"), [["a@b.c"]]);
});

test("makemigrations() takes down and puts up what stands on a changed column", skip, async () => {
  await using world = await migrationWorld(server);
  const objects = [
    sqlObject(
      "objects",
      `create view totals as select customer_id, sum(total) as sum from orders group by 1;
       create function big(o orders) returns boolean language sql as 'select o.total > 10';
       create policy own on orders using (total > 0);
       create materialized view cached as select * from totals;`,
    ),
  ];
  await make(world, first, { objects });
  await thereAndBack(world);
  class Wide extends model("orders", {
    id: bigint().identity().primaryKey(),
    customerId: foreignKey<Customer>(() => Customer),
    status: enumeration("order_status", ["paid", "draft"]).default("draft"),
    total: bigint(),
    note: text().nullable(),
  }, { indexes: [index("total")], constraints: [check(sql`total >= 0`)] }) {}
  const made = await make(world, [Customer, Wide], { objects });
  assert.ok(made.up.some(({ sql }) => sql.startsWith("DROP VIEW")));
  await thereAndBack(world);
  const fewer = await make(world, [Customer, Wide], {
    objects: [sqlObject("one", "create schema x")],
  });
  assert.ok(fewer.up.some(({ sql }) => sql.startsWith("DROP FUNCTION")));
  await thereAndBack(world);
});
