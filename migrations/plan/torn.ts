import { identity } from "../../src/catalog/identity.ts";
import type {
  CatalogObject,
  ColumnObject,
  ObjectKind,
  TableObject,
} from "../../src/catalog/types.ts";
import { MigrationError } from "../../src/errors/base.ts";
import { isRetyped } from "../ddl/column_type.ts";
import { isInKey, partitionsBelow, stayingRoot, staysPartition, tableNamed } from "./parted.ts";
import { copiedWith } from "./rows.ts";
import type { World } from "./world.ts";

/** What has to be made again because of what it stands on. */
export interface Torn {
  /** Columns whose default is taken away and set again. */
  readonly defaults: ReadonlySet<string>;
  /** Columns whose type is made anew under the same name, so that their values go through text. */
  readonly recast: ReadonlySet<string>;
  /** Tables that leave their parents for a while. */
  readonly rejoined: ReadonlySet<string>;
}

const TYPES: ReadonlySet<ObjectKind> = new Set(["enum", "domain", "composite", "range"]);

/** What PostgreSQL brings along itself when a column gets another type. */
const BROUGHT_ALONG: ReadonlySet<ObjectKind> = new Set([
  ...["index", "constraint", "statistics", "column", "sequence", "table", "privilege"] as const,
]);

const NUMBERS = new Set(["int2", "int4", "int8", "numeric"]);
const TEXTS = new Set(["text", "varchar", "bpchar"]);

function isNear(before: ColumnObject, after: ColumnObject): boolean {
  const both = (set: ReadonlySet<string>) => set.has(before.type.name) && set.has(after.type.name);
  return before.type.dimensions === after.type.dimensions && (both(NUMBERS) || both(TEXTS));
}

/**
 * Follows what is dropped, rebuilt or gets another type to all that stands on it: views, functions,
 * policies, triggers, indexes, constraints, defaults. What survives in the target is rebuilt, which
 * is entered into the fates.
 */
export function tear(world: World): Torn {
  const { live, target, fates } = world;
  const defaults = new Set<string>();
  const recast = new Set<string>();
  const rejoined = new Set<string>();
  const queue: string[] = [];
  const retyped: string[] = [];
  const seen = new Set<string>();
  const objectOf = (name: string): CatalogObject | undefined => live.catalog.objects.get(name);

  const rebuild = (name: string): void => {
    const fate = fates.get(name);
    if (fate === "drop" || fate === "create") return;
    if (fate !== "rebuild") {
      if (!target.catalog.objects.has(name)) return;
      if (objectOf(name)?.extension != null) return;
      fates.set(name, "rebuild");
    }
    push(name);
  };
  const push = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    queue.push(name);
  };
  const retype = (name: string): void => {
    const root = keyRoot(name, world);
    if (root !== null) {
      refuseForeign(name, root, world);
      return rebuild(root);
    }
    if (seen.has(`type ${name}`)) return;
    seen.add(`type ${name}`);
    retyped.push(name);
  };

  for (const [name, fate] of fates) {
    if (fate === "drop" || fate === "rebuild") push(name);
    const [before, after] = [objectOf(name), target.catalog.objects.get(name)];
    if (before?.kind === "column" && after?.kind === "column" && fate === "alter") {
      if (isRetyped(before, after) && isOfTable(before, world)) retype(name);
      if (before.identity === null && after.identity !== null && before.default !== null) {
        defaults.add(name);
      }
    }
  }

  /** Tears what needs an object that is gone for a while. */
  const tearDependent = (name: string, on: CatalogObject): void => {
    if (name.startsWith("default ")) {
      const column = `column${name.slice(7)}`;
      const found = objectOf(column);
      if (found?.kind !== "column" || fates.get(column) === "drop") return;
      if (found.generated !== null) rebuild(column);
      else if (target.catalog.objects.has(column)) defaults.add(column);
      return;
    }
    const object = objectOf(name);
    if (object === undefined || fates.get(name) === "drop") return;
    if (object.kind === "column") {
      const parent = live.parent(name);
      if (parent !== null && !parent.startsWith("table ")) return rebuild(parent);
      if (TYPES.has(on.kind) && fates.get(identityOfColumn(object)) !== "rebuild") {
        const after = target.catalog.objects.get(name);
        if (after?.kind === "column") {
          recast.add(name);
          retype(name);
        }
      }
      return;
    }
    if (object.kind === "table") {
      // a partition or child of a table that is made again
      if (on.kind === "table" && target.catalog.objects.has(name)) {
        if (copiedWith(name, world) === null) rejoined.add(name);
        else rebuild(name);
      } else if (on.kind === "foreign server") rebuild(name);
      return;
    }
    if (object.kind === "sequence" || object.kind === "schema" || object.kind === "extension") {
      return;
    }
    rebuild(name);
  };

  while (queue.length > 0 || retyped.length > 0) {
    const name = queue.pop();
    if (name !== undefined) {
      const object = objectOf(name);
      if (object === undefined) continue;
      if (fates.get(name) === "rebuild") {
        // a type's own columns are none; a table's parts go and come with it
        for (const part of live.parts(name)) rebuild(part);
      }
      for (const dependent of live.needed(name)) {
        if (live.parent(dependent) !== name) tearDependent(dependent, object);
      }
      continue;
    }
    const column = retyped.pop()!;
    const before = objectOf(column) as ColumnObject;
    const after = target.catalog.objects.get(column) as ColumnObject;
    for (const dependent of live.needed(column)) {
      const found = objectOf(dependent);
      if (dependent.startsWith("default ")) {
        const owner = objectOf(`column${dependent.slice(7)}`);
        if (owner?.kind === "column" && owner.generated !== null && owner !== before) {
          rebuild(`column${dependent.slice(7)}`);
        }
      } else if (found?.kind === "column" && found.generated !== null) rebuild(dependent);
      else if (found?.kind === "constraint" && found.type === "foreign") {
        if (!isNear(before, after)) rebuild(dependent);
      } else if (found !== undefined && !BROUGHT_ALONG.has(found.kind)) rebuild(dependent);
      // the expression of an index or check may hold a label or a cast of the type that goes
      else if (found !== undefined && recast.has(column) && holdsExpression(found)) {
        rebuild(dependent);
      }
    }
  }
  for (const column of recast) if (fates.get(column) === "rebuild") recast.delete(column);
  return { defaults, recast, rejoined };
}

