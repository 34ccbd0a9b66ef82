/** `matrx makemigrations`: options, exit statuses, what is asked and what never is. */
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { LIBRARY, runScript } from "../support/generated.ts";
import { testServer } from "../support/servers.ts";
import { matrx, type Ran, type TestFolder, testFolder } from "./cli_support.ts";

const server = await testServer("pg18");
const skip = { skip: server.skip };

/** A module of one model; each text is a module of its own, as a program loads one once. */
function models(columns: string, more = ""): string {
  return `import { integer, index, jsonb, model, text } from ${JSON.stringify(LIBRARY)};
export class Note extends model("notes", { id: integer().primaryKey(), ${columns} }) {}
${more}`;
}

interface World extends AsyncDisposable {
  readonly folder: TestFolder;
  readonly db: TestDatabase;
  run(command: string, ...more: string[]): Promise<Ran>;
  migrations(): Promise<string[]>;
}

let modules = 0;

async function world(answer?: (question: string) => string): Promise<World> {
  const folder = await testFolder();
  const db = await testDatabase(server);
  return {
    folder,
    db,
    run: (command, ...more) =>
      matrx([command, "--database", db.url, ...more], {
        cwd: folder.path,
        ...(answer === undefined ? {} : { answer }),
      }),
    migrations: async () => {
      const all = await readdir(join(folder.path, "migrations")).catch(() => []);
      return all.filter((name) => /^\d/.test(name)).sort();
    },
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function make(on: World, columns: string, ...more: string[]): Promise<Ran> {
  const path = `models_${++modules}.ts`;
  await on.folder.write(path, models(columns));
  return await on.run("makemigrations", "--models", path, "--shadow", on.db.url, ...more);
}

test("matrx makemigrations writes, tells as JSON, and then has nothing to do", skip, async () => {
  await using on = await world();
  const dry = await make(on, "body: text()", "--dry-run");
  assert.equal(dry.status, 3, dry.err);
  assert.match(dry.out, /^BEGIN;\nCREATE TABLE "public"\."notes"/m);
  assert.match(dry.out, /^-- taken back by\nBEGIN;\n-- .*\n-- Destroys all rows/m);
  assert.deepEqual(await on.migrations(), []);
  const made = await make(on, "body: text()", "--json");
  assert.equal(made.status, 0, made.out);
  const told = JSON.parse(made.out);
  assert.deepEqual(Object.keys(told).sort(), [
    ...["changes", "dependencies", "down", "dryRun", "files", "losses", "name", "shadow"],
    ...["transaction", "unmanaged", "up", "warnings"],
  ]);
  assert.equal(told.name, "0001_create_notes");
  assert.deepEqual(Object.keys(told.up[0]).sort(), [
    ...["destroys", "lock", "notes", "rewrites", "scans", "sql"],
  ]);
  assert.deepEqual(await on.migrations(), ["0001_create_notes.ts"]);

  const pending = await make(on, "body: text(), at: integer().nullable()", "--format", "sql");
  assert.match(pending.err, /1 migration is pending/);
  assert.deepEqual((await on.migrations()).slice(1), [
    "0002_add_at_to_notes.down.sql",
    "0002_add_at_to_notes.up.sql",
  ]);
  assert.match(await on.folder.read("migrations/0002_add_at_to_notes.up.sql"), /0001_create_notes/);
  const applied = await on.run("migrate");
  assert.match(applied.out, /applied 0001_create_notes .*\napplied 0002_add_at_to_notes/);
  const again = await make(on, "body: text(), at: integer().nullable()");
  assert.deepEqual([again.status, again.out.split("\n")[0]], [0, "No changes"]);
});

test(
  "matrx makemigrations asks for the name of what is lost, on a terminal alone",
  skip,
  async () => {
    const answers: string[] = [];
    await using on = await world((question) => {
      answers.push(question);
      return /Type (\S+) to let it go/.exec(question)?.[1] ?? "n";
    });
    await make(on, "body: text(), gone: text()");
    await on.run("migrate");
    await runScript(on.db.driver, "insert into notes values (1, 'b', 'g')");
    const refused = await make(on, "body: text()", "--json");
    assert.equal(refused.status, 1);
    assert.equal(JSON.parse(refused.out).error.code, "data_loss");
    assert.match(JSON.parse(refused.out).error.message, /public\.notes\.gone: .*: 1 row/);
    assert.deepEqual(answers, []);
    const renamed = await make(on, "body: text(), other: text()", "--dry-run");
    assert.equal(renamed.status, 3, renamed.err);
    assert.match(answers[0]!, /Is other the column public\.notes\.gone under a new name/);
    assert.match(answers[1]!, /Type public\.notes\.gone/);
    const lost = await make(on, "body: text()", "--allow-loss=notes.gone");
    assert.equal(lost.status, 0, lost.err);
    assert.match(lost.out, /^destroys public\.notes\.gone: .*: 1 row$/m);
  },
);

test(
  "matrx makemigrations --offline starts from the snapshot, and refuses one that is stale",
  skip,
  async () => {
    await using on = await world();
    const offline = async (columns: string): Promise<Ran> => {
      const path = `models_${++modules}.ts`;
      await on.folder.write(path, models(columns));
      return await matrx(["makemigrations", "--models", path, "--shadow", on.db.url, "--offline"], {
        cwd: on.folder.path,
      });
    };
    const first = await offline("body: text()");
    assert.equal(first.status, 0, first.err);
    await on.folder.write("migrations/0002_by_hand.up.sql", "create table beside (id int);");
    const second = await offline("body: text(), at: integer().nullable()");
    assert.equal(second.status, 0, second.err);
    assert.deepEqual(await on.migrations(), [
      ...["0001_create_notes.ts", "0002_by_hand.up.sql", "0003_add_at_to_notes.ts"],
    ]);
    assert.equal((await on.run("migrate")).status, 0);
    const gone = await offline("at: integer().nullable()");
    assert.match(gone.err, /code: data_loss/);

    const snapshot = await on.folder.read("migrations/snapshot.json");
    await on.folder.write("migrations/snapshot.json", snapshot.replaceAll("body", "bodie"));
    const edited = await offline("body: text(), at: integer().nullable()");
    assert.match(edited.err, /code: snapshot_checksum/);
    await on.folder.write("migrations/snapshot.json", snapshot);
    await on.folder.write("migrations/0002_by_hand.up.sql", "create table other (id int);");
    const stale = await offline("body: text(), at: integer().nullable()");
    assert.match(stale.err, /0002_by_hand is not the file that it was made with/);
    assert.match(stale.err, /code: snapshot_stale/);
  },
);

test("matrx makemigrations refuses bad input before anything is written", skip, async () => {
  await using on = await world();
  await make(on, "body: text()");
  await on.run("migrate");
  const before = await on.migrations();
  const cases: [string[], number, RegExp][] = [
    [["--models", "nowhere"], 1, /code: models_missing/],
    [["--include-tables", "a", "--exclude-tables", "b"], 2, /exclude each other/],
    [["--rename", "notes.bodi:text"], 1, /Did you mean notes\.body\?/],
    [["--rename", "notes"], 1, /code: invalid_rename/],
    [["--format", "xml"], 2, /--format does not take "xml"/],
    [["--name", "../escape"], 1, /code: invalid_migration_name/],
    [["--drop-unmanaged=nothing"], 1, /code: unknown_object/],
    [["--schema", "nosuch"], 1, /code: schema_not_found/],
  ];
  for (const [more, status, told] of cases) {
    const path = `models_${++modules}.ts`;
    await on.folder.write(path, models("body: text().nullable()"));
    const args = more.includes("--models") ? more : ["--models", path, ...more];
    const ran = await on.run("makemigrations", "--shadow", on.db.url, ...args);
    assert.equal(ran.status, status, `${more}: ${ran.out}${ran.err}`);
    assert.match(ran.err, told);
  }
  await on.folder.write("none.ts", "export const nothing = 1;");
  const none = await on.run("makemigrations", "--models", "none.ts");
  assert.match(none.err, /code: no_models/);
  await on.folder.write("broken.ts", "throw new Error('as it is loaded');");
  const broken = await on.run("makemigrations", "--models", "broken.ts");
  assert.match(broken.err, /as it is loaded[^]*code: models_failed_to_load/);
  await on.folder.write("objects/a.sql", "create extension no_such_extension;");
  const extension = await make(on, "body: text().nullable()", "--objects", "objects");
  assert.match(extension.err, /code: shadow_extension_missing/);
  assert.deepEqual(await on.migrations(), before);
  await on.run("empty", "--name", "later");
  await on.run("migrate");
  await on.folder.write("migrations/0002_later.ts", "export function up() {}");
  assert.match((await make(on, "body: text().nullable()")).err, /code: migration_changed/);
});
