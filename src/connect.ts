import type { Driver, DriverOptions } from "./driver/port.ts";
import { type DatabaseConfig, redactUrl } from "./execute/config.ts";
import { Databases } from "./execute/registry.ts";
import { checkUrl, type UrlScheme } from "./execute/url.ts";

const openers: Readonly<Record<UrlScheme, (options: DriverOptions) => Promise<Driver>>> = {
  postgres: openPostgres,
  postgresql: openPostgres,
  pglite: async (options) => (await import("./drivers/pglite.ts")).openPglite(options),
};

async function openPostgres(options: DriverOptions): Promise<Driver> {
  return (await import("./drivers/node_pg.ts")).openNodePg(options);
}

/**
 * Opens a driver by its URL; loads the driver's module on the way.
 *
 * @throws {ConfigurationError} no driver opens the URL's scheme
 */
export async function openDriver(options: DriverOptions): Promise<Driver> {
  return await openers[checkUrl(options.name, options.url)](options);
}

/**
 * Registers a database by name. Nothing is loaded or opened before its first use; the first one
 * registered is the default.
 *
 * @throws {ConfigurationError} keys are missing, unknown or wrong, or the name stands for another one
 */
export function registerDatabase(config: DatabaseConfig): void {
  Databases.default.register(config, openDriver);
}

/**
 * Closes one database, waiting for statements under way. Its name may be registered anew.
 *
 * @throws {ConfigurationError} none has that name
 */
export async function closeDatabase(name: string): Promise<void> {
  await Databases.default.close(name);
}

/** Closes and forgets every registered database. */
export async function closeAll(): Promise<void> {
  await Databases.default.closeAll();
}

/** The names of the registered databases, the default one first. */
export function databaseNames(): string[] {
  return Databases.default.names();
}

/**
 * The connection URL of a registered database with its password masked, for display.
 *
 * @throws {ConfigurationError} none has that name
 */
export function connectionString(name: string): string {
  return redactUrl(Databases.default.get(name).config.url);
}
