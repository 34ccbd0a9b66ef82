import { ValidationError } from "../errors/base.ts";
import { misspelt } from "../util/misspelt.ts";
import type { ForeignKeyOptions } from "./spec.ts";

/** The options of a foreign key. */
export const FOREIGN_KEY_OPTIONS: readonly string[] = Object.keys(
  {
    ...{ name: true, onDelete: true, onUpdate: true, toField: true, relatedName: true },
    ...{ match: true, deferrable: true, notValid: true, enforced: true, onDeleteFields: true },
    ...{ constraint: true, comment: true },
  } satisfies Record<keyof ForeignKeyOptions, true>,
);

/**
 * Checks the names of options: a misspelled one must not pass for the usual way.
 *
 * @throws {ValidationError} an option that the call does not have
 */
export function checkOptions(
  call: string,
  given: object | undefined,
  known: readonly string[],
): void {
  if (given === undefined) return;
  if (typeof given !== "object" || given === null) {
    throw new ValidationError(`The options of ${call} are not an object`, {
      code: "unknown_option",
      hint: `The options are ${known.join(", ")}`,
    });
  }
  const wrong = misspelt(given, known);
  if (wrong === undefined) return;
  throw new ValidationError(`${call} has no option "${wrong.name}"`, {
    code: "unknown_option",
    hint: wrong.hint,
  });
}
