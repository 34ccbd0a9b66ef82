import { openDriver } from "../../src/connect.ts";
import type { Connection, Driver } from "../../src/driver/port.ts";
import { shadowDriver, type ShadowPlace } from "./place.ts";
import * as queries from "./queries.ts";

/** Starts an embedded PostgreSQL in memory: no server, no file but the cached seed of its start. */
export async function openEmbedded(): Promise<ShadowPlace> {
  const driver = await openDriver(shadowDriver("pglite://memory", 1));
  try {
    for (const text of queries.becomeOwner) await driver.query({ text, params: [] });
  } catch (error) {
    await driver.close();
    throw error;
  }
  return place(driver);
}

function place(driver: Driver): ShadowPlace {
  const roles = new Set<string>();
  const self: ShadowPlace = {
    name: "embedded",
    driver,
    async createRole(connection: Connection, name: string): Promise<boolean> {
      if (roles.has(name)) return false;
      await connection.script(queries.createRole(name));
      roles.add(name);
      return true;
    },
    async empty(): Promise<ShadowPlace> {
      if (await emptied(driver, roles)) return self;
      await driver.close();
      return await openEmbedded();
    },
    close: () => driver.close(),
  };
  return self;
}

/** Empties the database in place; false = something that has no owner is left. */
async function emptied(driver: Driver, roles: Set<string>): Promise<boolean> {
  const run = (text: string) => driver.query({ text, params: [] });
  try {
    await run(queries.resetSettings);
    await run(queries.dropOwned);
    for (const role of roles) await run(queries.dropRole(role));
    roles.clear();
    const { rows } = await run(queries.countLeft);
    return rows[0]?.[0] === "0";
  } catch {
    // whatever stands in the way: a new database is always empty
    return false;
  }
}
