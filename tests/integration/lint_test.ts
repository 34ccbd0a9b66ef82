/** What lint finds in SQL and in migrations, and that what it says of locks is what the server does. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { main } from "../../cli/main.ts";
import { HAZARDS } from "../../migrations/lint/hazard.ts";
import { lint, lintSql } from "../../migrations/lint.ts";
import { loadMigrations } from "../../migrations/file/load.ts";
import { closeDatabase, registerDatabase } from "../../mod.ts";
import { recording } from "../../src/drivers/recording.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { fakeHost } from "../unit/cli_host.ts";
import { CASES } from "./lint_cases.ts";

const folders: string[] = [];
after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "matrx-orm-lint-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

test("lintSql() finds each hazard where it is, and nowhere else", async () => {
  const seen = new Set<string>();
  for (const [text, kinds] of CASES) {
    const transaction = text.startsWith("tx: ");
    const { hazards } = await lintSql(text.replace(/^tx: /, ""), { transaction });
    const found = hazards.map(({ kind }) => kind);
    assert.deepEqual(found.toSorted(), kinds.toSorted(), text);
    for (const kind of found) seen.add(kind);
  }
  // what only a file can have
  const others = ["lint-ignore", "transaction-command", "unread"];
  assert.deepEqual(
    Object.keys(HAZARDS).filter((kind) => !seen.has(kind)).toSorted(),
    others.toSorted(),
  );
});

const MODULE = `
export const dependencies = [];
export async function up(db) {
  await db.execute(\`
    create table public.a (id bigint);

    create index on public.a (id)\`);
  // matrx: lint-ignore drop-table nobody has read it since spring
  await db.execute("drop table public.old");
  for (const name of ["b", "c"]) {
    await db.execute(\`create index on public.\${name} (id)\`);
  }
  await db.executeMany("insert into public.a values ($1)", [[1], [2]]);
  await db.execute("commit");
}
export async function down(db) {
  await db.execute("drop table public.a");
}
`;

test("lint() tells the lines of modules, takes comments, and judges the way back if asked", async () => {
  const folder = await folderOf({ "0001_a.ts": MODULE });
  const { files: [up, ...rest], counts } = await lint({ folder });
  assert.deepEqual(rest, []);
  assert.deepEqual(
    up!.hazards.map(({ line, kind, accepted }) => [line, kind, accepted]),
    [
      [9, "drop-table", "nobody has read it since spring"],
      [11, "index-locks-writes", null],
      [11, "index-locks-writes", null],
      [11, "work-under-lock", null],
      [14, "transaction-command", null],
    ],
  );
  assert.deepEqual(up!.statements.map(({ line }) => line), [5, 7, 9, 11, 11, 13, 14]);
  assert.deepEqual(counts, { error: 1, warning: 3, notice: 0, accepted: 1 });
  const both = await lint({ folder, down: true });
  assert.deepEqual(both.files.map(({ direction }) => direction), ["up", "down"]);
  assert.deepEqual(both.files[1]!.hazards.map(({ kind }) => kind), ["drop-table"]);
});

test("lint() reads SQL files, with what their comments accept, and knows what earlier files made", async () => {
  const folder = await folderOf({
    "0001_a.up.sql": "-- matrx: lint-ignore-file rename one program uses it\n" +
      "create table public.a (id bigint);\nalter table public.b rename x to y;\n" +
      "alter table public.b\n  rename y to z; -- matrx: lint-ignore drop-column here is none\n" +
      "alter table public.b add constraint c check (z is not null) not valid;",
    "0002_b.up.sql": "-- matrx: no transaction\n-- matrx: lint-ignore drop-table\n" +
      "drop table public.a;\n/* matrx: lint-ignore drop-tabel typed in haste */\nselect 1;\n" +
      "alter table public.b validate constraint c;\n" +
      "alter table public.b alter z set not null;",
  });
  await loadMigrations(folder); // the head of a file may speak to lint
  const { files } = await lint({ folder });
  assert.deepEqual(
    files.map(({ file, hazards }) => [
      file,
      ...hazards.map(({ line, kind, accepted }) =>
        `${line} ${kind}${accepted === null ? "" : " ok"}`
      ),
    ]),
    [
      ["0001_a.up.sql", "3 rename ok", "4 rename ok", "5 lint-ignore"],
      ["0002_b.up.sql", "2 lint-ignore", "3 drop-table", "4 lint-ignore"],
    ],
  );
  assert.match(files[1]!.hazards[2]!.what, /drop-table is meant, perhaps/);
  const only = await lint({ folder, names: ["2"] });
  assert.deepEqual(only.files.map(({ migration }) => migration), ["0002_b"]);
});

