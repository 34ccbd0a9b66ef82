import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { DENO, runCli } from "./cli_process.ts";
import { type TestFolder, testFolder } from "./cli_support.ts";
import { attacksOn, attackText, companions, type Targets } from "./hostile_attacks.ts";

const server = await testServer("pg18");
const skip = DENO === undefined ? "the sandbox is that of Deno" : server.skip;
const SECRET = "s3cr3t-w0rd";

let db: TestDatabase;
let other: Server;
let hits = 0;
let outside: TestFolder;
let targets: Targets;

before(async () => {
  if (skip !== false) return;
  db = await testDatabase(server);
  other = createServer((_, answer) => {
    hits++;
    answer.setHeader("content-type", "application/typescript").end("export default 'other'");
  });
  other.on("connection", () => hits++);
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  outside = await testFolder();
  await outside.write("secret.txt", SECRET);
  await outside.write("module.ts", `export default "outside";`);
  await outside.write("module.cjs", `module.exports = "outside";`);
  targets = {
    secretFile: `${outside.path}/secret.txt`,
    outside: outside.path,
    otherPort: (other.address() as AddressInfo).port,
  };
});
after(async () => {
  if (skip !== false) return;
  other.close();
  await outside[Symbol.asyncDispose]();
  await db[Symbol.asyncDispose]();
});

/** The number of tables and rows that the database has of the tests'. */
async function tables(): Promise<readonly (readonly unknown[])[]> {
  const { rows } = await db.driver.query({
    text: "select relname from pg_class where relnamespace = 'public'::regnamespace order by 1",
    params: [],
  });
  return rows;
}

/** A project whose migration says what it likes. */
async function project(migration: string): Promise<TestFolder> {
  const folder = await testFolder();
  await folder.write(".env", `TOKEN=${SECRET}`);
  await folder.write("migrations/0001_first.up.sql", "create table first (id int)");
  await folder.write("migrations/0002_hostile.ts", migration);
  for (const [name, text] of Object.entries(companions(targets))) {
    await folder.write(`migrations/${name}`, text);
  }
  return folder;
}

function env(): Record<string, string> {
  return { DATABASE_URL: db.url, MATRX_TEST_SECRET: SECRET };
}

/** Checks that every attack was refused and left nothing behind. */
async function allRefused(printed: string, folder: TestFolder, names: readonly string[]) {
  const [, report = ""] = /REPORT(.*?)END/s.exec(printed) ?? [];
  assert.notEqual(report, "", printed);
  const told = JSON.parse(report) as Record<string, string>;
  assert.deepEqual(Object.keys(told), names);
  const through = Object.entries(told).filter(([, what]) => !what.startsWith("refused: "));
  assert.deepEqual(through, []);
  assert.ok(!printed.includes(SECRET), "no secret was read");
  assert.equal(hits, 0, "the other server heard nothing");
  assert.deepEqual(Object.keys(await outside.all()).sort(), [
    "module.cjs",
    "module.ts",
    "secret.txt",
  ]);
  const left = Object.keys(await folder.all());
  assert.ok(!left.some((path) => /made|link/.test(path)), left.join());
  console.log(`${names.length} attacks, none got through`);
}

/** What an attack's report looks like in the message of an error: quotes stay, lines go. */
const THROW = `throw new Error(await attack());`;

test(
  "a migration gets at nothing but its database, and leaves that as it was",
  { skip },
  async () => {
    const attacks = attacksOn(targets);
    await using folder = await project(`${attackText(attacks)}
export async function up(db: { execute(text: string): Promise<unknown> }): Promise<void> {
  await db.execute("create table hostile (id int)");
  ${THROW}
}`);
    const before = await tables();
    const ran = await runCli(["-A"], ["migrate", "--to", "0002"], { cwd: folder.path, env: env() });
    assert.equal(ran.code, 1, ran.err);
    await allRefused(ran.err, folder, Object.keys(attacks));
    assert.deepEqual((await tables()).flat().filter((name) => name === "hostile"), []);
    assert.ok(before.length <= (await tables()).length);
  },
);

test("what a migration does while it is loaded is refused too", { skip }, async () => {
  const attacks = attacksOn(targets);
  await using folder = await project(`${attackText(attacks)}
console.error(await attack());
export async function up(): Promise<void> {}`);
  const ran = await runCli(["-A"], ["status"], { cwd: folder.path, env: env() });
  await allRefused(ran.err, folder, Object.keys(attacks));
});

test(
  "a config file reads its folder and the variables of databases, no more",
  { skip },
  async () => {
    const {
      "read what lies beside its folder": _,
      "read the variable of the database": __,
      ...attacks
    } = attacksOn(targets);
    await using folder = await testFolder();
    for (const [name, text] of Object.entries(companions(targets))) await folder.write(name, text);
    await folder.write("migrations/0001_first.up.sql", "create table first (id int)");
    await folder.write(
      "matrx.config.ts",
      `${attackText(attacks)}
console.log(await attack());
export default { databases: { main: Deno.env.get("DATABASE_URL") } };`,
    );
    const ran = await runCli(["-A"], ["status", "--json"], { cwd: folder.path, env: env() });
    assert.equal(ran.code, 0, ran.out);
    JSON.parse(ran.out); // what the config prints is no data
    await allRefused(ran.err, folder, Object.keys(attacks));
  },
);

test("a config that holds functions is loaded beside the migrations, without the variables", {
  skip,
}, async () => {
  const { "read what lies beside its folder": _, ...attacks } = attacksOn(targets);
  await using folder = await project(`${attackText(attacks)}
export async function up(): Promise<void> { ${THROW} }`);
  await folder.write(
    "matrx.config.ts",
    `export default { databases: {
  main: { url: Deno.env.get("DATABASE_URL"), onQuery() { globalThis.heard = true; } },
} };`,
  );
  const ran = await runCli(["-A"], ["migrate"], { cwd: folder.path, env: env() });
  assert.equal(ran.code, 1, ran.err);
  await allRefused(ran.err, folder, Object.keys(attacks));
});

const FATAL: Readonly<Record<string, string>> = {
  "starts a worker with wider rights": `const worker = new Worker(
    new URL("./worker.ts", import.meta.url),
    { type: "module", deno: { permissions: { read: true } } } as WorkerOptions,
  );
  await new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(console.log(data)); });`,
  "ends the process": "Deno.exit(7);",
};

for (const [what, text] of Object.entries(FATAL)) {
  test(`a migration that ${what} changes nothing`, { skip }, async () => {
    await using folder = await project(`
export async function up(db: { execute(text: string): Promise<unknown> }): Promise<void> {
  await db.execute("create table hostile (id int)");
  ${text}
}`);
    const ran = await runCli(["-A"], ["migrate"], { cwd: folder.path, env: env() });
    assert.notEqual(ran.code, 0);
    assert.ok(!(ran.out + ran.err).includes(SECRET));
    assert.ok(!(await tables()).flat().includes("hostile"));
  });
}

test(
  "--no-sandbox says that it is meant, and the rights are those of the start",
  { skip },
  async () => {
    await using folder = await project(`
export async function up(): Promise<void> {
  throw new Error("read " + Deno.readTextFileSync(${JSON.stringify(targets.secretFile)}).length);
}`);
    const start = { cwd: folder.path, env: env() };
    const free = await runCli(["-A"], ["migrate", "--no-sandbox"], start);
    assert.match(free.err, new RegExp(`read ${SECRET.length}`));
    const allowed = await runCli(["-A"], ["migrate", "--allow-read", outside.path], start);
    assert.match(allowed.err, new RegExp(`read ${SECRET.length}`));
  },
);
