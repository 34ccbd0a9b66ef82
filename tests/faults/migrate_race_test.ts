/** Many processes migrate at once, and processes that migrate are killed. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { migration, type MigrationWorld, migrationWorld } from "../integration/migrate_world.ts";
import { bouncerLacks, startBouncer } from "../support/bouncer.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");
const skip = { skip: server.skip };
const PROGRAM = fileURLToPath(new URL("migrate_process.ts", import.meta.url));

// a soak: MATRX_MIGRATE_PROCESSES=32 MATRX_MIGRATE_KILLS=200
const PROCESSES = Number(process.env.MATRX_MIGRATE_PROCESSES ?? 8);
const KILLS = Number(process.env.MATRX_MIGRATE_KILLS ?? 10);
const MIGRATIONS = 20;

/** Starts a process that migrates. */
function start(url: string, folder: string, mode = "session"): ChildProcess {
  const runtime = "Deno" in globalThis
    ? ["run", "-A", "--no-check"]
    : "Bun" in globalThis
    ? ["--preload", fileURLToPath(new URL("../../tools/npm_specifiers.ts", import.meta.url))]
    : ["--import", new URL("../../tools/npm_specifiers.ts", import.meta.url).href];
  return spawn(process.execPath, [...runtime, PROGRAM, url, folder, mode], {
    stdio: ["ignore", "pipe", "pipe"],
  });
}

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

async function ended(child: ChildProcess): Promise<Ended> {
  const texts = { out: "", err: "" };
  child.stdout!.on("data", (part: Uint8Array) => texts.out += String(part));
  child.stderr!.on("data", (part: Uint8Array) => texts.err += String(part));
  const [status] = await once(child, "close") as [number | null];
  return { status, ...texts };
}

/** Twenty migrations, some of them without a transaction. */
function twenty(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: MIGRATIONS }, (_, at) => {
    const name = `${String(at + 1).padStart(4, "0")}_m.ts`;
    const steps = [`create table m${at} (id int)`, `insert into m${at} values (1)`];
    return at % 5 === 4
      ? [
        name,
        migration(
          [...steps, `create index concurrently m${at}_id on m${at} (id)`],
          [],
          "export const transaction = false;",
        ),
      ]
      : [name, migration(steps)];
  }));
}

