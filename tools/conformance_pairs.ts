/**
 * Brings a database from the first state of each pair to the second and back, on PostgreSQL 15.
 *
 * Usage: `deno task conformance:pairs [--suite NAME]... [--case TEXT]... [--every N] [--code] [--plain]
 * [--jobs N] [--show]`. `--every` takes each N-th pair alone. With `--code`, models and SQL objects are
 * generated from the second state, and a migration is made of them, run and taken back; without it the
 * statements of the two catalogs' diff are.
 * The pairs are in `pairs` in `MATRX_DATA`, by default `../shared/data`. A pair passes when the catalog
 * after the way up is that of the second state, the one after the way back that of the first (the places
 * of columns aside, and how a server words what it has printed before), and a diff finds nothing after each. `--plain` takes the plain forms of statements
 * in place of those that let others work; `--show` prints the statements of a pair that fails.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { diff } from "../migrations/diff/diff.ts";
import { plan } from "../migrations/plan/plan.ts";
import type { Catalog } from "../src/catalog/catalog.ts";
import { testDatabase } from "../tests/support/database.ts";
import { ownServer, ownServerLacks } from "../tests/support/own_server.ts";
import { builtAnew, changeByDiff, read } from "./conformance_changes.ts";
import { openState, unmodelledIn } from "./conformance_states.ts";
import { printTable } from "./conformance_table.ts";
import { changeThroughCode, type State } from "./conformance_through_code.ts";

interface Pair {
  readonly suite: string;
  readonly case: string;
  readonly a: string;
  readonly b: string;
  readonly kinds: Readonly<Record<string, unknown>>;
}

interface Outcome {
  readonly pair: Pair;
  readonly verdict: "passed" | "failed" | "out of scope";
  readonly reasons: readonly string[];
}

const { values } = parseArgs({
  options: {
    suite: { type: "string", multiple: true },
    case: { type: "string", multiple: true },
    code: { type: "boolean", default: false },
    plain: { type: "boolean", default: false },
    show: { type: "boolean", default: false },
    jobs: { type: "string", default: "3" },
    every: { type: "string", default: "1" },
  },
});
const data = Deno.env.get("MATRX_DATA") ??
  fileURLToPath(new URL("../../shared/data", import.meta.url));
const folder = join(data, "pairs");
if (!existsSync(join(folder, "index.json"))) {
  console.log(`skipped: no pairs in ${folder}; set MATRX_DATA to a folder that has them`);
  Deno.exit(0);
}
const lacks = await ownServerLacks("pg15");
if (lacks !== false) {
  console.log(`skipped: ${lacks}`);
  Deno.exit(0);
}

const index = JSON.parse(await Deno.readTextFile(join(folder, "index.json"))) as {
  readonly suite: string;
  readonly file: string;
}[];
const pairs: Pair[] = [];
let seen = 0;
for (const { suite, file } of index) {
  if (values.suite !== undefined && !values.suite.includes(suite)) continue;
  for (const line of (await Deno.readTextFile(join(folder, file))).split("\n")) {
    if (line.trim() === "") continue;
    if (++seen % Number(values.every) !== 0) continue;
    const pair = { suite, ...JSON.parse(line) } as Pair;
    if (values.case?.some((text) => pair.case.includes(text)) ?? true) pairs.push(pair);
  }
}

await using server = await ownServer("pg15", { settings: ["wal_level=logical"] });
const subject = { kind: "pg15" as const, skip: false as const, url: server.url };

const options = { safe: !values.plain, role: "postgres" };

async function stateOf(script: string, open: AsyncDisposableStack): Promise<State> {
  const db = open.use(await openState(subject, script));
  return { db, catalog: await read(db.driver) };
}

async function anew(catalog: Catalog): Promise<Catalog> {
  await using empty = await testDatabase(subject);
  return await builtAnew(empty.driver, catalog);
}

async function judge(pair: Pair): Promise<Outcome> {
  await using open = new AsyncDisposableStack();
  let [from, to]: [State | undefined, State | undefined] = [undefined, undefined];
  try {
    to = await stateOf(pair.b, open);
    from = await stateOf(pair.a, open);
  } catch (error) {
    return { pair, verdict: "out of scope", reasons: [`does not load: ${textOf(error)}`] };
  }
  const [a, b] = [from.catalog, to.catalog];
  const hidden = unmodelledIn(a).join("\n") === unmodelledIn(b).join("\n");
  if (!hidden) {
    return {
      pair,
      verdict: "out of scope",
      reasons: [
        `differs in what the catalog does not describe: ${unmodelledIn(a)} | ${unmodelledIn(b)}`,
      ],
    };
  }
  const reasons: string[] = [];
  try {
    reasons.push(
      ...values.code
        ? await changeThroughCode(from, to, anew)
        : await changeByDiff(from.db.driver, a, b, options, anew),
    );
  } catch (error) {
    reasons.push(textOf(error));
  }
  if (values.show && reasons.length > 0) {
    for (const [title, from, to] of [["up", a, b], ["back", b, a]] as const) {
      try {
        const steps = plan(diff(from, to), from, to, options).steps;
        console.log(`--- ${pair.suite} ${pair.case}: ${title}`);
        for (const step of steps) {
          console.log(`${step.transactional ? "" : "(alone) "}${step.sql};`);
        }
      } catch (error) {
        console.log(error);
      }
    }
  }
  return { pair, verdict: reasons.length === 0 ? "passed" : "failed", reasons };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const outcomes: Outcome[] = [];
const waiting = [...pairs];
const started = performance.now();
await Promise.all(Array.from({ length: Number(values.jobs) }, async () => {
  for (let pair = waiting.shift(); pair !== undefined; pair = waiting.shift()) {
    const outcome = await judge(pair);
    outcomes.push(outcome);
    if (outcome.verdict === "passed") continue;
    console.log(`${outcome.verdict}: ${pair.suite} ${pair.case}`);
    for (const reason of outcome.reasons.slice(0, 6)) console.log(`    ${reason}`);
  }
}));

const count = (list: readonly Outcome[], verdict: Outcome["verdict"]): number =>
  list.filter((one) => one.verdict === verdict).length;
const row = (name: string, list: readonly Outcome[]) => ({
  [name]: "",
  passed: count(list, "passed"),
  failed: count(list, "failed"),
  "out of scope": count(list, "out of scope"),
});
const kinds = [...new Set(pairs.flatMap((pair) => Object.keys(pair.kinds)))].sort();
printTable(
  index.filter(({ suite }) => outcomes.some(({ pair }) => pair.suite === suite)).map((
    { suite },
  ) => ({
    ...row("suite", outcomes.filter(({ pair }) => pair.suite === suite)),
    suite,
  })),
);
console.log();
printTable(kinds.map((kind) => ({
  ...row("kind", outcomes.filter(({ pair }) => Object.hasOwn(pair.kinds, kind))),
  kind,
})));
const [passed, failed] = [count(outcomes, "passed"), count(outcomes, "failed")];
const share = passed + failed === 0 ? 0 : 100 * passed / (passed + failed);
console.log(
  `\n${passed} passed, ${failed} failed (${share.toFixed(1)} % of those that load), ${
    count(outcomes, "out of scope")
  } out of scope, in ${((performance.now() - started) / 1000).toFixed(0)} s`,
);
if (failed > 0) Deno.exitCode = 1;
