/** The npm package in a project of its own: on each runtime, and before each compiler. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { packUnchecked } from "../../tools/npm_tarball.ts";
import { npmPackage } from "../../tools/pack_npm.ts";
import { packageConfig, ROOT } from "../../tools/project.ts";
import { testDatabase } from "../support/database.ts";
import { type Ended, runProgram, succeed, workplace } from "../support/program.ts";
import { testServer } from "../support/servers.ts";
import { npmInstall, type Tool, toolbox } from "../support/toolbox.ts";
import { ADAS_ORDERS, readPackage, SHOP } from "./package.ts";

const server = await testServer("pg18");
const tools = await toolbox();
const project = await workplace();
after(() => project[Symbol.asyncDispose]());
const tarball = join(project.path, "matrx-orm.tgz");
const matrx = join(project.path, "node_modules/@matrx/orm/bin.js");

/** What a user who follows the README installs beside the package. */
const PEERS = [
  ...["pg@8.23.1", "@electric-sql/pglite@0.5.14", "@electric-sql/pglite-pgvector@0.0.15"],
  "zod@4.6.7",
];

const EMBEDDED = `
import assert from "node:assert/strict";
import { closeAll, integer, model, registerDatabase, sql, text, transaction } from "@matrx/orm";
class Cat extends model("cats", { id: integer().primaryKey(), name: text() }) {}
registerDatabase({ name: "main", url: "pglite://memory" });
await Cat.rawSql(sql\`create table cats (id int primary key, name text not null)\`);
await transaction(async () => {
  await Cat.create({ id: 1, name: "Mina" });
  await Cat.create({ id: 2, name: "Tom" });
});
const cats = await Cat.filter({ name: { startsWith: "M" } }).all();
assert.deepEqual(cats.map(({ id, name }) => ({ id, name })), [{ id: 1, name: "Mina" }]);
assert.ok(cats[0] instanceof Cat);
await closeAll();
console.log("Mina");
`;

const APP = `
import { closeAll, registerDatabase } from "@matrx/orm";
import { orderManager } from "./models/managers.ts";
import { Order } from "./models/mod.ts";
registerDatabase({ name: "main", url: process.env.DATABASE_URL });
const orders = await Order.filter({ customerId: 1 }).orderBy("id").selectRelated("customerId").all();
const [managed] = await orderManager.getOrdersWithCustomer({ id: orders[0]!.id });
if (managed!.getRelated("customerId").name !== orders[0]!.getRelated("customerId").name) {
  throw new Error("a manager gives another customer");
}
console.log(JSON.stringify([
  orders[0]!.getRelated("customerId")!.name,
  ...orders.map(({ total }) => total),
]));
await closeAll();
`;

/** What must and what must not compile of managers that the command wrote. */
const MANAGED = `
import { customerManager, orderManager } from "./node24/models/managers.ts";
export async function managed(): Promise<string> {
  const order = await orderManager.createOrder({ id: 9, customerId: 1, total: "1" });
  const total: string = order.total;
  // @ts-expect-error a column is missing
  await orderManager.createOrder({ id: 9, total: "1" });
  // @ts-expect-error a key of another type
  await orderManager.loadOrderById("9");
  const name: string = (await orderManager.getOrderWithCustomer(9)).getRelated("customerId").name;
  const [customer] = await customerManager.getCustomersWithOrders({ name: { startsWith: "A" } });
  const totals = customer?.getRelated("orders").map((one) => one.total satisfies string) ?? [];
  const dict: { readonly total: string } = await orderManager.getOrderDict(9);
  await orderManager.updateOrder(9, { total: "2" });
  const gone: true = await orderManager.deleteOrder(9);
  return [total, name, ...totals, dict.total, gone].join();
}
`;

const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

