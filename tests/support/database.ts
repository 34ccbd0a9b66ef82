import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Driver, DriverOptions } from "../../src/driver/port.ts";
import { openNodePg } from "../../src/drivers/node_pg.ts";
import { openPglite } from "../../src/drivers/pglite.ts";
import type { TestServer } from "./servers.ts";

/** A database that one test owns. */
export interface TestDatabase extends AsyncDisposable {
  /** The name that the server knows it by; empty on `pglite`. */
  readonly name: string;
  /** A URL that opens it as its owner; `pglite://memory` opens another one each time. */
  readonly url: string;
  /** An open driver on it, closed on dispose. Connects on its first call. */
  readonly driver: Driver;
  /** Closes the driver and drops the database. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How to make a database for a test. */
export interface TestDatabaseOptions {
  /** A database to copy with all that it holds; its driver is closed. Not on `pglite`. */
  readonly template?: TestDatabase | undefined;
  /** On `pglite`: keep it in a folder, so that its URL opens the same data once `driver` is closed. */
  readonly folder?: boolean | undefined;
  /** Settings of `driver` that differ from the defaults. */
  readonly options?: Partial<DriverOptions> | undefined;
  /** Opens `driver`; by default the driver of the server's kind. */
  readonly open?: ((options: DriverOptions) => Driver) | undefined;
}

/** Fills in the defaults of a driver's options. */
export function driverOptions(url: string, changes: Partial<DriverOptions> = {}): DriverOptions {
  return {
    name: "test",
    url,
    poolMax: 10,
    poolMode: "session",
    connectTimeoutMs: 10_000,
    acquireTimeoutMs: 10_000,
    statementTimeoutMs: 0,
    idleTimeoutMs: 30_000,
    livenessTimeoutMs: 15_000,
    ...changes,
  };
}

/** The same server's URL for another database. */
export function urlOf(server: TestServer, database: string): string {
  const url = new URL(server.url);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}

/** Runs commands as the server's superuser, outside any transaction. */
export async function administer(
  server: TestServer,
  ...commands: readonly string[]
): Promise<void> {
  const driver = openNodePg(driverOptions(server.url, { name: "admin", poolMax: 1 }));
  try {
    for (const text of commands) await driver.query({ text, params: [] });
  } finally {
    await driver.close();
  }
}

/** Makes a new empty database, or a copy of another one. */
export async function testDatabase(
  server: TestServer,
  how: TestDatabaseOptions = {},
): Promise<TestDatabase> {
  if (server.skip !== false) throw new Error(`Cannot test on ${server.kind}: ${server.skip}`);
  if (server.kind === "pglite") return await embedded(how);
  const name = `t_${process.pid}_${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
  await how.template?.driver.close();
  const from = how.template === undefined ? "template0" : how.template.name;
  await administer(server, `create database "${name}" template "${from}"`);
  const url = urlOf(server, name);
  const driver = (how.open ?? openNodePg)(driverOptions(url, how.options));
  return {
    name,
    url,
    driver,
    async [Symbol.asyncDispose]() {
      await driver.close();
      await administer(server, `drop database if exists "${name}" with (force)`);
    },
  };
}

async function embedded(how: TestDatabaseOptions): Promise<TestDatabase> {
  if (how.template !== undefined) throw new Error("PGlite has no template databases");
  const folder = how.folder === true ? await mkdtemp(join(tmpdir(), "matrx-orm-pglite-")) : null;
  const url = folder === null ? "pglite://memory" : `pglite://${folder}/data`;
  const driver = (how.open ?? openPglite)(driverOptions(url, how.options));
  return {
    name: "",
    url,
    driver,
    async [Symbol.asyncDispose]() {
      await driver.close();
      if (folder !== null) await rm(folder, { recursive: true, force: true });
    },
  };
}
