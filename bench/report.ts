/** Measurements become a table. */
import { readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import process from "node:process";
import { labels, YARDSTICK } from "./candidates.ts";
import type { Loading } from "./loading.ts";
import { type ScenarioName, scenarios } from "./scenarios.ts";
import type { Taken } from "./workers.ts";

/** What one candidate took in one round of one scenario. */
export interface Measurement extends Taken {
  readonly round: number;
  readonly scenario: ScenarioName;
  readonly name: string;
  readonly times: number;
}

/** All that the report tells of. */
export interface Outcome {
  readonly measurements: readonly Measurement[];
  readonly names: readonly string[];
  readonly rounds: number;
  readonly scale: number;
  readonly server: string;
  readonly loading: Loading;
}

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Writes the report. */
export function report(outcome: Outcome): string {
  const { rounds, scale, server, loading, names } = outcome;
  const [load = 0] = loadavg();
  const own = names.includes("matrx");
  return `# Results

Ratios to raw \`postgres\` (postgres.js, prepared statements) in the same run: below 1 is faster. Each figure
is the median of ${rounds} rounds of the ratio within a round; one process per candidate, candidates interleaved
round by round in changing order, results compared first; V8 keeps the code of all of them compiled, as it
does in a busy server. Written by \`deno task bench\`.

PostgreSQL ${server}, \`synchronous_commit = off\`, on the same machine: ${cpus().length} cores (${
    cpus()[0]?.model ?? "unknown"
  }), load ${load.toFixed(1)} at the end. Deno ${
    process.versions["deno"]
  } for every candidate, pools of at most 10${
    scale === 1 ? "" : `, ${scale} of the usual repetitions`
  }. Packages: ${versions()}.

## Wall clock

${table(outcome, "wall")}
## CPU time of the client

${table(outcome, "cpu")}
## Size and start

| what | measured | target |
| --- | --- | --- |
| one-model app, core without driver, minified and gzipped | ${
    (loading.bundle / 1024).toFixed(1)
  } KB | 30 KB |
| importing mod.ts on Deno, median of ${loading.imports} | ${
    loading.importMs.toFixed(1)
  } ms | 25 ms |
${own ? verdict(outcome) : ""}`;
}

function table(outcome: Outcome, what: keyof Taken): string {
  const others = outcome.names.filter((name) => name !== YARDSTICK);
  const unit = what === "wall" ? "ms per operation" : "CPU ms per operation";
  const own = outcome.names.includes("matrx");
  const met = own ? ["target met"] : [];
  const head = ["scenario", "target", ...met, ...others.map(label), `postgres, ${unit}`];
  const lines = [head, head.map(() => "---")];
  for (const scenario of scenariosOf(outcome)) {
    const { title, target } = scenarios[scenario];
    const base = median(
      of(outcome, scenario, YARDSTICK).map((one) => one[what] / one.times),
    );
    lines.push([
      title,
      target.toFixed(2),
      ...own ? [ratio(outcome, scenario, "matrx", what) <= target ? "met" : "**missed**"] : [],
      ...others.map((name) => ratio(outcome, scenario, name, what).toFixed(2)),
      base.toPrecision(3),
    ]);
  }
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function label(name: string): string {
  return name === "matrx" ? `**${labels[name]}**` : labels[name]!;
}

function scenariosOf({ measurements }: Outcome): ScenarioName[] {
  return [...new Set(measurements.map(({ scenario }) => scenario))];
}

function of(outcome: Outcome, scenario: ScenarioName, name: string): Measurement[] {
  return outcome.measurements.filter((one) => one.scenario === scenario && one.name === name);
}

function ratio(
  outcome: Outcome,
  scenario: ScenarioName,
  name: string,
  what: keyof Taken,
): number {
  const base = new Map(of(outcome, scenario, YARDSTICK).map((one) => [one.round, one[what]]));
  return median(of(outcome, scenario, name).map((one) => one[what] / base.get(one.round)!));
}

/** The packages that are measured, as package.json pins them. */
function versions(): string {
  const text = readFileSync(new URL("package.json", import.meta.url), "utf8");
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
  return Object.entries(dependencies).map(([name, version]) => `${name} ${version}`).join(", ");
}

/** How many targets are missed, by either measure. */
function verdict(outcome: Outcome): string {
  const all = scenariosOf(outcome);
  const missed = (what: keyof Taken): number =>
    all.filter((scenario) => ratio(outcome, scenario, "matrx", what) > scenarios[scenario].target)
      .length;
  return `\nOf ${all.length} targets ${missed("wall")} are missed by wall clock and ${
    missed("cpu")
  } by CPU time.\n`;
}