/** The table to make anew as a column of it, or of its partitions, is in a partition key; null = none. */
function keyRoot(name: string, world: World): string | null {
  const column = world.live.catalog.objects.get(name) as ColumnObject;
  const root = stayingRoot(identity("table", [column.schema, column.table]), world);
  const all = [root, ...partitionsBelow(root, world.live)];
  const isKeyed = all.some((one) => {
    const table = tableNamed(one, world.live)!;
    return stayingRoot(one, world) === root && isInKey(table, column.name);
  });
  return isKeyed ? root : null;
}

function refuseForeign(name: string, root: string, world: World): void {
  const column = world.live.catalog.objects.get(name) as ColumnObject;
  const foreign = partitionsBelow(root, world.live).map((one) => tableNamed(one, world.live)!)
    .find((one) => one.foreign !== null && staysPartition(identityOfTable(one), world));
  if (foreign === undefined) return;
  const of = [column.schema, column.table, column.name].join(".");
  throw new MigrationError(
    `Cannot change the type of ${of}: it is in a partition key, and of the partitions ${foreign.schema}.${foreign.name} is a foreign table, whose rows stay elsewhere`,
    {
      code: "foreign_partition",
      hint: "Detach that partition in a migration of its own (matrx empty), change the type, and " +
        "attach it again",
      context: { column: of, partition: `${foreign.schema}.${foreign.name}` },
    },
  );
}

const identityOfTable = ({ schema, name }: TableObject): string =>
  identity("table", [schema, name]);

function holdsExpression(object: CatalogObject): boolean {
  if (object.kind === "constraint") return object.type === "check" || object.type === "exclusion";
  return object.kind === "index" &&
    (object.where !== null || object.keys.some((key) => key.expression !== null));
}

const identityOfColumn = (one: ColumnObject): string =>
  identity("column", [one.schema, one.table, one.name]);

function isOfTable(column: ColumnObject, { live }: World): boolean {
  return live.catalog.objects.has(identity("table", [column.schema, column.table]));
}
