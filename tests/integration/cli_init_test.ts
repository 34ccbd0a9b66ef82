import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../../cli/main.ts";
import { fakeHost } from "../unit/cli_host.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { DENO, runCli, runProgram } from "./cli_process.ts";
import { matrx, testFolder } from "./cli_support.ts";

const server = await testServer("pg18");
const skip = DENO === undefined ? "it is started on Deno" : server.skip;

/** How many tables the database of the first steps has. */
const TABLES = 50;

/** The longest way from an empty folder to rows, in ms. */
const LIMIT = 60_000;

test(
  "an empty folder and a URL lead to a first typed query without a question",
  { skip },
  async () => {
    await using db = await testDatabase(server);
    const connection = await db.driver.acquire();
    await connection.script(
      Array.from(
        { length: TABLES },
        (_, i) =>
          `create table item_${i} (id int primary key, name text not null` +
          `${i === 0 ? "" : `, parent_id int references item_${i - 1}`});`,
      ).join("\n") +
        "insert into item_0 values (1, 'first'); insert into item_1 values (7, 'second', 1);",
    );
    connection.release();
    await using folder = await testFolder();
    const start = { cwd: folder.path, env: { DATABASE_URL: db.url } };
    const began = performance.now();
    const init = await runCli(["-A"], ["init", "--json"], start);
    assert.equal(init.code, 0, init.err + init.out);
    const generate = await runCli(["-A"], ["generate", "--json"], start);
    assert.equal(generate.code, 0, generate.err + generate.out);
    assert.equal(JSON.parse(generate.out).counts.tables, TABLES);
    await folder.write(
      "main.ts",
      `import { closeAll, registerDatabase } from "@matrx/orm";
import { Item1 } from "./models/mod.ts";
registerDatabase({ name: "main", url: Deno.env.get("DATABASE_URL")! });
const [item] = await Item1.filter({ name: { startsWith: "sec" } }).selectRelated("parentId").all();
const name: string | undefined = item!.getRelated("parentId")?.name;
console.log(item!.id, name);
await closeAll();
`,
    );
    const query = await runProgram(DENO!, ["run", "-A", "main.ts"], start);
    const seconds = (performance.now() - began) / 1000;
    assert.equal(query.out, "7 first\n", query.err);
    console.log(`${TABLES} tables: init, generate and a typed query in ${seconds.toFixed(1)} s`);
    assert.ok(seconds * 1000 < LIMIT, `${seconds} s`);
  },
);

test("matrx init makes config, tasks, sets and folders, and leaves what is there", async () => {
  await using folder = await testFolder();
  await folder.write("matrx.config.js", "export default {};");
  const how = { cwd: folder.path };
  const before = await folder.all();
  const dry = await matrx(["init", "--dry-run", "--json"], how);
  assert.equal(dry.status, 0, dry.err);
  assert.deepEqual(
    JSON.parse(dry.out).files,
    [
      { path: "db/", action: "create" },
      { path: "migrations/", action: "create" },
      { path: "matrx.config.js", action: "left" },
      { path: "deno.json", action: "create" },
    ].map((one) => one.path === "db/" ? { ...one, path: "models/" } : one),
  );
  assert.deepEqual(await folder.all(), before);
  const made = await matrx(["init", "--out", "db", "--migrations", "changes"], how);
  assert.equal(made.status, 0, made.err);
  assert.match(made.out, /left as it is: matrx\.config\.js/);
  const all = await folder.all();
  assert.equal(all["matrx.config.js"], "export default {};");
  assert.deepEqual([all["db/"], all["changes/"]], ["", ""]);
  const { tasks, permissions, imports } = JSON.parse(all["deno.json"]!);
  assert.match(tasks["matrx:generate"], /^deno run -A \S+ generate$/);
  assert.ok(permissions["matrx-generate"].write.includes("db"));
  assert.ok(permissions["matrx-migrate"].read.includes("changes"));
  assert.ok(imports["@matrx/orm"]);
  await folder.write("deno.json", "{}");
  await matrx(["init", "--yes"], how);
  assert.equal(await folder.read("deno.json"), "{}");
});

test("matrx init writes a URL without a login, and names the variable for one with it", async () => {
  await using folder = await testFolder();
  await matrx(["init", "--database", "pglite://./data"], { cwd: folder.path });
  assert.match(await folder.read("matrx.config.ts"), /url: "pglite:\/\/\.\/data"/);
  await using other = await testFolder();
  const url = "postgres://me:s3cr3t@h/x";
  const ran = await matrx(["init", "--database", url], { cwd: other.path });
  assert.ok(!JSON.stringify(await other.all()).includes("s3cr3t"));
  assert.match(ran.out, /set DATABASE_URL/);
});

test("matrx init asks at most four questions, and none of what is given", async () => {
  await using folder = await testFolder();
  const asked: string[] = [];
  const how = {
    cwd: folder.path,
    answer: (question: string) => asked.push(question) === 2 ? " changes " : "",
  };
  assert.equal(await main(["init", "--out", "db"], fakeHost(how)), 0);
  assert.deepEqual(asked, [
    "URL of the database (the variable DATABASE_URL): ",
    "Folder of the migrations (migrations): ",
  ]);
  assert.match(await folder.read("matrx.config.ts"), /migrations: "changes"/);
  await using silent = await testFolder();
  for (const flag of ["--yes", "--json", "--quiet"]) {
    await main(["init", flag, "--dry-run"], fakeHost({ ...how, cwd: silent.path }));
  }
  assert.equal(asked.length, 2);
});
