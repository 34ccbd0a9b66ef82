/**
 * The interface that validation libraries share, Standard Schema, as far as the library uses it.
 *
 * Zod, Valibot, ArkType, Effect Schema and others implement it; the types are written out here so that
 * the engine needs none of them.
 */
import { type Issue, ValidationError } from "../errors/base.ts";

/** A schema of any library: what it takes, and what it makes of it. */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The interface itself, under the name that libraries agreed on. */
  readonly "~standard": StandardProps<Input, Output>;
}

/** What a schema offers to programs that do not know its library. */
export interface StandardProps<Input = unknown, Output = Input> {
  /** The version of the interface. */
  readonly version: 1;
  /** The library's name. */
  readonly vendor: string;
  /** Checks a value. */
  readonly validate: (
    value: unknown,
  ) => StandardResult<Output> | Promise<StandardResult<Output>>;
  /** Type only. */
  readonly types?: StandardTypes<Input, Output> | undefined;
}

/** Type only: what goes into a schema and what comes out of it. */
export interface StandardTypes<Input = unknown, Output = Input> {
  /** What it takes. */
  readonly input: Input;
  /** What it gives. */
  readonly output: Output;
}

/** What a schema says of a value. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One thing that a schema finds wrong. */
export interface StandardIssue {
  /** What is wrong. */
  readonly message: string;
  /** Where it is. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What a schema takes. */
export type SchemaInput<Schema extends StandardSchema> = NonNullable<
  Schema["~standard"]["types"]
>["input"];

/** What a schema gives. */
export type SchemaOutput<Schema extends StandardSchema> = NonNullable<
  Schema["~standard"]["types"]
>["output"];

/** Tells whether a value is a schema of any library; some of them are functions. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if (value === null || (typeof value !== "object" && typeof value !== "function")) return false;
  const props: unknown = Reflect.get(value, "~standard");
  return typeof props === "object" && props !== null &&
    typeof Reflect.get(props, "validate") === "function";
}

/**
 * Asks a schema about a value.
 *
 * @throws {ValidationError} the schema answers later: what is written is encoded at once
 */
export function askSchema(schema: StandardSchema, value: unknown): StandardResult<unknown> {
  const answer = schema["~standard"].validate(value);
  if (!(answer instanceof Promise)) return answer;
  answer.catch(() => {}); // nobody will wait for it
  throw new ValidationError("Cannot check a value by a schema that answers later", {
    code: "async_schema",
    hint: "Leave asynchronous checks out of the schema, and make them before the write",
    context: { vendor: schema["~standard"].vendor },
  });
}

/** What a schema found, in the library's words. */
export function issuesOf(found: readonly StandardIssue[]): Issue[] {
  return found.map(({ message, path = [] }) => ({
    message,
    path: path.map((step) => typeof step === "object" ? step.key : step),
  }));
}

/** Most places that a message names. */
const SHOWN = 10;

/** Names the places of issues for a message; their texts are left out, which may hold values. */
export function placesOf(issues: readonly Issue[]): string {
  const names = new Set(issues.map(({ path }) => path.map(String).join(".") || "the value itself"));
  const shown = [...names].slice(0, SHOWN).join(", ");
  return names.size > SHOWN ? `${shown} and ${names.size - SHOWN} more` : shown;
}

/**
 * Makes the check of what is written to a column with a schema; it gives what the schema made of the
 * value.
 */
export function checkBy(schema: StandardSchema): (value: unknown) => unknown {
  return (value) => {
    const answer = askSchema(schema, value);
    if (answer.issues === undefined) return answer.value;
    const issues = issuesOf(answer.issues);
    throw new ValidationError(`The value breaks its schema at ${placesOf(issues)}`, {
      code: "schema_mismatch",
      hint: "error.issues lists everything that is wrong",
      issues,
    });
  };
}

/** Checks the items of an array that are not NULL, each by itself. */
export function checkItems(check: (value: unknown) => unknown): (value: unknown) => unknown {
  return (value) => Array.isArray(value) ? checkParts(value, check) : value;
}

function checkParts(items: readonly unknown[], check: (value: unknown) => unknown): unknown[] {
  const issues: Issue[] = [];
  const checked = items.map((item, place) => {
    if (item === null) return null;
    try {
      return check(item);
    } catch (error) {
      if (!(error instanceof ValidationError) || error.issues.length === 0) throw error;
      issues.push(...error.issues.map((one) => ({ ...one, path: [place, ...one.path] })));
      return item;
    }
  });
  if (issues.length === 0) return checked;
  throw new ValidationError(`The value breaks its schema at ${placesOf(issues)}`, {
    code: "schema_mismatch",
    hint: "error.issues lists everything that is wrong",
    issues,
  });
}
