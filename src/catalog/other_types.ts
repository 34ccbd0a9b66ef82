import type { Base } from "./base.ts";

/** Kinds that few databases define objects of. */
export type RareKind =
  | "access method"
  | "conversion"
  | "language"
  | "text search parser"
  | "text search template"
  | "transform";

/** The kinds of objects that the catalog holds as the statement that makes them. */
export type DefinedKind =
  | RareKind
  | "cast"
  | "collation"
  | "event trigger"
  | "foreign data wrapper"
  | "foreign server"
  | "operator"
  | "operator class"
  | "operator family"
  | "publication"
  | "text search configuration"
  | "text search dictionary";

/** An object of which the catalog holds its name and the statements that make it. */
export interface DefinedObject extends Base {
  readonly kind: DefinedKind;
  /** Its schema; null = it is in none. */
  readonly schema: string | null;
  /** Its name as the server prints it, with what else tells it apart: `+(integer,integer)`. */
  readonly name: string;
  /** Its owner; null = it has none. */
  readonly owner: string | null;
  /** Its quoted name as it stands in COMMENT ON and DROP after the kind. */
  readonly address: string;
  /** The statement that makes it. */
  readonly definition: string;
  /** The statements that complete it, in order. */
  readonly completion: readonly string[];
}

/**
 * The object that a privilege is on: its kind and the parts of its identity. The sequence behind an
 * identity column goes by the column: `identity` with the column's parts.
 */
export interface PrivilegeTarget {
  readonly kind:
    | "schema"
    | "table"
    | "column"
    | "identity"
    | "view"
    | "materialized view"
    | "sequence"
    | "function"
    | "procedure"
    | "aggregate"
    | "enum"
    | "domain"
    | "composite"
    | "range"
    | "foreign data wrapper"
    | "foreign server";
  readonly name: readonly string[];
  /** The sequence behind an identity column, as GRANT names it. */
  readonly sequence?: { readonly schema: string; readonly name: string };
}

/** What a role may do, beside what it may without any GRANT or REVOKE. All lists are sorted. */
export interface Grants {
  /** The role; `public` for everybody. */
  readonly grantee: string;
  /** What it may do: `SELECT`, `USAGE`. */
  readonly privileges: readonly string[];
  /** Which of them it may pass on. */
  readonly grantable: readonly string[];
  /** What it may do as long as nothing is granted or revoked. */
  readonly usual: readonly string[];
}

/** The privileges of one role on one object, where they are not the usual ones. */
export interface PrivilegeObject extends Base, Grants {
  readonly kind: "privilege";
  readonly on: PrivilegeTarget;
}

/** The privileges that one role gets on the objects that another makes, where they are not the usual ones. */
export interface DefaultPrivilegeObject extends Base, Grants {
  readonly kind: "default privilege";
  /** The role that makes the objects. */
  readonly role: string;
  /** The schema that they are made in; null = any. */
  readonly schema: string | null;
  readonly objects: "tables" | "sequences" | "functions" | "types" | "schemas";
}
