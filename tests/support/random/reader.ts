import { openNodePg } from "../../../src/drivers/node_pg.ts";
import { driverOptions } from "../database.ts";
import type { TestServer } from "../servers.ts";
import { READER } from "./maker.ts";

/** Makes the role that random catalogs name, once for a server; gives the role that one connects as. */
export async function readerRole(server: TestServer): Promise<string> {
  const driver = openNodePg(driverOptions(server.url, { poolMax: 1 }));
  try {
    // another test may make it at the same moment
    await driver.query({
      text: `do $$ begin create role ${READER}; exception
        when duplicate_object or unique_violation then null; end $$`,
      params: [],
    });
    const { rows } = await driver.query({ text: "select current_user", params: [] });
    return rows[0]![0]!;
  } finally {
    await driver.close();
  }
}
