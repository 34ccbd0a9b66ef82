/** What default privileges of the live database do to objects that a plan makes. */
import { identity, identityOf } from "../../src/catalog/identity.ts";
import type {
  DefaultPrivilegeObject,
  PrivilegeObject,
  PrivilegeTarget,
} from "../../src/catalog/other_types.ts";
import type { CatalogObject, ObjectKind } from "../../src/catalog/types.ts";
import type { Surroundings } from "../ddl/ddl_kind.ts";
import { privileges, revokeAll } from "../ddl/privileges.ts";
import type { DdlStatement } from "../ddl/statement.ts";
import type { World } from "./world.ts";

const CLASSES: Partial<Record<ObjectKind, DefaultPrivilegeObject["objects"]>> = {
  table: "tables",
  view: "tables",
  "materialized view": "tables",
  sequence: "sequences",
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
const PUBLIC: Partial<Record<DefaultPrivilegeObject["objects"], readonly string[]>> = {
  functions: ["EXECUTE"],
  types: ["USAGE"],
};

/** The roles that get something on a new object, by the default privileges that hold meanwhile. */
function openedTo(object: CatalogObject, { live, fates }: World): string[] {
  const objects = CLASSES[object.kind];
  if (objects === undefined) return [];
  const schema = "schema" in object ? object.schema : null;
  const found = new Set<string>();
  for (const [name, one] of live.catalog.objects) {
    if (one.kind !== "default privilege" || fates.get(name) === "drop") continue;
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
  const on = identity(one.on.kind, one.on.name);
  const fate = world.fates.get(on);
  const target = world.target.catalog.objects.get(on);
  if (fate !== "create" && fate !== "rebuild" || target === undefined) return null;
  if (!openedTo(target, world).includes(one.grantee)) return null;
  return privileges.create({ ...one, usual: [] }, around);
}

/** The statements that take from a new object what default privileges gave, but for what is usual. */
export function openedUp(
  object: CatalogObject,
  world: World,
  around: Surroundings,
): readonly DdlStatement[] {
  const grantees = openedTo(object, world);
  if (grantees.length === 0) return [];
  const on: PrivilegeTarget = {
    kind: object.kind as PrivilegeTarget["kind"],
    name: nameParts(object),
  };
  return grantees.flatMap((grantee) => {
    const revoke = revokeAll(on, grantee, around);
    const stated: PrivilegeObject = {
      kind: "privilege",
      on,
      grantee,
      privileges: grantee === "public" ? PUBLIC[CLASSES[object.kind]!] ?? [] : [],
      grantable: [],
      usual: [],
      comment: null,
      extension: null,
    };
    if (world.target.catalog.objects.has(identityOf(stated))) return [revoke];
    return [revoke, ...privileges.create(stated, around)];
  });
}

function nameParts(object: CatalogObject): readonly string[] {
  if (object.kind === "schema") return [object.name];
  if ("signature" in object) return [object.schema, object.name, object.signature];
  return "schema" in object && "name" in object ? [object.schema!, object.name] : [];
}
