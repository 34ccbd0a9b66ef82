/** The package on a registry: what `deno publish` sends, and what users get of it. */
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import process from "node:process";
import { after, test } from "node:test";
import { type LocalJsr, startLocalJsr } from "../../tools/local_jsr.ts";
import { packageConfig, ROOT } from "../../tools/project.ts";
import { testDatabase } from "../support/database.ts";
import { freshDenoCache, succeed, workplace } from "../support/program.ts";
import { testServer } from "../support/servers.ts";
import { npmInstall, toolbox } from "../support/toolbox.ts";
import { ADAS_ORDERS, loadShop, packageFiles } from "./package.ts";

const deno = process.execPath;
const server = await testServer("pg18");
const tools = await toolbox();
const registry: LocalJsr = startLocalJsr();
after(() => registry[Symbol.asyncDispose]());

/** A program that a user writes; `library` is what the library is imported by. */
const program = (library: string): string => `
import { closeAll, decimal, foreignKey, integer, model, registerDatabase, text } from "${library}";
import { openNodePg } from "${library}/drivers/node-pg";
class Customer extends model("customers", { id: integer().primaryKey(), name: text() }) {}
class Order extends model("orders", {
  id: integer().primaryKey(),
  customerId: foreignKey(() => Customer),
  total: decimal(12, 2),
}) {}
if (typeof openNodePg !== "function") throw new Error("no driver");
registerDatabase({ name: "main", url: process.env.DATABASE_URL });
const orders = await Order.filter({ customerId: 1 }).orderBy("id").selectRelated("customerId").all();
console.log(JSON.stringify([
  orders[0].getRelated("customerId").name,
  ...orders.map(({ total }) => total),
]));
await closeAll();
`;

test("deno publish does send the files of the package and no others", async () => {
  const printed = await succeed(deno, [
    ...["publish", "--token", "any", "--allow-dirty", "--no-provenance"],
  ], { cwd: ROOT, env: { JSR_URL: registry.url } });
  const [sent] = registry.published;
  assert.ok(sent !== undefined, printed);
  assert.deepEqual([...sent.files.keys()].sort(), packageFiles());
  const { version, exports } = packageConfig();
  assert.equal(sent.version, version);
  assert.deepEqual(sent.exports, exports);
});

test("deno publish does find the version that is there already", async () => {
  const printed = await succeed(deno, [
    ...["publish", "--no-check", "--token", "any", "--allow-dirty", "--no-provenance"],
  ], { cwd: ROOT, env: { JSR_URL: registry.url } });
  assert.equal(registry.published.length, 1, printed);
});

/** What a stranger's shell has: no cache, the registry, a database. */
async function envFor(
  place: { readonly path: string },
  database: { readonly url: string },
): Promise<Record<string, string>> {
  return {
    ...await freshDenoCache(place.path),
    JSR_URL: registry.url,
    DATABASE_URL: database.url,
  };
}

test("deno run -A jsr:@matrx/orm/cli generate does write models in an empty folder", {
  skip: server.skip,
}, async () => {
  await using database = await testDatabase(server);
  await loadShop(database);
  await using place = await workplace();
  const env = await envFor(place, database);
  const how = { cwd: place.path, env };
  await succeed(deno, ["run", "-A", "jsr:@matrx/orm/cli", "generate"], how);
  assert.ok((await readdir(`${place.path}/models`)).includes("order.ts"));
  // what was written imports the library by the name that `deno add` gives it
  await place.write("deno.json", `{ "imports": { "@matrx/orm": "jsr:@matrx/orm@^0.1.0" } }`);
  await place.write(
    "main.ts",
    `import { closeAll, registerDatabase } from "@matrx/orm";
import { Order } from "./models/mod.ts";
registerDatabase({ name: "main", url: Deno.env.get("DATABASE_URL") });
const orders = await Order.filter({ customerId: 1 }).orderBy("id").selectRelated("customerId").all();
console.log(JSON.stringify([orders[0]!.getRelated("customerId")!.name, ...orders.map(({ total }) => total)]));
await closeAll();
`,
  );
  assert.equal((await succeed(deno, ["run", "-A", "main.ts"], how)).trim(), ADAS_ORDERS);
});

