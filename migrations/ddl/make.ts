import { identity, identityOf } from "../../src/catalog/identity.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import { ident, literal } from "./quote.ts";
import type { DdlStatement, Lock, LockMode, Loss } from "./statement.ts";
import { targetText } from "./target.ts";

/** Makes a statement that locks nothing, costs nothing and may stand in a transaction, but for what is told. */
export function statement(sql: string, more: Partial<DdlStatement> = {}): DdlStatement {
  return {
    sql,
    lock: null,
    rewrites: false,
    scans: false,
    loss: null,
    transactional: true,
    note: null,
    ...more,
  };
}

/** The lock of a statement on a relation. */
export function locks(mode: LockMode, relation: string): { readonly lock: Lock } {
  return { lock: { mode, relation } };
}

/** The identity of the relation that a part of a table is on. Views have parts too. */
export function relationIdentity(
  part: { readonly schema: string; readonly table: string },
): string {
  return identity("table", [part.schema, part.table]);
}

/** What a statement destroys, and how to count it. */
export function loses(what: string, count: string | null = null): { readonly loss: Loss } {
  return { loss: { what, count } };
}

/** Sets or removes the comment on an object. */
export function commentStatement(object: CatalogObject): DdlStatement {
  const on = object.kind === "column" ? relationIdentity(object) : identityOf(object);
  return commentOn(targetText(object), object.comment, on);
}

/** Sets or removes a comment. */
export function commentOn(target: string, comment: string | null, object: string): DdlStatement {
  const text = comment === null ? "NULL" : literal(comment);
  // that of an index is on the index alone, and in nobody's way
  const lock = /^(?:table|view|materialized view|sequence) /.test(object)
    ? locks("SHARE UPDATE EXCLUSIVE", object)
    : {};
  return statement(`COMMENT ON ${target} IS ${text}`, lock);
}

/** Gives an object to a role. */
export function ownerStatement(object: CatalogObject, owner: string): DdlStatement {
  const lock = /^(?:table|view|materialized view|sequence)$/.test(object.kind)
    ? locks("ACCESS EXCLUSIVE", identityOf(object))
    : {};
  return statement(`ALTER ${targetText(object)} OWNER TO ${ident(owner)}`, lock);
}
