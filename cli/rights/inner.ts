/** The process with the least rights: loads user code, and does what was handed over. */
import process from "node:process";
import { OrmError } from "../../src/errors/base.ts";
import { handOver, loadConfig } from "../config_file.ts";
import { asUsage } from "../errors.ts";
import { type Host, processHost } from "../host.ts";
import { loadOwn } from "../own.ts";
import { isData, toText } from "./data.ts";
import {
  type ConfigAnswer,
  type ConfigTask,
  type Handover,
  MARK,
  type RunTask,
} from "./handover.ts";

/** Does what was handed over. */
export async function runInner(task: Handover): Promise<number> {
  if (process.versions.deno !== undefined) (await import("./imports.ts")).guardImports(task.hosts);
  return task.stage === "config" ? await tellConfig(task) : await run(task);
}

async function tellConfig(task: ConfigTask): Promise<number> {
  const host = processHost();
  host.out.write(`\n${MARK}${toText(await loadAsked(host.cwd(), task.named))}\n`);
  await host.flush();
  return 0;
}

async function loadAsked(folder: string, named: string | undefined): Promise<ConfigAnswer> {
  try {
    const loaded = await loadConfig(folder, named);
    return { loaded, isData: isData(loaded.config) };
  } catch (caught) {
    const error = asUsage(caught);
    if (!(error instanceof OrmError)) throw error;
    const { message, code, hint, context, stack } = error;
    return { error: { message, code, hint, context, stack } };
  }
}

async function run({ args, named, loaded, env }: RunTask): Promise<number> {
  const host = processHost();
  if (loaded !== undefined) handOver(loaded);
  else await loadOnce(host.cwd(), named, Object.keys(env));
  // what the host tells of the terminal is looked up when it is asked for
  const own: Host = Object.create(host, { env: { value: (name: string) => env[name] } });
  const { main } = await loadOwn<typeof import("../main.ts")>(import.meta.url, "../main.ts");
  return await main(args, own);
}

/** Loads a config that holds more than data, and takes the variables away that it was made from. */
async function loadOnce(
  folder: string,
  named: string | undefined,
  variables: readonly string[],
): Promise<void> {
  try {
    handOver(await loadConfig(folder, named));
  } catch {
    // the command loads it again, and says what is wrong
  }
  for (const name of variables) delete process.env[name];
}
