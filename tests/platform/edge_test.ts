/** The library at the edge: without rights, without connections that outlive a request, in Workers. */
import assert from "node:assert/strict";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { packageConfig, ROOT } from "../../tools/project.ts";
import { testDatabase } from "../support/database.ts";
import { succeed, workplace } from "../support/program.ts";
import { testServer } from "../support/servers.ts";
import { toolbox } from "../support/toolbox.ts";
import { bundleWorker, installPackage, startWorker } from "./bundling.ts";

const server = await testServer("pg18");
const tools = await toolbox();
const project = await workplace();
after(() => project[Symbol.asyncDispose]());
const mod = JSON.stringify(new URL("../../mod.ts", import.meta.url).href);
const recorder = JSON.stringify(new URL("../../src/drivers/recording.ts", import.meta.url).href);

/** Uses the library with no database behind it, and says whether transactions follow the flow of calls. */
const PROGRAM = (library: string, recording: string): string => `
import { model, registerDatabase, text, transaction, uuid, withDatabase } from ${library};
import { recording } from ${recording};
class Customer extends model("customers", { id: uuid().primaryKey(), name: text() }) {}
export async function run() {
  const driver = recording({ unanswered: "empty" });
  registerDatabase({ name: "main", driver });
  await Customer.filter({ name: { startsWith: "A" } }).all();
  const id = "00000000-0000-4000-8000-000000000001";
  const code = (error) => error.code;
  const ambient = await transaction(async () => {
    await Customer.deleteWhere({ id });
    return "joins";
  }).catch(code);
  const own = await withDatabase({ driver: recording({ unanswered: "empty" }) }, async () => "opens").catch(code);
  const explicit = await transaction(async (tx) => {
    await Customer.using(tx).deleteWhere({ id });
    return "joins";
  });
  return { ambient, own, explicit };
}
`;
const AMBIENT = { ambient: "joins", own: "opens", explicit: "joins" };
const PLAIN = {
  ambient: "transaction_needs_parameter",
  own: "flow_needs_ambient",
  explicit: "joins",
};

test("the core does run with no permission at all", async () => {
  await using place = await workplace();
  const file = await place.write(
    "main.js",
    `${PROGRAM(mod, recorder)}\nconsole.log(JSON.stringify(await run()));`,
  );
  const printed = await succeed(process.execPath, ["run", "--no-prompt", "--no-config", file]);
  assert.deepEqual(JSON.parse(printed), AMBIENT);
});

/** Makes what Workers refuse at load fail, and imports what programs import. */
const AT_LOAD = (doors: readonly string[]): string => `
const seen = [];
const refuse = (holder, name) => {
  const usual = holder[name];
  Object.defineProperty(holder, name, {
    configurable: true, writable: true,
    // what a package or the runtime calls is theirs
    value: new Proxy(usual, {
      apply(target, self, args) { note(name); return Reflect.apply(target, self, args); },
      construct(target, args) { note(name); return Reflect.construct(target, args); },
    }),
  });
};
const note = (name) => {
  const caller = new Error().stack.split("\\n")[3] ?? "";
  if (caller.includes(${JSON.stringify(`${ROOT}/`)}) && !caller.includes("node_modules")) {
    seen.push(name + " " + caller.trim());
  }
};
for (const name of ["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch", "eval", "Function"]) {
  refuse(globalThis, name);
}
for (const name of ["random"]) refuse(Math, name);
for (const name of ["now"]) refuse(Date, name);
for (const name of ["now"]) refuse(performance, name);
for (const name of ["getRandomValues", "randomUUID"]) refuse(crypto, name);
for (const door of ${JSON.stringify(doors)}) await import(door);
setTimeout(() => {}, 0);
console.log(JSON.stringify(seen));
`;

