import { OrmError } from "../src/errors/base.ts";

/** The command line itself is wrong: the exit status is 2. */
export class UsageError extends OrmError {
  /** Makes one; the hint says what may be written instead. */
  constructor(message: string, hint?: string) {
    super(message, { code: "wrong_usage", hint });
  }
}

/** How a command ended, by the status of the process. */
export const EXIT = { done: 0, failure: 1, usage: 2, differences: 3 } as const;

/** The status that an error ends the process with. */
export function exitStatus(error: unknown): number {
  return error instanceof UsageError ? EXIT.usage : EXIT.failure;
}

/** Codes of errors that arguments cause as well as config files and callers do. */
const USAGE_CODES: ReadonlySet<string> = new Set(["conflicting_options"]);

/** Turns an error that the arguments alone caused into one of wrong usage. */
export function asUsage(error: unknown): unknown {
  if (!(error instanceof OrmError) || !USAGE_CODES.has(error.code)) return error;
  return new UsageError(error.message, error.hint);
}
