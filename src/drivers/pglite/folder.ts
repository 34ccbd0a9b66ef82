import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import process from "node:process";
import { ConfigurationError } from "../../errors/base.ts";
import { boot, type PgliteDatabase } from "./engine.ts";
import { bootNew } from "./seed.ts";

/** Folders that this module has open. */
const open = new Set<string>();

interface Owner {
  readonly pid: number;
  /** Tells a process from an earlier one with the same id; empty where the system does not say. */
  readonly start: string;
}

/** A database folder that is locked for this process. */
export interface OpenFolder {
  /** The running database. */
  readonly database: PgliteDatabase;
  /** Lets other processes have the folder; call it after the database has ended. */
  unlock(): Promise<void>;
}

function processStart(pid: number | "self"): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // the program's name stands in parentheses and may hold blanks
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return ""; // not Linux, gone, or not permitted
  }
}

/** Whether /proc says that a process is gone; false where it is not there, or may not be read. */
function isGone(pid: number): boolean {
  try {
    return existsSync("/proc/self") && !existsSync(`/proc/${pid}`);
  } catch {
    return false; // Deno refuses it to a process with few rights
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.pid === process.pid) {
    // another thread of this process, or an earlier process with the same id
    return owner.start !== "" && owner.start === processStart("self");
  }
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as { code?: string }).code === "ESRCH") return false;
    // not permitted to look that way: where there is /proc it knows
    if (isGone(owner.pid)) return false;
  }
  const start = processStart(owner.pid);
  return start === "" || owner.start === "" || start === owner.start;
}

function refuse(folder: string, lock: string, pid: number): never {
  throw new ConfigurationError(
    `Cannot open the database folder ${folder}: process ${pid} has it open`,
    {
      code: "folder_locked",
      hint:
        `End that process first; an embedded database has one process at a time. If no process ${pid} is left, remove ${lock}`,
      context: { folder, pid },
    },
  );
}

async function readOwner(lock: string): Promise<Owner | null> {
  let text: string;
  try {
    text = await readFile(lock, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return null;
    throw error;
  }
  const [pid, start] = text.split("\n");
  // a crash in the middle of writing leaves an empty lock, which nobody owns
  return { pid: Number(pid), start: start ?? "" };
}

async function takeLock(folder: string, lock: string): Promise<void> {
  for (;;) {
    try {
      const words = `${process.pid}\n${processStart("self")}\n`;
      await writeFile(lock, words, { flag: "wx" });
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "EEXIST") throw error;
    }
    const owner = await readOwner(lock);
    if (owner === null) continue;
    if (owner.pid > 0 && isAlive(owner)) refuse(folder, lock, owner.pid);
    // renamed before it is removed: of two that take over only one gets it
    const stale = `${lock}.${crypto.randomUUID()}`;
    try {
      await rename(lock, stale);
    } catch (error) {
      if ((error as { code?: string }).code === "ENOENT") continue;
      throw error;
    }
    await rm(stale, { force: true });
  }
}

/**
 * Opens a database folder, and makes a new database in one that is missing or empty.
 *
 * The lock is the file `<folder>.lock` beside it. A new database is made under another name and renamed when it
 * is complete, so that a crash never leaves half of one.
 *
 * @throws {ConfigurationError} another process, or this one, has it open, or it holds something else
 */
export async function openFolder(path: string): Promise<OpenFolder> {
  const folder = resolve(path);
  const lock = join(dirname(folder), `${basename(folder)}.lock`);
  if (open.has(folder)) refuse(folder, lock, process.pid);
  open.add(folder);
  try {
    await prepare(folder, () =>
      takeLock(folder, lock).catch(async (error) => {
        if ((error as { code?: unknown }).code !== "ENOENT") throw error;
        // only then: the right to write beside the folder is more than the database needs
        await mkdir(dirname(folder), { recursive: true });
        await takeLock(folder, lock);
      }));
  } catch (error) {
    open.delete(folder);
    throw error;
  }
  const unlock = async (): Promise<void> => {
    await rm(lock, { force: true });
    open.delete(folder);
  };
  try {
    if (!existsSync(join(folder, "PG_VERSION"))) await create(folder);
    return { database: await boot(folder, null), unlock };
  } catch (error) {
    await unlock();
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`Cannot open the database folder ${folder}`, {
      code: "folder_unusable",
      hint: "See the cause; the folder may be of another version of PostgreSQL or not writable",
      context: { folder },
      cause: error,
    });
  }
}

async function prepare(folder: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError(`Cannot make the database folder ${folder}`, {
      code: "folder_unusable",
      hint: "Choose a folder that this process may write to",
      context: { folder },
      cause: error,
    });
  }
}

async function create(folder: string): Promise<void> {
  const present = existsSync(folder) ? await readdir(folder) : [];
  if (present.length > 0) {
    throw new ConfigurationError(`Cannot use the folder ${folder}: it holds no database`, {
      code: "folder_not_empty",
      hint: "Name an empty folder, or one that does not exist yet",
      context: { folder },
    });
  }
  const draft = `${folder}.new`;
  // what a crash left behind; the lock keeps others out
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const database = await bootNew(draft);
  await database.close();
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}
