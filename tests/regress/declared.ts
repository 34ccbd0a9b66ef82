/** Models whose tables are made from what they declare, on a new database of a real server. */
import { test } from "node:test";
import { closeDatabase, registerDatabase } from "../../mod.ts";
import { introspect } from "../../generator/introspect/introspect.ts";
import { buildScript, toCatalog } from "../../migrations/mod.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { carryOut } from "../../tools/conformance_changes.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

/** What a test of declared models is given. */
export interface Declared {
  readonly db: TestDatabase;
  /** What the models declare. */
  readonly wanted: Catalog;
  /** What the server has. */
  readonly live: Catalog;
}

/** Makes the tables of models, reads them, and runs a test on the database, which is the default one. */
export function testDeclared(
  name: string,
  models: readonly unknown[],
  check: (declared: Declared) => Promise<void> | void,
): void {
  test(name, async () => {
    const server = await testServer("pg18");
    // the embedded database serves where the other server has no binaries
    await using db = await testDatabase(
      server.skip === false ? server : await testServer("pglite"),
    );
    const wanted = toCatalog(models);
    await carryOut(db.driver, buildScript(wanted));
    registerDatabase({ name: "declared", driver: db.driver });
    try {
      await check({ db, wanted, live: (await introspect(db.driver)).catalog });
    } finally {
      await closeDatabase("declared");
    }
  });
}
