/**
 * One candidate in a process of its own: takes commands as lines of JSON, answers with lines of JSON.
 *
 * `{ check }` runs an operation once and gives a digest of its result, `{ measure, times, turn }` warms
 * its code up, runs it many times and gives wall clock and CPU time in ms, `{ close }` ends the process.
 */
import { createHash } from "node:crypto";
import process from "node:process";
import { createInterface } from "node:readline";
import { type Open, plain, type ScenarioName } from "./scenarios.ts";
import { files } from "./candidates.ts";

interface Command {
  readonly check?: ScenarioName;
  readonly measure?: ScenarioName;
  readonly times?: number;
  readonly turn?: number;
  readonly close?: true;
}

const [name = "", url = ""] = process.argv.slice(2);
const module = await import(`./candidates/${files[name]}.ts`) as Readonly<Record<string, Open>>;
const candidate = await module[name]!(url);

async function check(scenario: ScenarioName): Promise<unknown> {
  const result = await candidate.operations[scenario](1);
  const shape = candidate.shape?.[scenario] as ((result: unknown) => unknown) | undefined;
  const text = JSON.stringify(plain[scenario](shape === undefined ? result : shape(result)));
  return { digest: createHash("sha256").update(text).digest("hex"), sample: text.slice(0, 300) };
}

/** Which part of a measurement is run before it: a runtime drops the code of what it has not run for minutes. */
const WARM_UP = 1 / 4;

async function measure(scenario: ScenarioName, times: number, turn: number): Promise<unknown> {
  const operation = candidate.operations[scenario];
  for (let index = 0; index < times * WARM_UP; index++) await operation(turn + times + index);
  const before = process.cpuUsage();
  const started = performance.now();
  for (let index = 0; index < times; index++) await operation(turn + index);
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1000 };
}

async function answer(command: Command): Promise<unknown> {
  try {
    if (command.check !== undefined) return await check(command.check);
    if (command.measure !== undefined) {
      return await measure(command.measure, command.times ?? 1, command.turn ?? 0);
    }
    await candidate.close();
    return {};
  } catch (error) {
    return { failed: error instanceof Error ? error.stack : String(error) };
  }
}

const say = (value: unknown): Promise<void> =>
  new Promise((resolve) => process.stdout.write(`@${JSON.stringify(value)}\n`, () => resolve()));

await say({ ready: name });
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as Command;
  await say(await answer(command));
  if (command.close === true) break;
}
process.exit(0);