test("pack_npm.ts does make a package that npm installs", { skip: tools.skip }, async () => {
  await succeed(process.execPath, ["run", "-A", "tools/pack_npm.ts", tarball], { cwd: ROOT });
  await project.write("package.json", `{ "private": true, "type": "module" }`);
  await npmInstall(project.path, [tarball, ...PEERS]);
  const version = await succeed("npx", ["--no-install", "matrx", "--version"], {
    cwd: project.path,
  });
  const { version: own } = JSON.parse(await readFile(join(ROOT, "deno.json"), "utf8"));
  assert.equal(version.trim(), own);
});

test("pack_npm.ts does give the same bytes at another time and in another folder", {
  skip: tools.skip,
}, async () => {
  const again = npmPackage(await packUnchecked(await readPackage()));
  assert.equal(sha256(again), sha256(await readFile(tarball)));
});

/** Runs the typed program of a project's folder, which Node 20 must have translated. */
async function runApp(tool: Tool, cwd: string, url: string): Promise<string> {
  const how = { cwd, env: { DATABASE_URL: url } };
  if (tool !== "node20") return await succeed(tools.path(tool), ["app.ts"], how);
  await succeed(tools.path("esbuild"), [
    ...["app.ts", "--bundle", "--packages=external", "--platform=node", "--format=esm"],
    "--outfile=app.js",
  ], { cwd });
  return await succeed(tools.path(tool), ["app.js"], how);
}

/** Deno as the command line asks for it where it runs there; its own types bring in the newest language. */
const DENO_HERE = `declare const Deno: any;
declare namespace Deno {
  type Signal = any;
}
`;

test("the library does use nothing that Node 20 lacks", async () => {
  await using place = await workplace();
  const here = await place.write("deno_here.d.ts", DENO_HERE);
  // the wall knows of the language what Node 20 has
  const check = (...files: readonly string[]): Promise<Ended> =>
    runProgram(process.execPath, [
      ...["check", "--no-lock", "--config", "tools/wall.json", here, ...files],
    ], { cwd: ROOT });
  const { status, err } = await check(...Object.values(packageConfig().exports));
  assert.equal(status, 0, err);
  const newer = await place.write("newer.ts", "export const groups = Map.groupBy([1], String);\n");
  assert.match((await check(newer)).err, /'groupBy' does not exist/);
});

for (const tool of ["node20", "node22", "node24", "bun"] as const) {
  test(`the npm package does migrate, generate and query on ${tool}`, {
    skip: tools.skip || server.skip,
  }, async () => {
    await using database = await testDatabase(server);
    const cwd = join(project.path, tool);
    const how = { cwd, env: { DATABASE_URL: database.url } };
    await project.write(`${tool}/migrations/0001_shop.up.sql`, SHOP);
    await project.write(`${tool}/app.ts`, APP);
    const migrated = await succeed(tools.path(tool), [matrx, "migrate", "--json"], how);
    assert.equal(JSON.parse(migrated).applied.length, 1);
    const linted = await succeed(tools.path(tool), [matrx, "lint", "--level=error", "--json"], how);
    assert.ok(JSON.parse(linted).files[0].statements[0].sql.startsWith("create table"), linted);
    await succeed(tools.path(tool), [matrx, "generate"], how);
    assert.equal((await runApp(tool, cwd, database.url)).trim(), ADAS_ORDERS);
  });

  test(`the npm package does open the embedded database on ${tool}`, {
    skip: tools.skip,
  }, async () => {
    const file = await project.write(`${tool}/embedded.mjs`, EMBEDDED);
    const printed = await succeed(tools.path(tool), [file], { cwd: join(project.path, tool) });
    assert.equal(printed.trim(), "Mina");
  });
}

/** A migration that tries what is not its own, and fails with what came of it. */
const PROWLER = (folder: string): string => `
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { Worker } from "node:worker_threads";
const tries: Record<string, () => unknown> = {
  own: () => readFileSync("migrations/0001_shop.up.sql"),
  read: () => readFileSync(${JSON.stringify(`${folder}/secret.txt`)}),
  write: () => writeFileSync(${JSON.stringify(`${folder}/taken.txt`)}, "taken"),
  inside: () => writeFileSync("migrations/taken.txt", "taken"),
  run: () => spawnSync("true").error ?? "ran",
  thread: () => new Worker("0", { eval: true }).terminate(),
  variable: () => process.env.OTHER_SECRET ?? "unset",
};
export function up(): void {
  const outcome = Object.entries(tries).map(([name, attempt]) => {
    try {
      const result = attempt();
      return name + " " + (typeof result === "string" ? result : "works");
    } catch (error) {
      return name + " " + (error as { code: string }).code;
    }
  });
  throw new Error("tried: " + outcome.join(", "));
}
`;