async function race(world: MigrationWorld, url: string, mode: string): Promise<void> {
  const started = performance.now();
  const children = Array.from({ length: PROCESSES }, () => start(url, world.folder, mode));
  const ends = await Promise.all(children.map(ended));
  for (const { status, err } of ends) assert.equal(status, 0, err);
  const applied = ends.flatMap(({ out }) => out.trim().split(",")).filter((name) => name !== "");
  assert.equal(applied.length, MIGRATIONS);
  assert.equal(new Set(applied).size, MIGRATIONS);
  const [row] = await world.sql(
    "select count(*), count(*) filter (where state = 'applied') from _matrx_migrations",
  );
  assert.deepEqual(row, [String(MIGRATIONS), String(MIGRATIONS)]);
  for (let at = 0; at < MIGRATIONS; at++) {
    assert.deepEqual(await world.sql(`select count(*) from m${at}`), [["1"]], `m${at}`);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${PROCESSES} processes, ${MIGRATIONS} migrations (${mode}): ${seconds} s`);
}

test("migrate() does apply each migration once when many processes run it", skip, async () => {
  await using world = await migrationWorld(server, twenty());
  await race(world, world.db.url, "session");
});

const pooled = server.skip === false ? bouncerLacks() : server.skip;

test("migrate() does so behind a transaction pooler", { skip: pooled }, async () => {
  await using world = await migrationWorld(server, twenty());
  // fewer connections than runs: what one run leaves on a connection, another would meet
  await using bouncer = await startBouncer(world.db.url, 6);
  await race(world, bouncer.url, "transaction");
  const left = await world.sql(
    "select count(*) from pg_locks where locktype = 'advisory'",
  );
  assert.deepEqual(left, [["0"]]);
});

/** Six steps, one of them CONCURRENTLY on a table that takes a while to index. */
const SIX = migration(
  [
    "create table k1 (id int)",
    "insert into big select g, md5(g::text) from generate_series(1, 1000) g",
    "create index concurrently big_t on big (t, id)",
    "alter table big add n int default 5",
    "update big set n = id where id < 1000",
    "create table k2 (id int)",
  ],
  [],
  "export const transaction = false;",
);

/** The numbers of the processes that build the index. */
const BUILDS = `select a.pid from pg_stat_activity a
  where a.datname = current_database() and a.pid <> pg_backend_pid() and a.state = 'active'
    and a.query like '%create index concurrently big_t%'`;

const HALF_BUILT =
  "select count(*) from pg_index where not indisvalid and indrelid = 'big'::regclass";

/**
 * Waits for a moment while an index is half built: another session holds a lock that the build waits
 * for. `end` lets go of it; it ends the build on the server too, in two of three rounds, as a server
 * that is stopped does, so that the index stays as it is.
 */
async function heldBuild(world: MigrationWorld, round: number) {
  const holder = await world.db.driver.acquire();
  const send = (text: string) => holder.query({ text, params: [] });
  await send("begin");
  await send("lock table big in row exclusive mode");
  return {
    async begun(isOver: () => boolean): Promise<void> {
      while (!isOver() && (await world.sql(HALF_BUILT))[0]![0] === "0") await sleep(2);
      await sleep(Math.random() * 50);
    },
    async end(): Promise<void> {
      const builds = round % 3 === 0 ? [] : await world.sql(BUILDS);
      for (const [pid] of builds) {
        await world.sql("select pg_terminate_backend($1::int, 60000)", pid!);
      }
      await send("rollback");
      holder.release();
    },
  };
}

test("migrate() does reach its end after being killed at any moment", skip, async (t) => {
  const rows = 40_000;
  let [resumed, found] = [0, 0];
  await using world = await migrationWorld(server, { "0001_six.ts": SIX });
  for (let round = 0; round < KILLS; round++) {
    await world.sql("drop table if exists big, k1, k2, _matrx_migrations");
    await world.sql("create table big (id int, t text)");
    await world.sql(
      `insert into big select g, md5(g::text) from generate_series(1001, ${1000 + rows}) g`,
    );
    // in every other round the moment is one at which the index is half built
    const held = round % 2 === 1 ? await heldBuild(world, round >> 1) : null;
    const victim = start(world.db.url, world.folder);
    const gone = ended(victim);
    // its first statement is what the moments are counted from
    const isThere = async (): Promise<boolean> =>
      (await world.sql("select to_regclass('_matrx_migrations') is not null"))[0]![0] === "t";
    while (victim.exitCode === null && !await isThere()) await sleep(1);
    if (held === null) await sleep(Math.random() * 300);
    else await held.begun(() => victim.exitCode !== null);
    victim.kill("SIGKILL");
    await gone;
    await held?.end();
    if ((await world.sql(HALF_BUILT))[0]![0] !== "0") found++;
    const steps = await world.sql("select step from _matrx_migrations where state = 'running'");
    if (steps.length > 0) resumed++;
    const again = await ended(start(world.db.url, world.folder));
    assert.equal(again.status, 0, again.err);
    const [end] = await world.sql(
      `select (select count(*) from big), (select count(*) from big where n is null),
        to_regclass('k1') is not null, to_regclass('k2') is not null,
        (select count(*) from pg_index where indrelid = 'big'::regclass and indisvalid),
        (select count(*) from pg_index where not indisvalid),
        (select string_agg(state, ',') from _matrx_migrations)`,
    );
    assert.deepEqual(end, [String(rows + 1000), "0", "t", "t", "1", "0", "applied"], `${round}`);
  }
  const told = `${KILLS} kills: ${resumed} in the middle, ${found} left an index half built`;
  if (KILLS > 3) assert.ok(found > 0, told);
  console.log(told);
  t.diagnostic(told);
});
