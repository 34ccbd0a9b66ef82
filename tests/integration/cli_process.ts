/** Runs the command line as a process of its own. */
import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The folder of the project. */
export const ROOT: string = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Where Deno is; the tests that start it are skipped elsewhere. */
export const DENO: string | undefined = "Deno" in globalThis ? process.execPath : undefined;

/** How a process ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

/** How a process is started. */
export interface Start {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the running process. */
  readonly meanwhile?: (child: ReturnType<typeof spawn>) => void;
}

/** Runs a program to its end. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env = {}, meanwhile }: Start,
): Promise<Ended> {
  // what another test set must not be seen
  const { DATABASE_URL: _, ...inherited } = process.env;
  const child = spawn(program, [...args], {
    cwd,
    env: { ...inherited, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => out += text);
  child.stderr.setEncoding("utf8").on("data", (text) => err += text);
  const ended = new Promise<[number | null, string | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve([code, signal]));
  });
  meanwhile?.(child);
  const [code, signal] = await ended;
  return { code, signal, out, err };
}

/** Runs `deno run <flags> cli.ts <args>`. */
export function runCli(
  flags: readonly string[],
  args: readonly string[],
  start: Start,
): Promise<Ended> {
  return runProgram(DENO!, ["run", ...flags, `${ROOT}/cli.ts`, ...args], start);
}
