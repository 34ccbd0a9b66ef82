/** Privileges and default privileges. */
import { heldOn } from "../../src/catalog/parent.ts";
import type {
  DefaultPrivilegeObject,
  Grants,
  PrivilegeObject,
  PrivilegeTarget,
} from "../../src/catalog/other_types.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import type { DdlOf, Surroundings } from "./ddl_kind.ts";
import { statement } from "./make.ts";
import { ident, qualified, role } from "./quote.ts";
import type { DdlStatement } from "./statement.ts";
import { targetOf } from "./target.ts";

/** The word that GRANT has for each kind. */
const WORDS: Readonly<Record<Exclude<PrivilegeTarget["kind"], "column">, string>> = {
  schema: "SCHEMA",
  table: "TABLE",
  view: "TABLE",
  "materialized view": "TABLE",
  sequence: "SEQUENCE",
  identity: "SEQUENCE",
  function: "FUNCTION",
  procedure: "PROCEDURE",
  aggregate: "FUNCTION",
  enum: "TYPE",
  domain: "DOMAIN",
  composite: "TYPE",
  range: "TYPE",
  "foreign data wrapper": "FOREIGN DATA WRAPPER",
  "foreign server": "FOREIGN SERVER",
};

/** What a role may, as one set: a privilege, or a privilege with the right to pass it on. */
interface Held {
  readonly privileges: readonly string[];
  readonly grantable: readonly string[];
}

/** Writes the statements from one state to another; `write` puts a list of privileges into place. */
function change(
  from: Held,
  to: Held,
  write: (verb: "GRANT" | "REVOKE", list: readonly string[], option: boolean) => string,
): DdlStatement[] {
  const gone = from.privileges.filter((one) => !to.privileges.includes(one));
  const lessened = from.grantable.filter((one) =>
    to.privileges.includes(one) && !to.grantable.includes(one)
  );
  const plain = to.privileges.filter((one) =>
    !from.privileges.includes(one) && !to.grantable.includes(one)
  );
  const passed = to.grantable.filter((one) => !from.grantable.includes(one));
  return [
    gone.length > 0 ? write("REVOKE", gone, false) : "",
    lessened.length > 0 ? write("REVOKE", lessened, true) : "",
    plain.length > 0 ? write("GRANT", plain, false) : "",
    passed.length > 0 ? write("GRANT", passed, true) : "",
  ].filter((sql) => sql !== "").map((sql) => statement(sql));
}

const usual = ({ usual: privileges }: Grants): Held => ({ privileges, grantable: [] });

function targetText(on: PrivilegeTarget, around: Surroundings): string {
  if (on.sequence !== undefined) {
    return `SEQUENCE ${qualified(on.sequence.schema, on.sequence.name)}`;
  }
  const object = around.catalog.objects.get(heldOn(on));
  const name = object === undefined ? null : targetOf(object as CatalogObject)?.name ?? null;
  const word = WORDS[on.kind as keyof typeof WORDS];
  return `${word} ${name ?? on.name.map(ident).join(".")}`;
}

function writer(one: PrivilegeObject, around: Surroundings) {
  return (verb: "GRANT" | "REVOKE", list: readonly string[], option: boolean): string => {
    const [schema = "", table = "", column = ""] = one.on.name;
    const isColumn = one.on.kind === "column";
    const what = list.map((word) => isColumn ? `${word} (${ident(column)})` : word).join(", ");
    const on = isColumn ? `TABLE ${qualified(schema, table)}` : targetText(one.on, around);
    return verb === "GRANT"
      ? `GRANT ${what} ON ${on} TO ${role(one.grantee)}${option ? " WITH GRANT OPTION" : ""}`
      : `REVOKE ${option ? "GRANT OPTION FOR " : ""}${what} ON ${on} FROM ${role(one.grantee)}`;
  };
}

/** How privileges are written: from what a role may usually to what it may, and back. */
export const privileges: DdlOf<PrivilegeObject> = {
  create: (one, around) => change(usual(one), one, writer(one, around)),
  drop: (one, around) => change(one, usual(one), writer(one, around)),
  alter: (before, after, around) => change(before, after, writer(after, around)),
  rename: null,
};

const defaultWriter = (one: DefaultPrivilegeObject) =>
(
  verb: "GRANT" | "REVOKE",
  list: readonly string[],
  option: boolean,
): string => {
  const scope = one.schema === null ? "" : ` IN SCHEMA ${ident(one.schema)}`;
  const what = `${list.join(", ")} ON ${one.objects.toUpperCase()}`;
  const alter = `ALTER DEFAULT PRIVILEGES FOR ROLE ${ident(one.role)}${scope}`;
  return verb === "GRANT"
    ? `${alter} GRANT ${what} TO ${role(one.grantee)}${option ? " WITH GRANT OPTION" : ""}`
    : `${alter} REVOKE ${option ? "GRANT OPTION FOR " : ""}${what} FROM ${role(one.grantee)}`;
};

/** How default privileges are written. */
export const defaultPrivileges: DdlOf<DefaultPrivilegeObject> = {
  create: (one) => change(usual(one), one, defaultWriter(one)),
  drop: (one) => change(one, usual(one), defaultWriter(one)),
  alter: (before, after) => change(before, after, defaultWriter(after)),
  rename: null,
};

/** Takes from a role all that default privileges may have given it on an object that was just made. */
export function revokeAll(
  on: PrivilegeTarget,
  grantee: string,
  around: Surroundings,
): DdlStatement {
  return statement(`REVOKE ALL ON ${targetText(on, around)} FROM ${role(grantee)}`);
}