/** The SQL of many tables: columns of everyday types, each table with a key to the one before it. */
function tablesSql(count: number): string {
  return Array.from({ length: count }, (_, at) => `
    create type state_${at} as enum ('new', 'done');
    create table thing_${at} (
      id bigint generated always as identity primary key, name text not null, note text,
      state state_${at} not null default 'new', price numeric(12, 2) not null, tags text[],
      details jsonb, made_at timestamptz not null default now()
      ${at === 0 ? "" : `, before_id bigint references thing_${at - 1}`});
    insert into thing_${at} (name, price${at === 0 ? "" : ", before_id"})
      values ('thing ${at}', 12.5${at === 0 ? "" : ", 1"});`).join("");
}

test(
  "50 tables do come from an empty folder to a first typed query in a minute, without a question",
  {
    skip: server.skip,
  },
  async () => {
    await using database = await testDatabase(server);
    const connection = await database.driver.acquire();
    await connection.script(tablesSql(50));
    connection.release();
    await using place = await workplace();
    const how = { cwd: place.path, env: await envFor(place, database) };
    const started = performance.now();
    const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
    const times: string[] = [];
    for (const command of ["init", "generate"]) {
      await succeed(deno, ["run", "-A", "jsr:@matrx/orm/cli", command], how);
      times.push(`${command} ${seconds()} s`);
    }
    await place.write(
      "main.ts",
      `import { closeAll, registerDatabaseFromEnv } from "@matrx/orm";
import { Thing49 } from "./models/mod.ts";
registerDatabaseFromEnv("main");
const [thing] = await Thing49.filter({ state: "new", price: { lt: "20" } })
  .selectRelated("beforeId").all();
const before: string | undefined = thing?.getRelated("beforeId")?.name;
console.log(before, thing?.price);
await closeAll();
`,
    );
    const printed = await succeed(deno, ["run", "-A", "--check", "main.ts"], how);
    times.push(`first query, with its types checked, ${seconds()} s`);
    console.log(`50 tables, from an empty folder and an empty cache: ${times.join(", ")}`);
    assert.equal(printed.trim(), "thing 48 12.50");
    assert.ok(performance.now() - started < 60_000, times.join());
  },
);

test("import jsr:@matrx/orm does work in a script of an empty folder", {
  skip: server.skip,
}, async () => {
  await using database = await testDatabase(server);
  await loadShop(database);
  await using place = await workplace();
  const env = await envFor(place, database);
  await place.write("main.js", program("jsr:@matrx/orm@^0.1.0"));
  const printed = await succeed(deno, ["run", "-A", "main.js"], { cwd: place.path, env });
  assert.equal(printed.trim(), ADAS_ORDERS);
});

test("npm install @jsr/matrx__orm does bring what Node 20 runs", {
  skip: server.skip || tools.skip,
}, async () => {
  await using database = await testDatabase(server);
  await loadShop(database);
  await using place = await workplace();
  await place.write("package.json", `{ "private": true, "type": "module" }`);
  await place.write(".npmrc", `@jsr:registry=${registry.url}\n`);
  await npmInstall(place.path, ["@matrx/orm@npm:@jsr/matrx__orm@^0.1.0"]);
  await place.write("main.js", program("@matrx/orm"));
  const printed = await succeed(tools.path("node20"), ["main.js"], {
    cwd: place.path,
    env: { DATABASE_URL: database.url },
  });
  assert.equal(printed.trim(), ADAS_ORDERS);
});

test("bun add @jsr/matrx__orm does bring what Bun runs", {
  skip: server.skip || tools.skip,
}, async () => {
  await using database = await testDatabase(server);
  await loadShop(database);
  await using place = await workplace();
  await place.write("package.json", `{ "private": true, "type": "module" }`);
  await place.write("bunfig.toml", `[install.scopes]\n"@jsr" = "${registry.url}"\n`);
  await place.write("main.js", program("@matrx/orm"));
  const how = { cwd: place.path, env: { DATABASE_URL: database.url } };
  await succeed(tools.path("bun"), ["add", "@matrx/orm@npm:@jsr/matrx__orm@^0.1.0"], how);
  assert.equal((await succeed(tools.path("bun"), ["main.js"], how)).trim(), ADAS_ORDERS);
});
