import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { cacheFolder } from "./cache_folder.ts";
import { boot, PGLITE_VERSION, type PgliteDatabase } from "./engine.ts";

/**
 * The packed data folder of a new database, kept per user and version.
 *
 * Making one costs 4 s of CPU, loading it 0.7 s. Where the folder cannot be read or written each new
 * database is made from nothing.
 */
function seedPath(): string {
  return join(cacheFolder(), `pglite-${PGLITE_VERSION}.tar.gz`);
}

/** Seeds that this process has read, by path. */
const known = new Map<string, Promise<Blob | null>>();

function lookUp(path: string): Promise<Blob | null> {
  let seed = known.get(path);
  if (seed === undefined) {
    seed = readSeed(path);
    known.set(path, seed);
  }
  return seed;
}

async function readSeed(path: string): Promise<Blob | null> {
  try {
    return new Blob([new Uint8Array(await readFile(path))]);
  } catch {
    return null; // no seed yet, or no right to read it: a new database is made from nothing
  }
}

async function writeSeed(path: string, database: PgliteDatabase): Promise<Blob> {
  const seed = await database.dumpDataDir("gzip");
  const draft = `${path}.${process.pid}.${crypto.randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, new Uint8Array(await seed.arrayBuffer()), { mode: 0o600 });
    await rename(draft, path); // never a half-written seed under its name
  } catch {
    // the cache is only for speed; without the right to write there is none
    await rm(draft, { force: true }).catch(() => {});
  }
  return seed;
}

/** Starts a new database in memory, or in an empty folder, from the seed where there is one. */
export async function bootNew(folder: string | null): Promise<PgliteDatabase> {
  let path: string | null = null;
  try {
    path = seedPath();
  } catch {
    // the runtime does not permit to look at the environment
  }
  const seed = path === null ? null : await lookUp(path);
  if (seed !== null) {
    try {
      return await boot(folder, seed);
    } catch {
      // a damaged seed must not stop anyone: it goes, and the next start makes a new one
      if (path !== null) {
        known.delete(path);
        await rm(path, { force: true }).catch(() => {});
      }
      if (folder !== null) await emptyFolder(folder);
    }
  }
  const database = await boot(folder, null);
  if (path !== null) known.set(path, Promise.resolve(await writeSeed(path, database)));
  return database;
}

async function emptyFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}
