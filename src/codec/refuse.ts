/** The two faults that a codec can find: a value that cannot be written, a text that cannot be read. */
import { QueryError, ValidationError } from "../errors/base.ts";

/** Makes the error for an input that cannot be of a type; `fault` continues "Cannot write ...:". */
export function refusal(type: string, fault: string, hint?: string): ValidationError {
  return new ValidationError(`Cannot write a value of type ${type}: ${fault}`, {
    code: "invalid_value",
    hint,
    context: { type },
  });
}

/** Makes the error for a server's text that a codec does not understand. */
export function unreadable(type: string, fault: string, hint?: string): QueryError {
  return new QueryError(`Cannot read a value of type ${type}: ${fault}`, {
    code: "unreadable_value",
    hint,
    context: { type },
  });
}

/** Names the kind of a value for a message, never the value itself. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid Date" : "a Date";
  switch (typeof value) {
    case "undefined":
      return "undefined";
    case "object":
      return "an object";
    default:
      return `a ${typeof value}`;
  }
}
