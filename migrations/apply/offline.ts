import type { Connection } from "../../src/driver/port.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { Frame } from "../../src/execute/frame.ts";
import { Databases } from "../../src/execute/registry.ts";
import { inside } from "../../src/execute/scope.ts";

/** The error of a migration that asks a database while it is only looked at. */
export function noDatabase(): MigrationError {
  return new MigrationError("it asks the database, and none is named", {
    code: "migration_reads_database",
    hint: "Name the database, so that it can be asked in a transaction that may not write",
  });
}

/** Refuses all that a connection is asked. */
const refusing: Connection = {
  query: () => Promise.reject(noDatabase()),
  script: () => Promise.reject(noDatabase()),
  listen: () => Promise.reject(noDatabase()),
  release: () => {},
};

/** Runs some work to which every registered database is closed, so that it can change none. */
export async function offline<Result>(work: () => Promise<Result>): Promise<Result> {
  const databases = Databases.default.names().map((name) => Databases.default.get(name));
  let run = work;
  for (const database of databases) {
    const link = { database, connection: refusing, savepoints: 0, lost: null };
    const inner = run;
    run = () => inside(new Frame(link, null, undefined), inner);
  }
  return await run();
}
