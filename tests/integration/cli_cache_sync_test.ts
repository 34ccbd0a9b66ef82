/** `matrx empty --cache-sync`: migrations of the triggers that caches listen to. */
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";
import { closeDatabase, registerDatabase } from "../../mod.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { LIBRARY, runScript } from "../support/generated.ts";
import { testServer } from "../support/servers.ts";
import { eventually, isOpen } from "./cache_sync_world.ts";
import { matrx, type Ran, type TestFolder, testFolder } from "./cli_support.ts";

const given = await testServer("pg18");
const server = given.skip === false ? given : await testServer("pg15");
const skip = { skip: server.skip };

const MODELS = `import { integer, model, sql, text } from ${JSON.stringify(LIBRARY)};
export class Order extends model("orders", { id: integer().primaryKey(), body: text() }, {
  cache: "permanent",
}) {}
export class Shop extends model("shops", { id: integer().primaryKey() }) {}
export class Plain extends model("plain", { line: text() }) {}
export class Off extends model("off", { id: integer().primaryKey() }, { cache: "off" }) {}
export class Far extends model("far", { id: integer().primaryKey() }, { database: "far" }) {}
`;

const TABLES = `
create table orders (id int primary key, body text not null);
create table shops (id int primary key);
create table plain (line text not null);
create table off (id int primary key);
`;

interface World extends AsyncDisposable {
  readonly folder: TestFolder;
  readonly db: TestDatabase;
  run(command: string, ...more: string[]): Promise<Ran>;
  /** Tables and their triggers, and functions; sorted. */
  made(): Promise<string[]>;
  written(): Promise<string[]>;
}

async function world(): Promise<World> {
  const folder = await testFolder();
  const db = await testDatabase(server);
  await runScript(db.driver, TABLES);
  await folder.write("models/mod.ts", MODELS);
  return {
    folder,
    db,
    run: (command, ...more) =>
      matrx([command, "--database", db.url, ...more], { cwd: folder.path }),
    async made() {
      const { rows } = await db.driver.query({
        text: `select tgrelid::regclass || ' ' || tgname from pg_trigger where not tgisinternal
          union all select proname from pg_proc where proname = 'matrx_cache_sync' order by 1`,
        params: [],
      });
      return rows.map(([name]) => name!);
    },
    written: async () => (await readdir(join(folder.path, "migrations"))).sort(),
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const TRIGGERS = ["delete", "truncate", "update"].map((event) => `matrx_cache_sync_${event}`);
const on = (table: string): string[] => TRIGGERS.map((name) => `${table} ${name}`);

test(
  "matrx empty --cache-sync writes triggers that caches hear, and the way back",
  skip,
  async () => {
    await using at = await world();
    const made = await at.run("empty", "--cache-sync=Order");
    assert.deepEqual([made.status, made.err], [0, ""]);
    assert.match(made.out, /^wrote .*0001_cache_sync\.ts\n$/);
    const rest = await at.run(
      "empty",
      "--cache-sync=public.shops",
      "--name",
      "shops",
      "--sql",
      "--json",
    );
    assert.equal(JSON.parse(rest.out).name, "0002_shops");
    assert.deepEqual(await at.written(), [
      ...["0001_cache_sync.ts", "0002_shops.down.sql", "0002_shops.up.sql"],
    ]);
    const before = await at.made();
    assert.equal((await at.run("migrate")).status, 0);
    assert.deepEqual(await at.made(), ["matrx_cache_sync", ...on("orders"), ...on("shops")]);
    await hears(at);
    // the function stays as long as other tables have triggers that call it
    assert.equal((await at.run("rollback")).status, 0);
    assert.deepEqual(await at.made(), ["matrx_cache_sync", ...on("orders")]);
    assert.equal((await at.run("rollback")).status, 0);
    assert.deepEqual(await at.made(), before);
  },
);

/** Whether a program with `cacheSync` sees what is written beside the library. */
async function hears({ folder, db }: World): Promise<void> {
  const { Order } = await import(pathToFileURL(join(folder.path, "models/mod.ts")).href);
  registerDatabase({ name: "main", url: db.url, cacheSync: true });
  try {
    await runScript(db.driver, "insert into orders values (1, 'old')");
    await eventually(async () => {
      await Order.getOrNull({ id: -1 });
      return await isOpen("main");
    }, "it listens");
    assert.equal((await Order.get({ id: 1 })).body, "old");
    await runScript(db.driver, "update orders set body = 'new'");
    await eventually(async () => (await Order.get({ id: 1 })).body === "new", "it is heard");
  } finally {
    await closeDatabase("main");
  }
}

test("matrx empty --cache-sync --dry-run prints a script, and writes nothing", skip, async () => {
  await using at = await world();
  const { status, out } = await at.run("empty", "--cache-sync", "--dry-run");
  assert.equal(status, 0);
  await assert.rejects(at.written(), { code: "ENOENT" });
  // twice: it may be run again
  for (let round = 0; round < 2; round++) await runScript(at.db.driver, out);
  assert.deepEqual(await at.made(), ["matrx_cache_sync", ...on("orders"), ...on("shops")]);
  const told = JSON.parse((await at.run("empty", "--cache-sync", "--dry-run", "--json")).out);
  await runScript(at.db.driver, told.down.join(";\n"));
  assert.deepEqual(await at.made(), []);
});

test("matrx empty --cache-sync refuses what has no cache, before it writes", skip, async () => {
  await using at = await world();
  const refused = async (...options: string[]): Promise<unknown[]> => {
    const { status, out } = await at.run("empty", "--json", ...options);
    const { error } = JSON.parse(out);
    return [status, error.code, error.hint];
  };
  assert.deepEqual(await refused("--cache-sync=Ordr"), [
    ...[1, "unknown_model", 'Did you mean "Order"? The models are Off, Order, Plain, Shop'],
  ]);
  assert.deepEqual((await refused("--cache-sync=Order,Plain")).slice(0, 2), [1, "nothing_to_sync"]);
  assert.deepEqual((await refused("--cache-sync=Off")).slice(0, 2), [1, "nothing_to_sync"]);
  assert.deepEqual((await refused("--cache-sync=Far")).slice(0, 2), [1, "unknown_model"]);
  assert.equal((await refused("--models", "models"))[0], 2);
  await assert.rejects(at.written(), { code: "ENOENT" });
});

test("matrx empty --cache-sync needs no database", skip, async () => {
  await using folder = await testFolder();
  await folder.write("models/mod.ts", MODELS);
  const { status, err } = await matrx(["empty", "--cache-sync=Order", "--sql"], {
    cwd: folder.path,
  });
  assert.deepEqual([status, err], [0, ""]);
  assert.match(await folder.read("migrations/0001_cache_sync.up.sql"), /on "public"\."orders"/);
});