test("modules do nothing at load that Workers refuse", async () => {
  const doors = Object.values(packageConfig().exports).filter((path) => path !== "./bin.ts")
    .map((path) => new URL(`../../${path}`, import.meta.url).href);
  await using place = await workplace();
  const file = await place.write("main.js", AT_LOAD(doors));
  const printed = await succeed(process.execPath, ["run", "-A", file], { cwd: ROOT });
  assert.deepEqual(JSON.parse(printed), []);
  // and what it looks for is found
  const bad = await place.write("bad.js", "");
  const probe = await place.write(
    "probe.js",
    AT_LOAD([`file://${bad}`]).replaceAll(ROOT, place.path),
  );
  const found = await succeed(process.execPath, ["run", "-A", probe], { cwd: place.path });
  assert.match(found, /setTimeout/);
});

test("a Worker of Deno without AsyncLocalStorage does refuse ambient transactions", async () => {
  await using place = await workplace();
  await place.write("work.js", PROGRAM(mod, recorder));
  // the global that leads to it goes before the library is loaded
  await place.write(
    "worker.js",
    `const bare = new URL(import.meta.url).searchParams.has("bare");
if (bare) delete globalThis.process;
const { run } = await import("./work.js");
self.postMessage(await run());`,
  );
  const file = await place.write(
    "main.js",
    `for (const query of ["", "?bare"]) {
  const worker = new Worker(new URL("worker.js" + query, import.meta.url).href, { type: "module" });
  const { data } = await new Promise((resolve) => worker.onmessage = resolve);
  console.log(JSON.stringify(data));
  worker.terminate();
}`,
  );
  const printed = await succeed(process.execPath, ["run", "-A", "--no-config", file]);
  assert.deepEqual(printed.trim().split("\n").map((line) => JSON.parse(line)), [AMBIENT, PLAIN]);
});

test("workerd without nodejs_compat does run the core, and refuses ambient transactions", {
  skip: tools.skip,
}, async () => {
  await using place = await workplace();
  await installPackage(place);
  await place.write(
    "app.js",
    `${PROGRAM(`"@matrx/orm"`, `"@matrx/orm/drivers/recording"`)}
export default { async fetch() { return Response.json(await run()); } };`,
  );
  // drivers are loaded on demand, and such a program demands none
  await succeed(tools.path("esbuild"), [
    ...["app.js", "--bundle", "--format=esm", "--target=es2022", "--outfile=plain.js"],
    ...["--external:*/node_pg.js", "--external:*/pglite.js"],
  ], { cwd: place.path });
  await using worker = await startWorker(tools, place, "plain.js", {
    flags: ["no_nodejs_compat", "no_nodejs_compat_v2"],
  });
  const answer = await fetch(worker.url);
  assert.deepEqual(await answer.json(), PLAIN, worker.printed());
});

test("workerd does serve requests side by side, each with a database of its own", {
  skip: tools.skip || server.skip,
}, async () => {
  await using database = await testDatabase(server);
  const connection = await database.driver.acquire();
  await connection.script(
    await Deno.readTextFile(join(ROOT, "examples/cloudflare_worker/notes.sql")),
  );
  connection.release();
  await installPackage(project);
  await copyFile(
    join(ROOT, "examples/cloudflare_worker/main.ts"),
    join(project.path, "worker.ts"),
  );
  await bundleWorker(project, tools, "worker.ts", "bundle.js");
  await using worker = await startWorker(tools, project, "bundle.js", {
    flags: ["nodejs_compat"],
    env: { DATABASE_URL: database.url },
  });
  const added = await Promise.all(Array.from({ length: 8 }, async (_, turn) => {
    const response = await fetch(worker.url, { method: "POST", body: `note ${turn}` });
    assert.equal(response.status, 201, worker.printed());
    return (await response.json() as { count: number }).count;
  }));
  assert.ok(added.every((count) => count >= 1 && count <= 8), added.join());
  const notes = await (await fetch(worker.url)).json() as string[];
  assert.deepEqual(notes.toSorted(), Array.from({ length: 8 }, (_, turn) => `note ${turn}`));
  // a check of the table that fails rolls the transaction back and closes the connection
  assert.equal((await fetch(worker.url, { method: "POST", body: "" })).status, 500);
  const left = await database.driver.query({
    text: "select count(*) from pg_stat_activity where datname = current_database()",
    params: [],
  });
  assert.ok(Number(left.rows[0]![0]) <= 2, `${left.rows[0]![0]} connections are left`);
});
