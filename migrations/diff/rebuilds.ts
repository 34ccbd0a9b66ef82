import type { Catalog } from "../../src/catalog/catalog.ts";
import type { ConstraintObject } from "../../src/catalog/constraints.ts";
import type {
  CatalogObject,
  ColumnObject,
  CompositeObject,
  ObjectKind,
  ObjectOf,
  RoutineObject,
} from "../../src/catalog/types.ts";
import { stableJson } from "../../src/util/stable_json.ts";

/** Whether an object has to be dropped and made again to become another. */
type Rebuilds<One> = (before: One, after: One, live: Catalog, declared: Catalog) => boolean;

const never = (): boolean => false;

/** Whether two objects differ in any fact beside those that are named. */
function differsBeside<One extends CatalogObject>(...names: readonly string[]): Rebuilds<One> {
  return (before, after) => {
    const without = (one: One) => {
      const facts: Record<string, unknown> = { ...one };
      for (const name of ["comment", "owner", ...names]) delete facts[name];
      return stableJson(facts);
    };
    return without(before) !== without(after);
  };
}

const differsIn = <One>(...names: readonly (keyof One)[]): Rebuilds<One> => (before, after) =>
  names.some((name) => stableJson(before[name]) !== stableJson(after[name]));

function columnsOf(catalog: Catalog, schema: string, table: string): ColumnObject[] {
  const found: ColumnObject[] = [];
  for (const object of catalog.objects.values()) {
    if (object.kind === "column" && object.schema === schema && object.table === table) {
      found.push(object);
    }
  }
  return found.sort((a, b) => a.position - b.position);
}

// CREATE OR REPLACE VIEW keeps the columns that are there and can only add some at the end.
const view: Rebuilds<ObjectOf<"view">> = (before, after, live, declared) => {
  if (before.definition === after.definition) return false;
  const shape = ({ name, formatted, collation }: ColumnObject) =>
    stableJson([name, formatted, collation]);
  const now = columnsOf(live, before.schema, before.name).map(shape);
  const then = columnsOf(declared, after.schema, after.name).map(shape);
  return now.some((one, at) => one !== then[at]);
};

const constraint: Rebuilds<ConstraintObject> = (before, after, live, declared) => {
  const beside = ["local", "validated", "indexComment", "storage", "tablespace"];
  if (before.validated && !after.validated) return true;
  if (before.type === "foreign") beside.push("deferrable");
  // the text of the others holds what no fact of its own tells
  const isTold = ["primary", "unique", "foreign", "check"].includes(before.type);
  if (isTold || before.validated !== after.validated) beside.push("definition");
  return differsBeside<ConstraintObject>(...beside)(before, after, live, declared);
};

// An attribute goes in place and comes at the end; its type cannot change while a column uses it.
const composite: Rebuilds<CompositeObject> = (before, after) => {
  const has = new Map(after.attributes.map((one) => [one.name, one]));
  const kept = before.attributes.filter((one) => has.has(one.name));
  const shape = ({ name, formatted, collation }: CompositeObject["attributes"][number]) =>
    stableJson([name, formatted, collation]);
  return kept.some((one, at) =>
    after.attributes[at] === undefined || shape(after.attributes[at]) !== shape(one)
  );
};

const column: Rebuilds<ColumnObject> = (before, after, live) => {
  if (stableJson(before.generated) === stableJson(after.generated)) return false;
  if (isOfView(before, live)) return false;
  return after.generated !== null || before.generated?.kind === "virtual";
};

function isOfView(one: ColumnObject, catalog: Catalog): boolean {
  return ![...catalog.objects.values()].some((object) =>
    object.kind === "table" && object.schema === one.schema && object.name === one.table
  );
}

const hasOut = ({ arguments: text, returns }: RoutineObject): boolean =>
  /\bOUT\b/.test(text) || /^TABLE\(/.test(returns ?? "");

const routine: Rebuilds<RoutineObject> = (before, after) =>
  before.returns !== after.returns || after.defaults < before.defaults ||
  before.arguments !== after.arguments && (hasOut(before) || hasOut(after));

const labels: Rebuilds<ObjectOf<"enum">> = (before, after) => {
  let at = 0;
  for (const label of after.labels) if (label === before.labels[at]) at++;
  return at < before.labels.length;
};

const table: Rebuilds<ObjectOf<"table">> = (before, after) =>
  before.partitionBy !== after.partitionBy ||
  (before.foreign === null) !== (after.foreign === null) ||
  before.foreign?.server !== after.foreign?.server ||
  (before.persistence === "temporary") !== (after.persistence === "temporary");

// There is no way back between the versions of an extension, but to drop it.
function isOlder(one: string, than: string): boolean {
  if (one === "" || than === "") return false;
  const [a, b] = [one, than].map((text) => text.split(/[.-]/).map(Number));
  for (let at = 0; at < Math.max(a!.length, b!.length); at++) {
    const difference = (a![at] ?? 0) - (b![at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

const policy: Rebuilds<ObjectOf<"policy">> = (before, after) =>
  before.command !== after.command || before.permissive !== after.permissive ||
  before.using !== null && after.using === null || before.check !== null && after.check === null;

const whole = differsBeside();

const rebuilds: { readonly [Kind in ObjectKind]: Rebuilds<ObjectOf<Kind>> } = {
  schema: never,
  extension: (before, after) => isOlder(after.version, before.version),
  table,
  column,
  constraint,
  index: (before, after, live, declared) =>
    !before.valid && after.valid || differsBeside<ObjectOf<"index">>(
      ...["storage", "tablespace", "statistics", "definition", "parent", "valid"],
    )(before, after, live, declared),
  sequence: never,
  enum: labels,
  domain: differsIn("formatted", "base", "collation"),
  composite,
  range: whole,
  view,
  "materialized view": differsIn("definition"),
  function: routine,
  procedure: routine,
  aggregate: whole,
  trigger: differsIn("definition"),
  rule: differsIn("definition"),
  policy,
  statistics: differsIn("definition", "table"),
  cast: whole,
  collation: whole,
  "event trigger": whole,
  "foreign data wrapper": whole,
  "foreign server": whole,
  operator: whole,
  "operator class": whole,
  "operator family": whole,
  publication: whole,
  "text search configuration": whole,
  "text search dictionary": whole,
  "access method": whole,
  conversion: whole,
  language: whole,
  "text search parser": whole,
  "text search template": whole,
  transform: whole,
  privilege: never,
  "default privilege": never,
  unmodelled: never,
};

/** Whether an object has to be dropped and made again to become another of the same identity. */
export function mustRebuild(
  before: CatalogObject,
  after: CatalogObject,
  live: Catalog,
  declared: Catalog,
): boolean {
  // the table is keyed by the kind that both have
  const rule = rebuilds[before.kind] as unknown as Rebuilds<CatalogObject>;
  return rule(before, after, live, declared);
}
