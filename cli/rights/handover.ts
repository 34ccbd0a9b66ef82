/** What the outer process gives to the one that it starts: by one environment variable, never by words of a command line. */
import type { OrmError } from "../../src/errors/base.ts";
import type { LoadedConfig } from "../config_file.ts";
import { fromText } from "./data.ts";

/** The variable. It is removed as soon as it is read. */
export const VARIABLE = "MATRX_HANDOVER";

/** Longest text of the variable: what a system takes, with room to spare. */
export const LONGEST = 30_000;

/** Stands before what the process that loads the config prints for the outer one. */
export const MARK = "\u0001matrx-config ";

/** To load the config and to tell what it says. */
export interface ConfigTask {
  /** Which of the two it is. */
  readonly stage: "config";
  /** Hosts that modules may be imported from beside the package's own. */
  readonly hosts: readonly string[];
  /** The file that was named. */
  readonly named: string | undefined;
}

/** To run the command. */
export interface RunTask {
  /** Which of the two it is. */
  readonly stage: "run";
  /** Hosts that modules may be imported from beside the package's own. */
  readonly hosts: readonly string[];
  /** The words of the command line. */
  readonly args: readonly string[];
  /** The config file that was named. */
  readonly named: string | undefined;
  /** The config; undefined when it is loaded anew, because it holds more than data. */
  readonly loaded: LoadedConfig | undefined;
  /** The variables that the command may see. */
  readonly env: Readonly<Record<string, string>>;
}

/** What is to be done. */
export type Handover = ConfigTask | RunTask;

/** What loading the config came to. */
export type ConfigAnswer =
  | { readonly loaded: LoadedConfig; readonly isData: boolean }
  | { readonly error: ToldError };

/** An error on its way to another process. */
export interface ToldError {
  readonly message: string;
  readonly code: string;
  readonly hint: string | undefined;
  readonly context: OrmError["context"];
  readonly stack: string | undefined;
}

interface Environment {
  readonly Deno?: {
    readonly env: { get(name: string): string | undefined; delete(name: string): void };
  };
  readonly process?: { readonly env: Record<string, string | undefined> };
}

/** Takes what was handed over; undefined in a process that was started by hand. */
export function takeHandover(): Handover | undefined {
  const { Deno: deno, process } = globalThis as Environment;
  let text: string | undefined;
  try {
    text = deno === undefined ? process?.env[VARIABLE] : deno.env.get(VARIABLE);
    if (text === undefined) return undefined;
    if (deno === undefined) delete process?.env[VARIABLE];
    else deno.env.delete(VARIABLE);
  } catch {
    return undefined; // without the right to read it nothing was handed over
  }
  return fromText(text) as Handover;
}
