/** What plans say of locks, rewrites and scans, against what the server does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { introspect } from "../../generator/introspect/introspect.ts";
import { LOCK_MODES } from "../../migrations/ddl/statement.ts";
import { diff, plan, type Step } from "../../migrations/mod.ts";
import { identity } from "../../src/catalog/identity.ts";
import type { Connection } from "../../src/driver/port.ts";
import { runScript } from "../../tools/conformance_changes.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { AFTER, BEFORE, KINDS } from "./ddl_locks_world.ts";

/** A relation that is there before a plan. */
interface Relation {
  readonly identity: string;
  /** Whether it holds rows of its own. */
  readonly isTable: boolean;
}

const RELATIONS =
  `select c.oid, case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
    when 'S' then 'sequence' else 'table' end, n.nspname, c.relname, c.relkind in ('r', 'm')
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'k' and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S') and not exists (
    select from pg_depend d where d.objid = c.oid and d.classid = 'pg_class'::regclass
      and d.deptype = 'i' and c.relkind = 'S')`;

const LOCKS = `select l.relation, regexp_replace(l.mode, 'Lock$', '')
  from pg_locks l where l.pid = pg_backend_pid() and l.locktype = 'relation' and l.granted`;

const FILES = "select oid, pg_relation_filenode(oid) from pg_class where relkind in ('r', 'm')";

const SCANS = "select relid, coalesce(seq_scan, 0) from pg_stat_xact_user_tables";

async function rowsOf(on: Connection, text: string) {
  return (await on.query({ text, params: [] })).rows;
}

/** `AccessExclusive` as plans write it. */
function modeOf(name: string): (typeof LOCK_MODES)[number] {
  return name.replace(/(?!^)([A-Z])/g, " $1").toUpperCase() as (typeof LOCK_MODES)[number];
}

const strength = (mode: string | undefined): number =>
  mode === undefined ? -1 : LOCK_MODES.indexOf(mode as (typeof LOCK_MODES)[number]);

/** Runs a step in a transaction of its own, and says where it did otherwise than it was said to. */
async function observe(
  on: Connection,
  step: Step,
  old: ReadonlyMap<string, Relation>,
): Promise<string[]> {
  if (/ CONCURRENTLY /.test(step.sql)) {
    await on.script(step.sql);
    return [];
  }
  await on.script("begin");
  const files = new Map(await rowsOf(on, FILES) as [string, string][]);
  const scans = new Map(await rowsOf(on, SCANS) as [string, string][]);
  await on.script(step.sql);
  const held = new Map<string, string>();
  for (const [oid, name] of await rowsOf(on, LOCKS)) {
    const relation = old.get(oid!)?.identity;
    if (relation === undefined) continue;
    const mode = modeOf(name!);
    if (strength(mode) > strength(held.get(relation))) held.set(relation, mode);
  }
  const faults: string[] = [];
  const strongest = Math.max(-1, ...[...held.values()].map(strength));
  const said = strength(step.lock?.mode);
  // reading others, as a view or a foreign key does, is in nobody's way
  if (Math.max(strongest, 0) !== Math.max(said, 0)) {
    const list = [...held].filter(([, mode]) => strength(mode) > 0).map((one) => one.join(" "));
    faults.push(`says ${step.lock?.mode ?? "no lock"}, holds ${list.join(", ") || "none"}`);
  } else if (said > 0 && strength(held.get(step.lock!.relation)) !== said) {
    faults.push(`says ${step.lock!.relation}, holds ${JSON.stringify([...held])}`);
  }
  const isOld = (oid: string): boolean => old.get(oid)?.isTable ?? false;
  const rewritten = (await rowsOf(on, FILES)).some(([oid, file]) =>
    isOld(oid!) && files.get(oid!) !== file
  );
  if (rewritten !== step.rewrites) faults.push(`rewrites: ${rewritten}, not ${step.rewrites}`);
  const scanned = (await rowsOf(on, SCANS)).some(([oid, count]) =>
    isOld(oid!) && Number(count) > Number(scans.get(oid!) ?? 0)
  );
  if (scanned && !step.scans && !step.rewrites) faults.push("scans, and does not say so");
  await on.script("commit");
  return faults;
}

for (const kind of ["pg15", "pg18"] as const) {
  const server = await testServer(kind);
  test(
    `steps do lock, rewrite and scan as they say on ${kind}`,
    { skip: server.skip },
    async () => {
      await using db = await testDatabase(server);
      await using other = await testDatabase(server);
      await runScript(db.driver, BEFORE);
      await runScript(other.driver, AFTER);
      const { catalog: a } = await introspect(db.driver);
      const { catalog: b } = await introspect(other.driver);
      const faults: string[] = [];
      const seen: string[] = [];
      for (const safe of [true, false]) {
        for (const [from, to] of [[a, b], [b, a]] as const) {
          const connection = await db.driver.acquire();
          const old = new Map((await rowsOf(connection, RELATIONS)).map((
            [oid, what, schema, name, isTable],
          ) => [
            oid!,
            { identity: identity(what as "table", [schema!, name!]), isTable: isTable === "t" },
          ]));
          for (const step of plan(diff(from, to), from, to, { safe }).steps) {
            seen.push(step.sql);
            for (const fault of await observe(connection, step, old)) {
              faults.push(`${step.sql}\n    ${fault}`);
            }
          }
          connection.release({ broken: true });
        }
      }
      const missing = KINDS.filter((pattern) => !seen.some((sql) => pattern.test(sql)));
      assert.deepEqual(missing.map(String), []);
      assert.deepEqual([...new Set(faults)], []);
    },
  );
}