test("lint() lets no migration reach a database, and says where it stopped", async () => {
  const sent = recording();
  registerDatabase({ name: "lint_closed", driver: sent });
  try {
    const orm = new URL("../../mod.ts", import.meta.url).href;
    const folder = await folderOf({
      "0001_a.ts": `import { integer, model } from ${JSON.stringify(orm)};
      class Item extends model("items", { id: integer().primaryKey() }, { database: "lint_closed" }) {}
      export async function up(db) {
        await db.execute("drop table public.a");
        await Item.create({ id: 1 });
      }`,
      "0002_b.ts": `export async function up(db) {
        if (await db.fetchVal("select true")) await db.execute("drop table public.b");
      }`,
    });
    const { files } = await lint({ folder });
    assert.deepEqual(files.map(({ hazards }) => hazards.map(({ kind }) => kind)), [
      ["drop-table", "unread"],
      ["unread"],
    ]);
    assert.deepEqual(sent.statements, []);
  } finally {
    await closeDatabase("lint_closed");
  }
});

test("matrx lint prints hazards, and its status tells of them", async () => {
  const folder = await folderOf({
    "0001_a.up.sql": "create table public.a (id int);",
    "0002_b.up.sql": "alter table public.a add column b text;\ndrop table public.c;",
  });
  const run = async (...args: string[]) => {
    const host = fakeHost({ cwd: folder });
    const status = await main(["lint", "--dir", folder, ...args], host);
    return { status, printed: host.printed(), told: host.told() };
  };
  const all = await run();
  assert.equal(all.status, 3, all.told);
  assert.match(all.printed, /^0002_b\.up\.sql:2 error drop-table: DROP TABLE c\n {4}All its rows/);
  assert.match(all.printed, /\n2 files, 1 error, 0 warnings, 0 accepted\n1 notice not shown/);
  assert.equal((await run("--only", "0001")).status, 0);
  assert.equal((await run("--only", "0001", "--level", "notice")).status, 3);
  const json = JSON.parse((await run("--json")).printed);
  assert.equal(json.files[1].hazards[0].kind, "drop-table");
  assert.deepEqual(json.files[1].statements[0].facts.locks, [
    { mode: "ACCESS EXCLUSIVE", relation: "a" },
  ]);
  const script = join(folder, "0002_b.up.sql");
  assert.match((await run("--file", script)).printed, /0002_b\.up\.sql:2 error drop-table/);
  assert.equal((await run("--file", script, "--pending")).status, 2);
  assert.equal((await run("--file", join(folder, "none.sql"))).status, 1);
  assert.equal((await run("--only", "0009")).status, 1);
  assert.equal((await run("--level", "eror")).status, 2);
});

test("lint() takes the levels of a project, and leaves out what it does not judge", async () => {
  const folder = await folderOf({
    "0001_a.up.sql": "create table public.a (id int); drop table public.z;",
    "0002_b.up.sql": "create index on public.a (id);\n-- matrx: lint-ignore drop-table old\n" +
      "drop table public.c;\nalter table public.d add column b varchar(3);",
  });
  const levels = {
    "drop-table": "off",
    "varchar-limit": "error",
    "integer-column": "off",
  } as const;
  const { files, counts } = await lint({ folder, levels, ignore: ["0001_*"] });
  assert.deepEqual(files.map(({ migration }) => migration), ["0002_b"]);
  // the table is made by a file that is left out, in an earlier transaction
  assert.deepEqual(files[0]!.hazards.map(({ kind, level }) => [kind, level]), [
    ["index-locks-writes", "warning"],
    ["varchar-limit", "error"],
  ]);
  assert.deepEqual(
    files[0]!.statements.flatMap(({ hazards }) => hazards).map(({ kind }) => kind),
    ["index-locks-writes", "varchar-limit"],
  );
  assert.deepEqual(counts, { error: 1, warning: 1, notice: 0, accepted: 0 });
  const named = await lint({ folder, levels, ignore: ["0001_*"], names: ["0001"] });
  assert.deepEqual(named.files.map(({ migration }) => migration), ["0001_a"]);
  const wrong = { "drop-tabel": "off" } as unknown as typeof levels;
  await assert.rejects(lint({ folder, levels: wrong }), {
    code: "invalid_option",
    hint: "Did you mean drop-table?",
  });
  const loud = { "drop-table": "loud" } as unknown as typeof levels;
  await assert.rejects(lint({ folder, levels: loud }), { hint: /error, warning, notice, off/ });
});

test("matrx lint takes levels and what is left out from the config", async () => {
  const folder = await folderOf({
    "0001_a.up.sql": "drop table public.z;",
    "0002_b.up.sql": "drop table public.c;",
    "matrx.config.mjs": `export default {
      migrations: ".", lint: { levels: { "drop-table": "notice" }, ignore: ["0001_a"] } };`,
    "wrong.config.mjs": 'export default { lint: { levels: { "drop-tabel": "off" } } };',
  });
  const run = async (...args: string[]) => {
    const host = fakeHost({ cwd: folder });
    const status = await main(["lint", ...args], host);
    return { status, printed: host.printed(), told: host.told() };
  };
  const usual = await run();
  assert.equal(usual.status, 0, usual.told);
  assert.match(usual.printed, /^1 file, 0 errors, 0 warnings, 0 accepted\n1 notice not shown/);
  const all = await run("--level", "notice", "--only", "0001,0002");
  assert.equal(all.status, 3);
  assert.match(all.printed, /0001_a\.up\.sql:1 notice drop-table/);
  const wrong = await run("--config", "wrong.config.mjs");
  assert.equal(wrong.status, 1);
  assert.match(wrong.told, /in lint\.levels there is no hazard drop-tabel/);
});

