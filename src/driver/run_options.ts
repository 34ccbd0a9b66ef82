import { checkObject } from "../errors/argument.ts";
import { ValidationError } from "../errors/base.ts";
import { misspelt } from "../util/misspelt.ts";
import type { RunOptions } from "./port.ts";

/** The options of every call that goes to the database; an option that is added has to be added here. */
export const RUN_OPTIONS: readonly string[] = Object.keys(
  { signal: true, timeoutMs: true } satisfies Record<keyof RunOptions, true>,
);

/**
 * Checks that a call was given no other options: a misspelled one must not pass for none.
 *
 * @throws {ValidationError} an option that the call does not have
 */
export function checkRunOptions(options: RunOptions | undefined): void {
  if (options === undefined) return;
  const wrong = misspelt(
    checkObject(options, "A call", "an object as its options"),
    RUN_OPTIONS,
  );
  if (wrong === undefined) return;
  throw new ValidationError(`The call has no option "${wrong.name}"`, {
    code: "unknown_option",
    hint: wrong.hint,
  });
}
