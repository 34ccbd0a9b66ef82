/** What an index may change in place, whether a constraint owns it or not. */
import type { IndexObject } from "../../src/catalog/types.ts";
import { locks, relationIdentity, statement } from "./make.ts";
import { ident, parameters, qualified } from "./quote.ts";
import type { DdlStatement } from "./statement.ts";

/** Where an index lies, and what may be set of it. */
type IndexSettings = Pick<IndexObject, "schema" | "table" | "name" | "storage" | "tablespace">;

/** Sets the storage parameters and the tablespace of an index to what they shall be. */
export function changedSettings(before: IndexSettings, after: IndexSettings): DdlStatement[] {
  const name = qualified(after.schema, after.name);
  const table = relationIdentity(after);
  const steps: DdlStatement[] = [];
  const gone = Object.keys(before.storage).filter((one) => !Object.hasOwn(after.storage, one));
  if (gone.length > 0) {
    steps.push(
      statement(`ALTER INDEX ${name} RESET (${gone.map(ident).join(", ")})`),
    );
  }
  const isSet = JSON.stringify(before.storage) !== JSON.stringify(after.storage);
  if (isSet && Object.keys(after.storage).length > 0) {
    steps.push(
      statement(`ALTER INDEX ${name} SET (${parameters(after.storage)})`),
    );
  }
  if (before.tablespace !== after.tablespace) {
    steps.push(
      statement(
        `ALTER INDEX ${name} SET TABLESPACE ${ident(after.tablespace ?? "pg_default")}`,
        { ...locks("ACCESS EXCLUSIVE", table), rewrites: true },
      ),
    );
  }
  return steps;
}
