import { openDriver } from "../../src/connect.ts";
import type { Driver } from "../../src/driver/port.ts";
import { DatabaseError } from "../../src/errors/database.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { shadowDriver, type ShadowPlace } from "./place.ts";
import * as queries from "./queries.ts";

/** A database of this age that nobody is connected to was left by a run that was killed. */
const STALE_MS = 10 * 60_000;

/** Whether a URL is one of a server. */
export function isServer(url: string): boolean {
  return /^postgres(?:ql)?:/.test(url);
}

/**
 * Makes a temporary database on the server of a URL, and first drops those that killed runs left.
 *
 * The URL's own database is connected to and not touched.
 *
 * @throws {MigrationError} the role may not make databases, or the URL is none of a server
 */
export async function openOnServer(url: string): Promise<ShadowPlace> {
  if (!isServer(url)) {
    throw new MigrationError("Cannot make a shadow database there: the URL is none of a server", {
      code: "shadow_without_server",
      hint: "Give a postgres:// URL, or leave the shadow embedded",
    });
  }
  const keeper = await openDriver(shadowDriver(url, 1));
  try {
    await dropStale(keeper);
    return await makePlace(keeper, url);
  } catch (error) {
    await keeper.close();
    throw error;
  }
}

async function makePlace(keeper: Driver, url: string): Promise<ShadowPlace> {
  const name = `${queries.DATABASE_PREFIX}${Date.now()}_${
    crypto.randomUUID().replaceAll("-", "").slice(0, 12)
  }`;
  await createDatabase(keeper, name);
  const drop = () => keeper.query({ text: queries.dropDatabase(name), params: [] });
  let driver: Driver;
  try {
    driver = await openDriver(shadowDriver(databaseUrl(url, name), 4));
  } catch (error) {
    await drop();
    throw error;
  }
  return {
    name: "server",
    driver,
    // a role belongs to the whole server: what is declared must name those that are there
    createRole: () => Promise.resolve(false),
    async empty(): Promise<ShadowPlace> {
      await driver.close();
      await drop();
      return await makePlace(keeper, url);
    },
    async close(): Promise<void> {
      try {
        await driver.close();
        await drop();
      } finally {
        await keeper.close();
      }
    },
  };
}

async function createDatabase(keeper: Driver, name: string): Promise<void> {
  try {
    await keeper.query({ text: queries.createDatabase(name), params: [] });
  } catch (cause) {
    if (!(cause instanceof DatabaseError) || cause.sqlstate !== "42501") throw cause;
    throw new MigrationError("Cannot make a shadow database: the role may not create databases", {
      code: "shadow_not_permitted",
      hint: "Give the role CREATEDB, or name another server with --shadow=URL",
      cause,
    });
  }
}

async function dropStale(keeper: Driver): Promise<void> {
  const { rows } = await keeper.query({ text: queries.idleDatabases, params: [] });
  for (const [name] of rows) {
    const made = Number(name!.slice(queries.DATABASE_PREFIX.length).split("_")[0]);
    if (Date.now() - made < STALE_MS) continue;
    // another run may be at it at the same moment
    await keeper.query({ text: queries.dropDatabase(name!), params: [] }).catch(() => {});
  }
}

/** The URL of another database of the same server. */
function databaseUrl(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${encodeURIComponent(name)}`;
  return other.href;
}
