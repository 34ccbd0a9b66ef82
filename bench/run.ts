/**
 * Measures all candidates side by side, prints the table and keeps it in RESULTS.md.
 *
 * Usage: `bash bench/run.sh [--rounds=7] [--scale=1] [--only=name,...] [--candidates=name,...]
 * [--server=pg18|pg15] [--profile=folder] [--no-keep]`
 */
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import pg from "pg";
import { type ServerKind, testServer } from "../tests/support/servers.ts";
import { files, YARDSTICK } from "./candidates.ts";
import { RESET, SETUP } from "./data.ts";
import { measureLoading } from "./loading.ts";
import { type Measurement, report } from "./report.ts";
import { type ScenarioName, scenarioNames, scenarios } from "./scenarios.ts";
import { Worker } from "./workers.ts";

/** A result of fewer rounds is printed but not kept. */
const LEAST_ROUNDS = 7;

/** How much longer the first round is, which is not counted: servers run code that is warm. */
const WARM_UP = 2;

function positive(name: string, text: string): number {
  const value = Number(text);
  if (value > 0) return value;
  throw new Error(`--${name} must be a number above 0`);
}

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    scale: { type: "string", default: "1" },
    only: { type: "string" },
    candidates: { type: "string" },
    server: { type: "string", default: "pg18" },
    profile: { type: "string" },
    "no-keep": { type: "boolean", default: false },
  },
});

function chosen<Name extends string>(list: string | undefined, known: readonly Name[]): Name[] {
  if (list === undefined) return [...known];
  const names = list.split(",") as Name[];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`unknown: ${unknown}; known are ${known}`);
  return known.filter((name) => names.includes(name));
}

const rounds = positive("rounds", flags.rounds);
const scale = positive("scale", flags.scale);
const wanted = chosen(flags.only, scenarioNames);
const names = chosen(flags.candidates, Object.keys(files));
if (!names.includes(YARDSTICK)) names.unshift(YARDSTICK);
const tell = (text: string): void => console.error(text);

const server = await testServer(flags.server as ServerKind);
if (server.skip !== false) throw new Error(server.skip);
const url = new URL(server.url);
const root = new pg.Client({ connectionString: url.href });
await root.connect();
const database = `bench_${process.pid}`;
await root.query(`create database ${database}`);
await root.query(`alter database ${database} set synchronous_commit = off`);
url.pathname = `/${database}`;
const admin = new pg.Client({ connectionString: url.href });
await admin.connect();
const workers = new Map<string, Worker>();
try {
  tell("filling the tables");
  // one by one: vacuum refuses to run among others
  for (const text of SETUP.split(";\n")) if (text.trim() !== "") await admin.query(text);
  const version = (await admin.query("show server_version")).rows[0].server_version as string;
  for (const name of names) {
    const profile = flags.profile === undefined
      ? []
      : ["--cpu-prof", `--cpu-prof-dir=${resolve(flags.profile, name)}`];
    workers.set(name, await Worker.start(name, url.href, profile));
  }

  tell("checking that all give the same");
  for (const name of wanted) await compare(name);
  const measurements: Measurement[] = [];
  // one more round than is counted: the first one warms up
  for (let round = 0; round <= rounds; round++) {
    tell(round === 0 ? "warming up" : `round ${round} of ${rounds}`);
    for (const scenario of wanted) {
      for (const [name, worker] of rotated([...workers], round)) {
        if (scenarios[scenario].writes) await reset();
        const longer = round === 0 ? WARM_UP : 1;
        const times = Math.max(1, Math.round(scenarios[scenario].times * scale * longer));
        const turn = round * 10_000;
        const taken = await worker.measure(scenario, times, turn);
        if (round > 0) measurements.push({ round, scenario, name, times, ...taken });
      }
    }
  }
  tell("measuring the bundle and the import");
  const loading = await measureLoading();
  const text = report({ measurements, names, rounds, scale, server: version, loading });
  console.log(text);
  const whole = wanted.length === scenarioNames.length && flags.candidates === undefined;
  const thorough = rounds >= LEAST_ROUNDS && scale >= 1;
  if (whole && thorough && !flags["no-keep"]) await writeFile(new URL("RESULTS.md", import.meta.url), text);
} finally {
  await Promise.all([...workers.values()].map((worker) => worker.close()));
  await admin.end();
  await root.query(`drop database ${database} with (force)`);
  await root.end();
}
process.exit(process.exitCode ?? 0);

async function reset(): Promise<void> {
  for (const text of RESET) await admin.query(text);
}

/** A figure counts only when everybody did the same work. */
async function compare(scenario: ScenarioName): Promise<void> {
  const found = new Map<string, string>();
  for (const [name, worker] of workers) {
    if (scenarios[scenario].writes) await reset();
    const { digest, sample } = await worker.check(scenario);
    found.set(name, digest);
    if (digest === found.get(names[0]!)) continue;
    const other = await workers.get(names[0]!)!.check(scenario);
    throw new Error(`${scenario}: ${name} differs\n${sample}\n${names[0]}:\n${other.sample}`);
  }
}

/** Nobody goes first, or right after the same one, in every round. */
function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const start = by % items.length;
  const turned = [...items.slice(start), ...items.slice(0, start)];
  return by % 2 === 0 ? turned : turned.reverse();
}
