import type { Param, Rows, Statement } from "../../driver/port.ts";
import { ConfigurationError } from "../../errors/base.ts";
import { databaseError } from "../../errors/server.ts";
import { pglitePackage } from "./package.ts";
import { fieldsOf, isServerError } from "../shared/server_error.ts";
import { readRows } from "./wire.ts";

/** The version of PGlite; data folders and seeds are made by it. */
export const PGLITE_VERSION = "0.5.14";

/** The parts of a PGlite instance that the driver uses; an instance of the package fits. */
export interface PgliteDatabase {
  /** Its Emscripten module, in whose file system extensions lie. */
  readonly Module: { readonly FS: PgliteFileSystem };
  /** Sends protocol messages and gives back the answers. */
  execProtocol(
    message: Uint8Array,
    options: { throwOnError: boolean },
  ): Promise<{ messages: readonly { readonly name: string }[]; data: Uint8Array }>;
  /** Keeps other queries out while `work` runs. */
  runExclusive<T>(work: () => Promise<T>): Promise<T>;
  /** Whether a transaction is open. */
  isInTransaction(): boolean;
  /** Calls back for every NOTIFY; gives the function that ends it. */
  onNotification(call: (channel: string, payload: string) => void): () => void;
  /** Packs its data folder. */
  dumpDataDir(compression: "gzip"): Promise<Blob>;
  /** Ends it. */
  close(): Promise<void>;
}

/** What extensions need of PGlite's file system. */
export interface PgliteFileSystem {
  /** Makes a folder and those above it. */
  mkdirTree(path: string): void;
  /** Writes a file. */
  writeFile(path: string, data: Uint8Array): void;
}

/** Starts PGlite in memory or on a folder, from a seed or from nothing. */
export async function boot(folder: string | null, seed: Blob | null): Promise<PgliteDatabase> {
  const options = {
    ...(folder === null ? {} : { dataDir: folder }),
    ...(seed === null ? {} : { loadDataDir: seed }),
  };
  const { PGlite } = await pglitePackage();
  return await PGlite.create(options) as PgliteDatabase;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function exchange(
  database: PgliteDatabase,
  bytes: Uint8Array,
  failed: { readonly text: string; readonly params: readonly Param[] },
): Promise<Uint8Array> {
  const { messages, data } = await database.runExclusive(() =>
    database.execProtocol(bytes, { throwOnError: false })
  );
  for (const message of messages) {
    if (message.name === "error" && isServerError(message)) {
      throw databaseError(fieldsOf(message), failed);
    }
    if (message.name === "copyInResponse" || message.name === "copyOutResponse") {
      throw new ConfigurationError("Cannot copy from or to the client with this driver", {
        code: "copy_unsupported",
        hint: "Insert with json_to_recordset() or unnest(), or use the postgres:// driver",
      });
    }
  }
  return data;
}

/**
 * Runs one statement in a single exchange of messages, values as text both ways.
 *
 * `query()` of the package makes five exchanges and converts values on the way.
 */
export async function runStatement(database: PgliteDatabase, statement: Statement): Promise<Rows> {
  const { serialize } = (await pglitePackage()).protocol;
  const bytes = join([
    serialize.parse({ text: statement.text }),
    serialize.bind({ values: [...statement.params] }),
    serialize.describe({ type: "P" }),
    serialize.execute({}),
    serialize.sync(),
  ]);
  return readRows(await exchange(database, bytes, statement));
}

/** Runs a script of any number of commands. */
export async function runScript(database: PgliteDatabase, text: string): Promise<void> {
  const { serialize } = (await pglitePackage()).protocol;
  await exchange(database, serialize.query(text), { text, params: [] });
}
