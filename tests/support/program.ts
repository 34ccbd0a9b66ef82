/** Programs that tests run beside themselves, and empty folders to run them in. */
import { spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";

/** How a program ended and what it printed. */
export interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** How to run a program. */
export interface RunHow {
  readonly cwd?: string | undefined;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Longest run in ms; default 300,000. */
  readonly limitMs?: number | undefined;
}

/** Runs a program to its end, whatever that is. */
export function runProgram(
  program: string,
  args: readonly string[],
  how: RunHow = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: how.cwd ?? "/",
      env: { ...process.env, NO_COLOR: "1", DENO_NO_PROMPT: "1", ...how.env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: how.limitMs ?? 300_000,
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (part: Uint8Array) => out += String(part));
    child.stderr.on("data", (part: Uint8Array) => err += String(part));
    child.on("error", reject);
    child.on("close", (status, signal) => {
      resolve({ status: status ?? 128, out, err: signal === null ? err : `${err}\n(${signal})` });
    });
  });
}

/** Runs a program and gives what it printed; rejects with all of it when it fails. */
export async function succeed(
  program: string,
  args: readonly string[],
  how: RunHow = {},
): Promise<string> {
  const { status, out, err } = await runProgram(program, args, how);
  if (status === 0) return out;
  throw new Error(`${program} ${args.join(" ")}\nended with ${status}\n${out}\n${err}`);
}

/** A folder of a test's own, removed on dispose. */
export interface Workplace extends AsyncDisposable {
  readonly path: string;
  /** Writes a file and gives its path. */
  write(name: string, text: string): Promise<string>;
}

/** Makes an empty folder outside the project. */
export async function workplace(): Promise<Workplace> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "matrx-orm-place-")));
  return {
    path,
    async write(name, text) {
      const file = join(path, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
      return file;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}

/**
 * Makes a cache of Deno in a folder that knows nothing of what was loaded by URL before, but has the
 * packages of npm of this machine; gives the environment for it.
 */
export async function freshDenoCache(folder: string): Promise<Readonly<Record<string, string>>> {
  const found = spawnSync(process.execPath, ["info", "--json"], { cwd: "/", encoding: "utf8" });
  const { npmCache } = JSON.parse(found.stdout) as { npmCache: string };
  const cache = join(folder, "deno-cache");
  await mkdir(npmCache, { recursive: true });
  await mkdir(cache);
  await symlink(npmCache, join(cache, "npm"));
  return { DENO_DIR: cache };
}
