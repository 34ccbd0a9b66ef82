/**
 * Measures what the command line takes to start, and what its sandbox adds: calls that take turns, each
 * with the CPU time of all its processes.
 *
 * Usage: `deno run -A tools/cli_cost.ts [--rounds=25]`; needs bash, which tells times to the millisecond.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { printTable } from "./conformance_table.ts";
import { ROOT } from "./project.ts";

const { values } = parseArgs({ args: Deno.args, options: { rounds: { type: "string" } } });
const rounds = Number(values.rounds ?? "25");

/** What a call took, in ms. */
interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

const folder = await Deno.makeTempDir({ prefix: "matrx-cost-" });
const plain = join(folder, "plain");
const configured = join(folder, "configured");
for (const place of [plain, configured]) {
  await Deno.mkdir(join(place, "migrations"), { recursive: true });
  await Deno.writeTextFile(join(place, "migrations/0001_a.up.sql"), "create table a (id int)");
}
await Deno.writeTextFile(
  join(configured, "matrx.config.ts"),
  `export default { migrations: "migrations", databases: { main: "postgres://localhost/none" } };\n`,
);
await Deno.writeTextFile(join(folder, "nothing.ts"), "");

const CLI = join(ROOT, "cli.ts");
const EMPTY = [CLI, "empty", "--dry-run"];

/** The calls: their words behind `deno run -A`, and where they are made. */
const CALLS: readonly (readonly [name: string, words: readonly string[], cwd: string])[] = [
  ["an empty program", [join(folder, "nothing.ts")], plain],
  ["--help", [CLI, "--help"], plain],
  ["generate --help", [CLI, "generate", "--help"], plain],
  ["without sandbox", [...EMPTY, "--no-sandbox"], plain],
  ["with sandbox", EMPTY, plain],
  ["config, without sandbox", [...EMPTY, "--no-sandbox"], configured],
  ["config, with sandbox", EMPTY, configured],
];

async function take(words: readonly string[], cwd: string): Promise<Cost> {
  const { success, stderr } = await new Deno.Command("bash", {
    args: [
      ...["-c", 'TIMEFORMAT="%3R %3U %3S"; time "$@" >/dev/null 2>/dev/null', "time"],
      ...[Deno.execPath(), "run", "-A", "--quiet", ...words],
    ],
    cwd,
    stdout: "null",
  }).output();
  const text = new TextDecoder().decode(stderr);
  if (!success) throw new Error(`${words.join(" ")}: ${text}`);
  const [wall = 0, user = 0, system = 0] = text.trim().split(" ").map((one) => Number(one) * 1000);
  return { wall, cpu: user + system };
}

const median = (list: readonly number[]): number =>
  list.toSorted((a, b) => a - b)[list.length >> 1]!;

const costs = new Map<string, Cost[]>(CALLS.map(([name]) => [name, []]));
for (let round = 0; round <= rounds; round++) {
  for (let at = 0; at < CALLS.length; at++) {
    const [name, words, cwd] = CALLS[(at + round) % CALLS.length]!;
    const cost = await take(words, cwd);
    // the first round fills caches
    if (round > 0) costs.get(name)!.push(cost);
  }
}
await Deno.remove(folder, { recursive: true });

const of = (name: string, what: keyof Cost): number =>
  median(costs.get(name)!.map((one) => one[what]));
printTable(CALLS.map(([name]) => ({
  call: name,
  "wall, ms": of(name, "wall").toFixed(0),
  "CPU, ms": of(name, "cpu").toFixed(0),
})));

/** The median over the rounds of what one call takes more than another one of the same round. */
function more(name: string, than: string, what: keyof Cost): string {
  const [one, other] = [costs.get(name)!, costs.get(than)!];
  return median(one.map((cost, round) => cost[what] - other[round]![what])).toFixed(0);
}
for (const start of ["", "config, "]) {
  const [name, than] = [`${start}with sandbox`, `${start}without sandbox`];
  console.log(
    `${name}: ${more(name, than, "wall")} ms more by the clock, ${more(name, than, "cpu")} by CPU`,
  );
}
