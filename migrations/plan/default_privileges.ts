/** What default privileges of the live database do to objects that a plan makes. */
import { identityOf } from "../../src/catalog/identity.ts";
import { heldOn } from "../../src/catalog/parent.ts";
import type {
  DefaultPrivilegeObject,
  PrivilegeObject,
  PrivilegeTarget,
} from "../../src/catalog/other_types.ts";
import type { CatalogObject, ColumnObject } from "../../src/catalog/types.ts";
import type { Surroundings } from "../ddl/ddl_kind.ts";
import { privileges, revokeAll } from "../ddl/privileges.ts";
import type { DdlStatement } from "../ddl/statement.ts";
import type { World } from "./world.ts";

type Objects = DefaultPrivilegeObject["objects"];

const CLASSES: Partial<Record<PrivilegeTarget["kind"], Objects>> = {
  table: "tables",
  view: "tables",
  "materialized view": "tables",
  sequence: "sequences",
  identity: "sequences",
  function: "functions",
  procedure: "functions",
  aggregate: "functions",
  enum: "types",
  domain: "types",
  composite: "types",
  range: "types",
  schema: "schemas",
};

/** What everybody may do with new objects of a class. */
const PUBLIC: Partial<Record<Objects, readonly string[]>> = {
  functions: ["EXECUTE"],
  types: ["USAGE"],
};

/** The roles that get something on a new object, by the default privileges that hold meanwhile. */
function openedTo({ kind, name }: PrivilegeTarget, { live, fates }: World): string[] {
  const objects = CLASSES[kind];
  if (objects === undefined) return [];
  const schema = kind === "schema" ? null : name[0];
  const found = new Set<string>();
  for (const [id, one] of live.catalog.objects) {
    if (one.kind !== "default privilege" || fates.get(id) === "drop") continue;
    const holds = one.objects === objects && (one.schema === null || one.schema === schema);
    if (holds && one.grantee !== one.role) found.add(one.grantee);
  }
  return [...found].sort();
}

/**
 * The statements of a privilege on a new object: from nothing, as all was taken from its role first;
 * null where no default privilege speaks of the role.
 */
export function grantedAnew(
  one: PrivilegeObject,
  world: World,
  around: Surroundings,
): readonly DdlStatement[] | null {
  if (!isMade(one.on, world) || !openedTo(one.on, world).includes(one.grantee)) return null;
  return privileges.create({ ...one, usual: [] }, around);
}

/** Whether the plan makes what a privilege is on. */
function isMade(held: PrivilegeTarget, { fates, live, target }: World): boolean {
  const on = heldOn(held);
  const fate = fates.get(on);
  if (!target.catalog.objects.has(on)) return false;
  return fate === "create" || fate === "rebuild" ||
    fate === "alter" && held.kind === "identity" && !isIdentity(live.catalog.objects.get(on));
}

const isIdentity = (object: CatalogObject | undefined): boolean =>
  object?.kind === "column" && object.identity !== null;

/** The statements that take from a new object what default privileges gave, but for what is usual. */
export function openedUp(
  object: CatalogObject,
  world: World,
  around: Surroundings,
): readonly DdlStatement[] {
  return madeWith(object, world).flatMap((on) =>
    openedTo(on, world).flatMap((grantee) => {
      const revoke = revokeAll(on, grantee, around);
      const stated: PrivilegeObject = {
        kind: "privilege",
        on,
        grantee,
        privileges: grantee === "public" ? PUBLIC[CLASSES[on.kind]!] ?? [] : [],
        grantable: [],
        usual: [],
        comment: null,
        extension: null,
      };
      if (world.target.catalog.objects.has(identityOf(stated))) return [revoke];
      return [revoke, ...privileges.create(stated, around)];
    })
  );
}

/** What comes into being with an object that a role may have privileges on. */
function madeWith(object: CatalogObject, { target }: World): PrivilegeTarget[] {
  const behind = (column: ColumnObject): PrivilegeTarget => ({
    kind: "identity",
    name: [column.schema, column.table, column.name],
    sequence: column.identity!.sequence,
  });
  if (object.kind === "column") return isIdentity(object) ? [behind(object)] : [];
  const whole = { kind: object.kind as PrivilegeTarget["kind"], name: nameParts(object) };
  if (object.kind !== "table") return [whole];
  const columns = target.columns(object.schema, object.name);
  return [whole, ...columns.filter(isIdentity).map(behind)];
}

function nameParts(object: CatalogObject): readonly string[] {
  if (object.kind === "schema") return [object.name];
  if ("signature" in object) return [object.schema, object.name, object.signature];
  return "schema" in object && "name" in object ? [object.schema!, object.name] : [];
}
