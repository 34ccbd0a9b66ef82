/** Checks of arguments, for callers whom no type checker stops. */
import { ValidationError } from "./base.ts";

/** Makes the error of an argument that is not of its kind; `wanted` continues "needs". */
export function wrongArgument(call: string, wanted: string): ValidationError {
  return new ValidationError(`${call} needs ${wanted}`, {
    code: "invalid_argument",
    hint: "Look at the call's arguments and their order",
  });
}

/**
 * Gives back a list.
 *
 * @throws {ValidationError} it is no array
 */
export function checkList<Item>(
  list: readonly Item[],
  call: string,
  wanted: string,
): readonly Item[] {
  if (!Array.isArray(list)) throw wrongArgument(call, wanted);
  return list;
}

/**
 * Gives back an object.
 *
 * @throws {ValidationError} it is none, or null
 */
export function checkObject<Value>(value: Value, call: string, wanted: string): Value {
  if (typeof value !== "object" || value === null) throw wrongArgument(call, wanted);
  return value;
}

/** A name for a message, whatever was given for one. */
export function shownName(name: unknown): string {
  return typeof name === "string" ? name : `(${name === null ? "null" : typeof name})`;
}
