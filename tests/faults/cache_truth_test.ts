/** Two programs read and write at random: their caches must tell the truth. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { integer, model, text } from "../../mod.ts";
import { cacheSyncSql } from "../../migrations/mod.ts";
import { one } from "../contract/subject.ts";
import { runSql } from "../integration/cache_sync_world.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { type History, judge, ROWS, share } from "./cache_truth.ts";

const server = await testServer("pg18");
const PROGRAM = fileURLToPath(new URL("cache_truth_process.ts", import.meta.url));

// a soak: MATRX_CACHE_SECONDS=60
const SECONDS = Number(process.env.MATRX_CACHE_SECONDS ?? 10);

const TABLES = `
  create table records (
    id int primary key, code text not null unique, tenant text not null, ver text not null);
  alter table records enable row level security, force row level security;
  create policy own on records using (tenant = current_setting('app.tenant', true));
  do $$ begin create role truth_reader; exception when duplicate_object then null; end $$;
  grant select, update on records to truth_reader;
  create table audit (at bigint generated always as identity, id int, ver text);
  create function note() returns trigger language plpgsql security definer as $$
    begin insert into public.audit (id, ver) values (new.id, new.ver); return null; end $$;
  create trigger note after insert or update on records for each row execute function note();
  insert into records
    select n, 'c' || n, case n % 2 when 0 then 'ann' else 'bob' end, 'first-' || n
    from generate_series(1, ${ROWS}) as n;
`;

/** The connections that listen: nothing else of the programs was idle after such a statement. */
const CUT = "select count(pg_terminate_backend(pid)) from pg_stat_activity " +
  "where datname = current_database() and query ~ '^(listen |select 1$)' and pid <> pg_backend_pid()";

function start(name: string, url: string, seed: number): ChildProcess {
  const runtime = "Deno" in globalThis
    ? ["run", "-A", "--no-check"]
    : "Bun" in globalThis
    ? ["--preload", fileURLToPath(new URL("../../tools/npm_specifiers.ts", import.meta.url))]
    : ["--import", new URL("../../tools/npm_specifiers.ts", import.meta.url).href];
  const args = [...runtime, PROGRAM, name, url, String(SECONDS), String(seed)];
  return spawn(process.execPath, args, { stdio: ["pipe", "pipe", "pipe"] });
}

for (const cut of [false, true]) {
  const title = cut ? "while their listeners are cut" : "of two programs";
  test(`caches ${title} do tell the truth`, { skip: server.skip }, async (t) => {
    await using db = await testDatabase(server);
    await runSql(db, TABLES);
    class Row extends model("records", { id: integer().primaryKey(), ver: text() }) {}
    await runSql(db, cacheSyncSql([Row]));
    const seed = Number(process.env.MATRX_SEED ?? Math.floor(Math.random() * 2 ** 31));
    const children = ["p1", "p2"].map((name, index) => start(name, db.url, seed + index));
    const texts = children.map((child) => {
      const said = { out: "", err: "" };
      child.stdout!.on("data", (part: Uint8Array) => said.out += String(part));
      child.stderr!.on("data", (part: Uint8Array) => said.err += String(part));
      return said;
    });
    const ends = children.map((child) => once(child, "close"));
    while (texts.some(({ out }) => !out.includes("ready\n"))) {
      const gone = children.findIndex(({ exitCode }) => exitCode !== null);
      assert.equal(gone, -1, texts[gone]?.err);
      await sleep(20);
    }
    for (const child of children) child.stdin!.end("go\n");
    let over = false;
    const all = Promise.all(ends).finally(() => over = true);
    let cuts = 0;
    while (cut && !over) {
      await sleep(700);
      cuts += Number(await one(db.driver, CUT));
    }
    const statuses = (await all).map(([status]) => status);
    assert.deepEqual(statuses, [0, 0], texts.map(({ err }) => err).join("\n"));
    const histories = texts.map(({ out }) =>
      JSON.parse(out.slice(out.indexOf("ready\n") + 6)) as History
    );
    const { rows } = await db.driver.query({
      text: "select id, ver from audit order by at",
      params: [],
    });
    const audit = new Map<number, string[]>();
    for (const [id, ver] of rows) {
      const versions = audit.get(Number(id)) ?? [];
      audit.set(Number(id), [...versions, ver!]);
    }
    const { dirty, missed, foreign, staleness } = judge(histories, audit);
    staleness.sort((a, b) => a - b);
    const count = (of: (one: History) => number): number =>
      histories.reduce((sum, history) => sum + of(history), 0);
    const reads = count((one) => one.reads.length);
    const hits = count((one) => one.hits);
    const stale = staleness.filter((ms) => ms > 0);
    const told = `${reads} reads (${hits} by a cache), ${
      count((one) => one.writes.length)
    } writes ` +
      `(${count((one) => one.refused)} sent back), ${cuts} cuts; staleness in ms: ` +
      `p50 ${share(staleness, 0.5).toFixed(1)}, p99 ${share(staleness, 0.99).toFixed(1)}, ` +
      `max ${share(staleness, 1).toFixed(1)}; of the ${stale.length} reads that were too old: ` +
      `p50 ${share(stale, 0.5).toFixed(1)}, p99 ${share(stale, 0.99).toFixed(1)}`;
    console.log(told);
    t.diagnostic(told);
    const context = `seed ${seed}`;
    assert.deepEqual({ dirty, missed, foreign }, { dirty: [], missed: [], foreign: [] }, context);
    assert.ok(hits > reads / (cut ? 1_000 : 20), `${hits} of ${reads} reads by a cache`);
    assert.ok(share(staleness, 0.99) < 100, `${told}; ${context}`);
  });
}
