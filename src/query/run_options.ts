import { RUN_OPTIONS } from "../driver/run_options.ts";
import { checkOptions } from "../schema/known_options.ts";

/**
 * Checks the options of a call that goes to the database and has some of its own.
 *
 * @throws {ValidationError} an option that the call does not have
 */
export function checkRun(call: string, given: object | undefined, own: readonly string[]): void {
  if (given !== undefined) checkOptions(call, given, [...own, ...RUN_OPTIONS]);
}
