/** What the functions that bring migrations into another order have in common. */
import type { Catalog } from "../src/catalog/catalog.ts";
import type { Statement } from "../src/driver/port.ts";
import { MigrationError } from "../src/errors/base.ts";
import { reasonOf } from "../src/util/reason.ts";
import { handleOf } from "./apply/handle.ts";
import { noDatabase, offline } from "./apply/offline.ts";
import type { Migration, MigrationFunction } from "./file/db.ts";
import { differences } from "./make/proof.ts";
import { rehearse } from "./make/rehearse.ts";
import type { Shadow } from "./shadow/shadow.ts";

/** The structure that migrations lead to in an empty database. */
export async function structureAfter(
  shadow: Shadow,
  migrations: readonly Migration[],
): Promise<Catalog> {
  await shadow.reset();
  // models of a migration must not reach the databases that they name
  await rehearse(shadow, migrations, offline);
  return await shadow.read();
}

/** What two structures differ in, a line an object; owners are of no matter in a shadow. */
export function structureDifferences(found: Catalog, wanted: Catalog): string[] {
  return differences(found, wanted, { owners: false, versions: false });
}

/**
 * The statements that a function of a migration gives, when it is run without a database.
 *
 * @throws {MigrationError} it reads rows, binds values or fails: then its text does not tell what it does
 */
export async function textsOf(name: string, run: MigrationFunction): Promise<string[]> {
  const given: Statement[] = [];
  try {
    await offline(async () =>
      await run(handleOf({
        change(statements) {
          given.push(...statements);
          return Promise.resolve(0);
        },
        read: () => Promise.reject(noDatabase()),
      }))
    );
  } catch (cause) {
    throw opaque(name, reasonOf(cause), cause);
  }
  if (given.some(({ params }) => params.length > 0)) throw opaque(name, "it binds values");
  return given.map(({ text }) => text);
}

function opaque(name: string, why: string, cause?: unknown): MigrationError {
  return new MigrationError(`Cannot write down what ${name} does: ${why}`, {
    code: "migration_not_text",
    hint: "Leave it out of the squash; only what gives plain SQL text can be put into another file",
    context: { migration: name },
    ...(cause === undefined ? {} : { cause }),
  });
}