test("matrx on Node 24 does hold migrations to the rights of the command", {
  skip: tools.skip || server.skip,
}, async () => {
  await using database = await testDatabase(server);
  await using outside = await workplace();
  await outside.write("secret.txt", "secret");
  const cwd = join(project.path, "prowler");
  await project.write("prowler/migrations/0001_shop.up.sql", SHOP);
  await project.write("prowler/migrations/0002_prowl.ts", PROWLER(outside.path));
  const run = (...more: readonly string[]): Promise<Ended> =>
    runProgram(tools.path("node24"), [matrx, "migrate", ...more], {
      cwd,
      env: { DATABASE_URL: database.url, OTHER_SECRET: "told" },
    });
  const held = await run();
  assert.equal(held.status, 1);
  const denied = (...names: readonly string[]): string[] =>
    names.map((name) => `${name} ERR_ACCESS_DENIED`);
  const tried = [...denied("read", "write", "inside", "run", "thread"), "variable unset"];
  assert.ok(held.err.includes(`tried: own works, ${tried.join(", ")}`), held.err);
  assert.equal(held.err.match(/^warning Node does not limit connections/gm)?.length, 1, held.err);
  // and all of it works without the sandbox
  const free = await run("--no-sandbox");
  assert.match(free.err, /tried: own works, read works, write works, inside works, run /);
  assert.match(free.err, /thread works, variable told/);
});

for (const tool of ["node22", "bun"] as const) {
  test(`matrx on ${tool} does say once that code of the project is not held back`, {
    skip: tools.skip || server.skip,
  }, async () => {
    await using database = await testDatabase(server);
    const where = `notice-${tool}`;
    await project.write(`${where}/migrations/0001_shop.up.sql`, SHOP);
    const run = (...args: readonly string[]): Promise<Ended> =>
      runProgram(tools.path(tool), [matrx, ...args], {
        cwd: join(project.path, where),
        env: { DATABASE_URL: database.url },
      });
    const migrated = await run("migrate");
    assert.equal(migrated.status, 0, migrated.err);
    const notices = migrated.err.match(/^warning This runtime has no sandbox/gm);
    assert.equal(notices?.length, 1, migrated.err);
    assert.equal((await run("migrate", "--quiet")).err, "");
    // a command that loads no code of the project has nothing to say
    assert.equal((await run("generate", "--dry-run")).err, "");
  });
}

/** How programs are told apart from each other by compilers. */
const RESOLUTIONS = {
  nodenext: ["--module", "nodenext"],
  bundler: ["--module", "esnext", "--moduleResolution", "bundler"],
} as const;

for (const compiler of ["typescript5", "typescript7"] as const) {
  for (const [name, flags] of Object.entries(RESOLUTIONS)) {
    test(`the npm package, its models and managers do compile with ${compiler} and ${name}`, {
      skip: tools.skip || server.skip,
    }, async () => {
      const consumer = fileURLToPath(new URL("consumer.ts", import.meta.url));
      await copyFile(consumer, join(project.path, "consumer.ts"));
      await project.write("managed.ts", MANAGED);
      await succeed(tools.path("node24"), [
        ...[tools.path(compiler), "--noEmit", "--strict", "--exactOptionalPropertyTypes"],
        ...["--noUncheckedIndexedAccess", "--target", "es2022", "--lib", "esnext,dom"],
        ...["--allowImportingTsExtensions", ...flags],
        ...["consumer.ts", "managed.ts", "node24/models/mod.ts", "node24/models/managers.ts"],
      ], { cwd: project.path });
    });
  }
}
