import type { Statement } from "../../driver/port.ts";
import { ValidationError } from "../../errors/base.ts";

function fault(text: string): string | null {
  if (text.includes("\0")) return "a NUL character, which PostgreSQL text cannot hold";
  if (!text.isWellFormed()) return "half of a surrogate pair, which UTF-8 cannot hold";
  return null;
}

function refuse(what: string, wrong: string): never {
  throw new ValidationError(`Cannot send ${what}: it holds ${wrong}`, {
    code: "unsupported_character",
    hint: "Remove the character, or keep the data in a bytea column",
  });
}

/**
 * Refuses text that would be cut off or changed on its way to the server.
 *
 * @throws {ValidationError} a NUL character or half of a surrogate pair
 */
export function checkText(what: string, text: string): void {
  const wrong = fault(text);
  if (wrong !== null) refuse(what, wrong);
}

/** Checks a statement's text, its name and every value. */
export function checkStatement(statement: Statement): void {
  checkText("the statement", statement.text);
  if (statement.name !== undefined) checkText("the statement's name", statement.name);
  const { params } = statement;
  for (let i = 0; i < params.length; i++) {
    const value = params[i];
    if (value === null || value === undefined) continue;
    const wrong = fault(value);
    if (wrong !== null) refuse(`parameter $${i + 1}`, wrong);
  }
}