/** Statements whose locks are compared with those that the server takes, on tables that are there. */
const LOCKING: readonly string[] = [
  "select * from t",
  "insert into t values (1, 'x')",
  "update t set a = 1",
  "delete from t",
  "alter table t add column x int",
  "alter table t drop column b",
  "alter table t alter a type bigint",
  "alter table t alter a set default 1",
  "alter table t alter a set not null",
  "alter table t alter b drop not null",
  "alter table t alter a set statistics 10",
  "alter table t alter b set storage plain",
  "alter table t add constraint c check (a > 0)",
  "alter table t add constraint c check (a > 0) not valid",
  "alter table t add constraint c foreign key (a) references u",
  "alter table t add constraint c unique (a)",
  "alter table t validate constraint late",
  "alter table t drop constraint late",
  "alter table t set (fillfactor = 70)",
  "alter table t set (autovacuum_enabled = false)",
  "alter table t set unlogged",
  "alter table t enable row level security",
  "alter table t disable trigger all",
  "alter table t replica identity full",
  "alter table t cluster on t_a",
  "alter table t rename a to z",
  "alter table t rename to z",
  "alter table t set schema other",
  "alter table t inherit u2",
  "alter table p attach partition p2 for values in (2)",
  "alter table p detach partition p1",
  "create table p3 partition of p for values in (3)",
  "create index on t (b)",
  "drop table t",
  "truncate t",
  "create trigger x before insert on t for each row execute function suppress_redundant_updates_trigger()",
  "create policy x on t",
  "create statistics x on a, b from t",
  "create table n (a int references u)",
  "lock table t in share mode",
  "refresh materialized view m",
  "refresh materialized view concurrently m",
  "cluster t using t_a",
  "analyze t",
  "drop view v",
  "create or replace view v as select 1 as one",
  "alter view v rename to w",
];

const WORLD = `create table u (id int primary key); create schema other;
  create table t (a int, b text not null, constraint late check (a > 0) not valid);
  create index t_a on t (a); create table u2 (a int, b text not null);
  create table p (k int) partition by list (k); create table p1 partition of p for values in (1);
  create table p2 (k int); create view v as select 1 as one;
  create materialized view m as select 1 as one; create unique index on m (one);
  alter table u2 add constraint late check (a > 0) not valid;`;

for (const kind of ["pg18", "pg15"] as const) {
  const server = await testServer(kind);

  test(
    `lint tells the locks that the server takes, on ${kind}`,
    { skip: server.skip },
    async () => {
      await using db = await testDatabase(server);
      const connection = await db.driver.acquire();
      try {
        await connection.script(WORLD);
        const names = await connection.query({
          text:
            "select oid::text, relname from pg_class where relnamespace = 'public'::regnamespace " +
            "and relkind in ('r', 'p', 'v', 'm')",
          params: [],
        });
        const nameOf = new Map(names.rows.map(([oid, name]) => [oid, name!]));
        const before = new Set(nameOf.values());
        for (const sql of LOCKING) {
          await connection.script(`begin; ${sql}`);
          const { rows } = await connection.query({
            text: "select relation::text, mode from pg_locks where pid = pg_backend_pid() and " +
              "locktype = 'relation' and granted",
            params: [],
          });
          await connection.script("rollback");
          const taken = new Map<string, string[]>();
          for (const [oid, mode] of rows) {
            const name = nameOf.get(oid!);
            if (name !== undefined) taken.set(name, [...taken.get(name) ?? [], worded(mode!)]);
          }
          const { statements: [statement] } = await lintSql(sql);
          for (
            const { mode, relation } of statement!.facts.locks.filter((one) =>
              before.has(one.relation)
            )
          ) {
            assert.ok(taken.get(relation)?.includes(mode), `${sql}: ${mode} on ${relation}`);
          }
          // and none that is stronger, or on another table in use
          for (const [name, modes] of taken) {
            const said = statement!.facts.locks.find(({ relation }) => relation === name)?.mode;
            const strongest = Math.max(...modes.map(strength));
            const told = said === undefined ? strength("ROW SHARE") : strength(said);
            assert.ok(
              strongest <= told,
              `${sql}: the server takes ${modes} on ${name}, not ${said}`,
            );
          }
        }
      } finally {
        connection.release();
      }
    },
  );
}

const MODES = [
  ...["ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE", "SHARE"],
  ...["SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"],
];
const strength = (mode: string): number => MODES.indexOf(mode);

/** `ShareUpdateExclusiveLock` as SQL words it. */
function worded(mode: string): string {
  return mode.replace(/Lock$/, "").replace(/([a-z])([A-Z])/g, "$1 $2").toUpperCase();
}
