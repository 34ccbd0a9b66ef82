/** The process that was started: sees to it that user code is loaded by one with the least rights. */
import { dirname } from "node:path";
import process from "node:process";
import { ConfigurationError } from "../../src/errors/base.ts";
import type { Command } from "../command.ts";
import { configPath, handOver, type LoadedConfig } from "../config_file.ts";
import type { Host } from "../host.ts";
import type { OptionValues } from "../options.ts";
import type { Output } from "../output.ts";
import { fromText, toText } from "./data.ts";
import { databasesOf } from "./databases.ts";
import { type ConfigAnswer, type Handover, LONGEST, MARK, VARIABLE } from "./handover.ts";
import { lookAround } from "./machine.ts";
import {
  DATABASE_VARIABLES,
  EXTRA_OPTIONS,
  type Machine,
  type Rights,
  rightsOf,
  type Situation,
} from "./rights.ts";

/** A call of a command that is about to be run. */
export interface Call {
  readonly command: Command;
  readonly values: OptionValues;
  readonly args: readonly string[];
  readonly host: Host;
  readonly output: Output;
}

/** Starts this program again with less, and tells how that ended. */
export interface Sandbox {
  /** The address of the program, for what is looked up beside it. */
  readonly self: string;
  /** Runs it with its output collected. */
  collect(rights: Rights, env: Readonly<Record<string, string>>): Promise<string>;
  /** Runs it on the streams of this process; gives its exit status. */
  replace(rights: Rights, env: Readonly<Record<string, string>>): Promise<number>;
}

/**
 * Runs a call in a process of its own that has no more rights than it needs; gives its exit status.
 *
 * undefined = go on in this process: no user code is left to be loaded, or nothing less can be had.
 */
export async function enter(call: Call): Promise<number | undefined> {
  const { permissions } = call.command;
  if (permissions.read.length === 0 || permissions.asks === true) return undefined;
  if (call.values.flag("no-sandbox")) return undefined;
  const sandbox = await sandboxOf(call);
  if (sandbox === undefined) return undefined;
  const machine = lookAround(call.host.cwd(), sandbox.self);
  const config = await configOf(call, machine, sandbox);
  if (!bringsUserCode(call.command)) {
    handOver(config.loaded);
    return undefined;
  }
  const { command, values, host } = call;
  const databases = databasesOf(command, values, config.loaded, host);
  const situation: Situation = {
    ...{ command, values, cwd: host.cwd(), loaded: config.loaded, databases, machine },
    configFiles: config.isData || config.loaded.file === undefined ? [] : [config.loaded.folder],
  };
  const { rights, env } = handing(call, situation, config);
  return await sandbox.replace(rights, env);
}

/** What can hold this call on this runtime; undefined = it goes on with the rights that it has. */
async function sandboxOf(call: Call): Promise<Sandbox | undefined> {
  if (process.versions.deno !== undefined) return (await import("./deno.ts")).denoSandbox(call);
  return (await import("./node.ts")).nodeSandbox(call);
}

/** Whether a command loads modules of the user's beside the config file, or acts on what that says. */
function bringsUserCode({ permissions }: Command): boolean {
  return permissions.net.length > 0 || permissions.write.length > 0 ||
    permissions.read.some((place) => place !== "config");
}

interface Config {
  readonly loaded: LoadedConfig;
  /** Whether it can be handed over as it is. */
  readonly isData: boolean;
}

/** Lets a process that may read its folder, and nothing else, load the config file. */
async function configOf(call: Call, machine: Machine, sandbox: Sandbox): Promise<Config> {
  const { values, host } = call;
  const folder = host.cwd();
  const named = values.text("config");
  const none = { loaded: { config: {}, folder, file: undefined }, isData: true };
  const file = call.command.permissions.read.includes("config")
    ? configPath(folder, named)
    : undefined;
  if (file === undefined) return none;
  const extra = (kind: keyof typeof EXTRA_OPTIONS) => values.list(EXTRA_OPTIONS[kind]) ?? [];
  const names = [...call.command.permissions.env, ...DATABASE_VARIABLES, ...extra("env")];
  const rights: Rights = {
    read: [dirname(file), ...machine.own, ...extra("read")],
    write: [],
    net: [],
    env: [...names, VARIABLE],
    import: [...machine.importHosts, ...extra("import")],
  };
  const task: Handover = { stage: "config", hosts: extra("import"), named };
  const env = { ...variables(names), [VARIABLE]: toText(task) };
  const printed = await sandbox.collect(rights, env);
  const at = printed.lastIndexOf(MARK);
  // what the config printed itself is not the command's data
  host.err.write(printed.slice(0, Math.max(0, at < 0 ? printed.length : at - 1)));
  if (at < 0) throw endedEarly(file);
  const answer = fromText(printed.slice(at + MARK.length)) as ConfigAnswer;
  if (!("error" in answer)) return answer;
  const { message, stack, ...options } = answer.error;
  const error = new ConfigurationError(message, options);
  if (stack !== undefined) error.stack = stack;
  throw error;
}

function endedEarly(file: string): ConfigurationError {
  return new ConfigurationError(
    `Cannot load the config file ${file}: it ended the process that loads it`,
    {
      code: "config_failed",
      hint: "Correct the file: it may do no more than read files of its folder and export settings",
      context: { file },
    },
  );
}

/** The rights of the process that runs the command, and what it is told. */
function handing(
  call: Call,
  situation: Situation,
  { loaded, isData }: Config,
): { rights: Rights; env: Record<string, string> } {
  const { machine, values } = situation;
  const rights = rightsOf(situation);
  const hosts = values.list(EXTRA_OPTIONS.import) ?? [];
  const files = {
    ...(rights.env.includes("MATRX_CACHE_DIR") ? { MATRX_CACHE_DIR: machine.cache! } : {}),
    ...(machine.passfile !== undefined && rights.read.includes(machine.passfile)
      ? { PGPASSFILE: machine.passfile }
      : {}),
  };
  const seen = variables(rights.env);
  const named = values.text("config");
  const task = { stage: "run", hosts, args: call.args, named, env: seen } as const;
  const asData = toText({ ...task, loaded } satisfies Handover);
  if (isData && asData.length <= LONGEST) {
    // the variables travel in one that is gone before user code is loaded
    const names = ["NO_COLOR", "TERM", ...Object.keys(files), VARIABLE];
    return { rights: { ...rights, env: names }, env: { ...files, [VARIABLE]: asData } };
  }
  const anew = toText({ ...task, loaded: undefined } satisfies Handover);
  return {
    rights: {
      ...rights,
      read: [...rights.read, ...(loaded.file === undefined ? [] : [loaded.folder])],
      env: [...rights.env, ...Object.keys(files), VARIABLE],
    },
    env: { ...seen, ...files, [VARIABLE]: anew },
  };
}

/** The variables of this process that names and patterns stand for. */
function variables(names: readonly string[]): Record<string, string> {
  const isNamed = (variable: string): boolean =>
    names.some((name) =>
      name.endsWith("*") ? variable.startsWith(name.slice(0, -1)) : variable === name
    );
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] =>
      isNamed(entry[0]) && entry[1] !== undefined
    ),
  );
}
