/** What a manager takes: keys of rows, and values that are checked before anything is sent. */
import { type Issue, ValidationError } from "../../errors/base.ts";
import { isSql } from "../../ast/fragment.ts";
import { isExpr } from "../../query/expr/computed.ts";
import type { ModelMeta } from "../../schema/meta.ts";
import { isStandardSchema, issuesOf, placesOf } from "../../schema/standard.ts";
import { checkOptions } from "../../schema/known_options.ts";
import { rowIssues } from "../../validate/row.ts";
import { valueOf } from "../row_state.ts";
import type { InputSchemas } from "./types.ts";

/** Values by property, of a row or of a change to one. */
export type Values = Readonly<Record<string, unknown>>;

/** What values are written for. */
export type InputKind = "insert" | "update";

const VERBS: Readonly<Record<InputKind, string>> = { insert: "create", update: "update" };

/** How a manager checks its input: not at all, by the model, or by schemas. */
export type Validation = boolean | InputSchemas;

/** Reads the option `validate`. */
export function validationOf(meta: ModelMeta, given: unknown): Validation {
  if (given === undefined || typeof given === "boolean") return given ?? false;
  checkOptions(`validate of the manager of ${meta.label}`, given as object, ["insert", "update"]);
  const schemas = given as InputSchemas;
  for (const schema of [schemas.insert, schemas.update]) {
    if (schema === undefined || isStandardSchema(schema)) continue;
    throw new ValidationError(`The manager of ${meta.label} is given something for a schema`, {
      code: "invalid_manager",
      hint: "Give schemas of a library of Standard Schema: { insert, update }",
    });
  }
  return schemas;
}

/**
 * Gives values that may be written: what a schema makes of them, or themselves.
 *
 * @throws {ValidationError} something about them is wrong; `issues` lists everything
 */
export async function checked(
  meta: ModelMeta,
  validation: Validation,
  kind: InputKind,
  rows: readonly Values[],
): Promise<readonly Values[]> {
  if (validation === false) return rows;
  const issues: Issue[] = [];
  const place = (index: number): number[] => rows.length === 1 ? [] : [index];
  const made = await Promise.all(rows.map(async (values, index) => {
    const answer = await answerTo(meta, validation, kind, values);
    for (const one of answer.issues) issues.push({ ...one, path: [...place(index), ...one.path] });
    return answer.values;
  }));
  if (issues.length === 0) return made;
  throw new ValidationError(
    `Cannot ${VERBS[kind]} ${meta.label}: the input is wrong at ${placesOf(issues)}`,
    {
      code: "invalid_input",
      hint: "error.issues lists everything that is wrong",
      context: { model: meta.label },
      issues,
    },
  );
}

async function answerTo(
  meta: ModelMeta,
  validation: true | InputSchemas,
  kind: InputKind,
  values: Values,
): Promise<{ readonly values: Values; readonly issues: readonly Issue[] }> {
  if (validation === true) {
    const isComputed = (value: unknown) => isSql(value) || isExpr(value);
    return { values, issues: rowIssues(meta, values, kind, isComputed) };
  }
  const schema = validation[kind];
  if (schema === undefined) return { values, issues: [] };
  const answer = await schema["~standard"].validate(values);
  if (answer.issues !== undefined) return { values, issues: issuesOf(answer.issues) };
  return { values: answer.value as Values, issues: [] };
}

/**
 * The condition for the row with a key: a value, or an object of all columns of the key.
 *
 * @throws {ValidationError} the model has no primary key, or a part of the key is missing or foreign
 */
export function whereKey(meta: ModelMeta, key: unknown): Values {
  const { primaryKey } = meta;
  const [only] = primaryKey;
  if (only === undefined) {
    throw invalidKey(meta, "it has no primary key", "Load rows by a condition: loadItem()");
  }
  const names = primaryKey.map(({ property }) => property);
  const isParts = typeof key === "object" && key !== null && names.some((name) => name in key);
  if (primaryKey.length === 1 && !isParts) {
    // a plain value takes the way of lookups by key; anything else is none
    return { [only.property]: typeof key === "object" ? { eq: key } : key };
  }
  const hint = `Give { ${names.join(", ")} }`;
  if (!isParts) throw invalidKey(meta, `its key has ${names.length} columns`, hint);
  const given = Object.keys(key);
  const wrong = names.find((name) => valueOf(key, name) === undefined) ??
    given.find((name) => !names.includes(name));
  if (wrong !== undefined) throw invalidKey(meta, `its key is { ${names.join(", ")} }`, hint);
  return Object.fromEntries(names.map((name) => [name, { eq: valueOf(key, name) }]));
}

function invalidKey(meta: ModelMeta, why: string, hint: string): ValidationError {
  return new ValidationError(`Cannot find a row of ${meta.label} by this key: ${why}`, {
    code: "invalid_key",
    hint,
    context: { model: meta.label },
  });
}

/** The texts of a row's key, to find it among others. */
export function keyText(meta: ModelMeta, values: object): string {
  return JSON.stringify(meta.primaryKey.map((column) => {
    const value = valueOf(values, column.property);
    const plain = typeof value === "object" && value !== null && "eq" in value ? value.eq : value;
    return column.encode(plain);
  }));
}
