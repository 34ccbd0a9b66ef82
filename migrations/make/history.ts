/** Which migrations a database has had, and which of the files are still to come. */
import type { Driver } from "../../src/driver/port.ts";
import { MigrationError } from "../../src/errors/base.ts";
import type { Migration } from "../file/db.ts";
import { ledgerIn, readLedger, surveyLedger } from "../apply/ledger.ts";
import { planRun } from "../apply/plan_run.ts";

/**
 * Lists the migrations that a database has not had, in order.
 *
 * @throws {MigrationError} files are missing or changed, the database is newer than the code, or one of
 * them is half applied or half rolled back
 */
export async function pendingOn(
  driver: Driver,
  migrations: readonly Migration[],
  ledgerSchema = "public",
): Promise<readonly Migration[]> {
  const place = ledgerIn(ledgerSchema);
  const rows = await readLedger(driver, place, await surveyLedger(driver, place, false));
  const { pending } = planRun(migrations, rows);
  const half = rows.find(({ state }) => state === "running");
  if (half === undefined) return pending;
  throw new MigrationError(`The database is in the middle of ${half.name}`, {
    code: "half_applied",
    hint: "End it with matrx migrate first; it goes on behind the last step that was done",
    context: { migration: half.name },
  });
}
