/**
 * Takes every step of the migrations of real applications as a pair of states, and goes from one to the
 * other and back with plans of this project, on PostgreSQL 15.
 *
 * Usage: `deno task conformance:chains [--app NAME]... [--step TEXT]... [--code] [--plain] [--show]`.
 * The chains are in `chains` in `MATRX_DATA`, by default `../shared/data`: the migrations that an
 * application has written, in order. A step passes when a database before it, brought to the catalog
 * after it by a plan, has that catalog, and after the way back the one before it; and a diff finds
 * nothing after each. With `--code`, models and SQL objects are generated from the state after it, and a
 * migration is made of them, run and taken back. `--plain` takes the plain forms of statements, `--show` prints those of a step
 * that fails.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { diff } from "../migrations/diff/diff.ts";
import { plan } from "../migrations/plan/plan.ts";
import type { Catalog } from "../src/catalog/catalog.ts";
import { openNodePg } from "../src/drivers/node_pg.ts";
import { driverOptions, testDatabase } from "../tests/support/database.ts";
import { ownServer, ownServerLacks } from "../tests/support/own_server.ts";
import { builtAnew, changeByDiff, read } from "./conformance_changes.ts";
import { runCommands, unmodelledIn } from "./conformance_states.ts";
import { printTable } from "./conformance_table.ts";
import { changeThroughCode, type State } from "./conformance_through_code.ts";

interface ChainStep {
  readonly step: string;
  readonly sql: string;
}

interface Tally {
  readonly app: string;
  passed: number;
  failed: number;
  "out of scope": number;
  /** The passed ones whose step changes no catalog, such as those that move rows. */
  unchanged: number;
}

const { values } = parseArgs({
  options: {
    app: { type: "string", multiple: true },
    step: { type: "string", multiple: true },
    code: { type: "boolean", default: false },
    plain: { type: "boolean", default: false },
    show: { type: "boolean", default: false },
  },
});
const data = Deno.env.get("MATRX_DATA") ??
  fileURLToPath(new URL("../../shared/data", import.meta.url));
const folder = join(data, "chains");
if (!existsSync(join(folder, "index.json"))) {
  console.log(`skipped: no chains in ${folder}; set MATRX_DATA to a folder that has them`);
  Deno.exit(0);
}
const lacks = await ownServerLacks("pg15");
if (lacks !== false) {
  console.log(`skipped: ${lacks}`);
  Deno.exit(0);
}

await using server = await ownServer("pg15", { settings: ["wal_level=logical"] });
const subject = { kind: "pg15" as const, skip: false as const, url: server.url };
const options = { safe: !values.plain, role: "postgres" };

async function anew(catalog: Catalog): Promise<Catalog> {
  await using empty = await testDatabase(subject);
  return await builtAnew(empty.driver, catalog);
}

const index = JSON.parse(await Deno.readTextFile(join(folder, "index.json"))) as {
  readonly app: string;
  readonly file: string;
}[];
const started = performance.now();
const tallies: Tally[] = [];
for (const { app, file } of index) {
  if (values.app !== undefined && !values.app.includes(app)) continue;
  const steps = (await Deno.readTextFile(join(folder, file))).split("\n")
    .filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as ChainStep);
  tallies.push(await runChain(app, steps));
}
console.log();
printTable(tallies.map((one) => ({ ...one })));
const sum = (key: "passed" | "failed" | "out of scope"): number =>
  tallies.reduce((total, one) => total + one[key], 0);
const [passed, failed] = [sum("passed"), sum("failed")];
const share = passed + failed === 0 ? 0 : 100 * passed / (passed + failed);
console.log(
  `\n${passed} passed, ${failed} failed (${share.toFixed(1)} %), ${
    sum("out of scope")
  } out of scope, ` +
    `in ${((performance.now() - started) / 1000).toFixed(0)} s`,
);
if (failed > 0) Deno.exitCode = 1;

async function runChain(app: string, steps: readonly ChainStep[]): Promise<Tally> {
  const tally: Tally = { app, passed: 0, failed: 0, "out of scope": 0, unchanged: 0 };
  await using chain = await testDatabase(subject);
  let before = await read(chain.driver);
  for (const { step, sql } of steps) {
    const chosen = values.step?.some((text) => step.includes(text)) ?? true;
    // a copy of a database is made while nobody is connected to it
    await using copy = chosen ? await testDatabase(subject, { template: chain }) : null;
    let after: Catalog;
    try {
      after = await applied(chain.url, sql);
    } catch (error) {
      tally["out of scope"]++;
      console.log(`out of scope: ${app} ${step}\n    does not apply: ${textOf(error)}`);
      continue;
    }
    if (copy !== null) {
      const reasons = await judge({ db: copy, catalog: before }, { db: chain, catalog: after });
      tally[reasons.length === 0 ? "passed" : "failed"]++;
      if (reasons.length === 0 && diff(before, after).length === 0) tally.unchanged++;
      if (reasons.length > 0) {
        console.log(`failed: ${app} ${step}`);
        for (const reason of reasons.slice(0, 6)) console.log(`    ${reason}`);
        if (values.show) show(before, after);
      }
    }
    before = after;
  }
  return tally;
}

/** Applies a step of the application itself, and gives the catalog after it. */
async function applied(url: string, sql: string): Promise<Catalog> {
  const driver = openNodePg(driverOptions(url, { poolMax: 2 }));
  try {
    await runCommands(driver, sql);
    return await read(driver);
  } finally {
    await driver.close();
  }
}

async function judge(from: State, to: State): Promise<string[]> {
  const [before, after] = [from.catalog, to.catalog];
  const [old, now] = [unmodelledIn(before), unmodelledIn(after)];
  if (old.join("\n") !== now.join("\n")) {
    return [`differs in what the catalog does not describe: ${old} | ${now}`];
  }
  try {
    if (values.code) return await changeThroughCode(from, to, anew);
    return await changeByDiff(from.db.driver, before, after, options, anew);
  } catch (error) {
    return [textOf(error)];
  }
}

function show(before: Catalog, after: Catalog): void {
  for (const [title, from, to] of [["up", before, after], ["back", after, before]] as const) {
    console.log(`--- ${title}`);
    for (const one of plan(diff(from, to), from, to, options).steps) {
      console.log(`${one.transactional ? "" : "(alone) "}${one.sql};`);
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.message} ${error.cause ?? ""}` : String(error);
}
