/** `makemigrations()` where the database is PostgreSQL 15 and the shadow, embedded, is 18. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  check,
  decimal,
  enumeration,
  foreignKey,
  index,
  integer,
  jsonb,
  model,
  sql,
  text,
  timestamptz,
  unique,
} from "../../mod.ts";
import {
  check as compare,
  makemigrations,
  type MakeMigrationsResult,
  migrate,
  rollback,
  sqlObject,
} from "../../migrations/mod.ts";
import { readLive } from "../../migrations/make/compare.ts";
import { differences } from "../../migrations/make/proof.ts";
import { testServer } from "../support/servers.ts";
import { importFrom } from "./makemigrations_world.ts";
import { migrationWorld } from "./migrate_world.ts";

const server = await testServer("pg15");
const skip = { skip: server.skip };

class Customer extends model("customers", {
  id: integer().identity().primaryKey(),
  mail: text().unique(),
  since: timestamptz().default(sql`now()`),
}, { comment: "who buys" }) {}

class Order extends model("orders", {
  id: integer().identity("by default", { start: 1000 }).primaryKey(),
  customerId: foreignKey<Customer>(() => Customer, { onDelete: "cascade" }),
  status: enumeration("order_status", ["draft", "paid"]).default("draft"),
  total: decimal(12, 2).default(0),
  doubled: decimal(14, 2).generatedAs(sql`total * 2`),
  details: jsonb<{ note: string }>().nullable(),
}, {
  indexes: [index("total").where(sql`status = 'paid'`), index(sql`lower(details ->> 'note')`)],
  constraints: [check(sql`total >= 0`), unique(["customerId", "total"])],
}) {}

class Event extends model("events", { at: timestamptz(), kind: text().default("x") }, {
  partitionBy: sql`RANGE (at)`,
  partitions: [{
    table: "events_2024",
    bound: sql`FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')`,
  }],
  indexes: [index("kind")],
}) {}

class LaterOrder extends model("orders", {
  id: integer().identity("by default", { start: 1000 }).primaryKey(),
  customerId: foreignKey<Customer>(() => Customer, { onDelete: "restrict" }),
  status: enumeration("order_status", ["draft", "sent", "paid"]).default("draft"),
  total: decimal(14, 3),
  note: text().nullable(),
  details: jsonb<{ note: string }>(),
}, {
  indexes: [index("-total", "note")],
  constraints: [check(sql`total > 0 or note is not null`)],
}) {}

const objects = (word: string) => [
  sqlObject(
    "noted",
    `create function noted() returns trigger language plpgsql as
    $$begin new.details := '{"note": "${word}"}'; return new; end$$`,
  ),
  sqlObject(
    "noted_on",
    `create trigger noted before insert on orders for each row execute function noted()`,
  ),
  sqlObject(
    "paid",
    `create view paid as select id, total from orders where status = '${word}';
    comment on view paid is '${word}'`,
  ),
  sqlObject(
    "mine",
    `alter table customers enable row level security;
    create policy mine on customers using (mail = current_user)`,
  ),
  sqlObject("open", `grant select on customers to public`),
  sqlObject("price", `create domain price as numeric(10, 2) check (value > 0)`),
];

test(
  "makemigrations() sees no difference of versions in a database of PostgreSQL 15",
  skip,
  async () => {
    await using world = await migrationWorld(server);
    const make = (
      models: readonly unknown[],
      word: string,
      more: object = {},
    ): Promise<MakeMigrationsResult> =>
      makemigrations({ ...world.at, models, objects: objects(word), importFrom, ...more });
    const states: readonly (readonly [readonly unknown[], string, object])[] = [
      [[Customer, Order, Event], "draft", {}],
      [[Customer, LaterOrder, Event], "paid", { allowLoss: true }],
    ];
    for (const [models, word, more] of states) {
      const before = await readLive(world.db.driver);
      const made = await make(models, word, more);
      assert.equal(made.shadow, "embedded");
      assert.notEqual(made.name, null);
      await migrate(world.at);
      const after = await readLive(world.db.driver);
      assert.deepEqual((await make(models, word)).changes, [], "right after it");
      await rollback(world.at);
      assert.deepEqual(differences(await readLive(world.db.driver), before, {}), [], "back");
      await migrate(world.at);
      assert.deepEqual(differences(await readLive(world.db.driver), after, {}), [], "and again");
      assert.deepEqual((await make(models, word)).changes, [], "after it again");
    }
    const [models, word] = states[1]!;
    const found = await compare({ ...world.at, models, objects: objects(word) });
    assert.deepEqual([found.same, found.drift, found.undeclared], [true, [], []]);
  },
);

test(
  "makemigrations() tells of what no migration makes, and refuses it if strict",
  skip,
  async () => {
    await using world = await migrationWorld(server);
    // one that is announced and never made
    const type = "create type odd";
    const make = (more: object): Promise<MakeMigrationsResult> =>
      makemigrations({
        ...world.at,
        models: [Customer],
        importFrom,
        shadow: world.db.url,
        ...more,
      });
    const declared = { objects: [sqlObject("odd", type)], dryRun: true };
    const { warnings } = await make(declared);
    assert.match(warnings.join(), /type public\.odd is declared, and no migration can make it/);
    await assert.rejects(make({ ...declared, strict: true }), {
      code: "undescribed_objects",
      message: /1 of its objects cannot be described: type public\.odd$/,
    });
    await make({ objects: [], strict: true, dryRun: true });
    await world.sql(type);
    assert.deepEqual((await make({ ...declared })).warnings, []);
    await assert.rejects(make({ objects: [], strict: true }), { code: "undescribed_objects" });
    assert.deepEqual(await world.files(), []);
    await make({ objects: [] });
  },
);
