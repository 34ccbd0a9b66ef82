/** Each example, run as its first lines say. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT } from "../../tools/project.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { succeed, workplace } from "../support/program.ts";
import { freePort, testServer } from "../support/servers.ts";
import { toolbox } from "../support/toolbox.ts";
import { installPackage } from "./bundling.ts";

const deno = process.execPath;
const server = await testServer("pg18");
const tools = await toolbox();
const project = await workplace();
after(() => project[Symbol.asyncDispose]());
const place = (path: string): string => join(ROOT, "examples", path);

/** The package as users of Node and Bun install it, once for all. */
let installed: Promise<void> | undefined;
function packageInstalled(): Promise<void> {
  return installed ??= installPackage(project, [
    ...["pg@8.23.1", "@electric-sql/pglite@0.5.14", "@electric-sql/pglite-pgvector@0.0.15"],
  ]);
}

async function load(database: TestDatabase, file: string): Promise<void> {
  const connection = await database.driver.acquire();
  await connection.script(await Deno.readTextFile(place(file)));
  connection.release();
}

/** Serves a handler that may reach the server, listen, and read its variables; then asks it. */
async function served(
  file: string,
  database: TestDatabase,
  ask: (url: string) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  const { host } = new URL(database.url);
  const child: ChildProcess = spawn(deno, [
    ...[
      "serve",
      "--no-prompt",
      "--no-check",
      `--allow-net=127.0.0.1:${port},${host}`,
      "--allow-env",
    ],
    ...["--host", "127.0.0.1", "--port", String(port), place(file)],
  ], {
    cwd: ROOT,
    env: { PATH: "/usr/bin:/bin", HOME: process.env["HOME"], DATABASE_URL: database.url, ...DENO },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on("data", (part: Uint8Array) => printed += String(part));
  }
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  try {
    const limit = Date.now() + 60_000;
    while (!printed.includes("Listening")) {
      if (child.exitCode !== null || Date.now() > limit) throw new Error(printed);
      await sleep(50);
    }
    await ask(`http://127.0.0.1:${port}`);
  } catch (error) {
    throw new Error(printed, { cause: error });
  } finally {
    child.kill("SIGTERM");
    await ended;
  }
}

/** Where the present Deno keeps what it downloaded. */
const DENO: Readonly<Record<string, string>> = process.env["DENO_DIR"] === undefined
  ? {}
  : { DENO_DIR: process.env["DENO_DIR"] };

test("examples/deno_deploy does serve with network and environment as its rights", {
  skip: server.skip,
}, async () => {
  await using database = await testDatabase(server);
  await load(database, "deno_deploy/notes.sql");
  await served("deno_deploy/main.ts", database, async (url) => {
    const added = await fetch(url, { method: "POST", body: "first" });
    assert.equal(added.status, 201);
    assert.deepEqual(await added.json(), { id: 1, body: "first" });
    assert.deepEqual(await (await fetch(url)).json(), [{ id: 1, body: "first" }]);
  });
});

test("examples/hono does answer with rows and with errors", { skip: server.skip }, async () => {
  await using database = await testDatabase(server);
  await load(database, "hono/shop.sql");
  await served("hono/main.ts", database, async (url) => {
    const order = (total: string): Promise<Response> =>
      fetch(`${url}/customers/1/orders`, { method: "POST", body: JSON.stringify({ total }) });
    assert.equal((await order("7.25")).status, 201);
    assert.equal((await order("much")).status, 400);
    const found = await (await fetch(`${url}/customers/1`)).json() as { totals: string[] };
    assert.deepEqual(found, { name: "Ada", totals: ["12.50", "7.25"] });
    assert.equal((await fetch(`${url}/customers/9`)).status, 404);
  });
});

test("examples/bun does run on the npm package", { skip: tools.skip }, async () => {
  await packageInstalled();
  await copyFile(place("bun/main.ts"), join(project.path, "bun.ts"));
  const printed = await succeed(tools.path("bun"), ["run", "bun.ts"], { cwd: project.path });
  assert.deepEqual(printed.trim().split("\n"), [
    "Lady walked 20 minutes",
    "Rex walked 75 minutes",
  ]);
});

test("examples/node does run on the npm package", { skip: tools.skip || server.skip }, async () => {
  await packageInstalled();
  await using database = await testDatabase(server);
  await copyFile(place("node/main.ts"), join(project.path, "node.ts"));
  const printed = await succeed(tools.path("node24"), ["node.ts"], {
    cwd: project.path,
    env: { DATABASE_URL: database.url },
  });
  assert.deepEqual(printed.trim().split("\n"), [
    "refused: accounts_balance_check",
    "Ada has 69.50",
    "Grace has 35.50",
  ]);
});

test("examples/pgvector does find what is alike", async () => {
  const printed = await succeed(deno, ["run", "-A", "--no-check", place("pgvector/main.ts")], {
    cwd: ROOT,
  });
  assert.deepEqual(printed.trim().split("\n"), [
    "Tonic at 0.012",
    "Espresso at 0.028",
    "coffee alone: Espresso",
  ]);
});

test("examples/row_security does show each user their own rows", {
  skip: server.skip,
}, async () => {
  await using database = await testDatabase(server);
  const printed = await succeed(deno, ["run", "-A", "--no-check", place("row_security/main.ts")], {
    cwd: ROOT,
    env: { DATABASE_URL: database.url },
  });
  assert.deepEqual(printed.trim().split("\n"), [
    "1 sees: Ada's own",
    "2 sees: Grace's own",
    "a note in another's name is refused",
    "auth.users is closed to users",
    "the server's own role sees 2 notes",
  ]);
});
