/** What making, renaming and dropping of objects does. */
import { hazard, joinedJudgement, type Judge, judged, lockOn } from "../judgement.ts";
import type { LockMode } from "../../ddl/statement.ts";
import type { HazardKind } from "../hazard.ts";
import {
  flag,
  has,
  joined,
  namesOf,
  node,
  nodes,
  objectNames,
  part,
  relationName,
  text,
  type Tree,
} from "../tree.ts";
import type { World } from "../world.ts";
import { columnAdvice } from "./columns.ts";

const isTemporary = (relation: Tree): boolean => text(relation, "relpersistence") === "t";

const isUnqualified = (relation: Tree): boolean =>
  text(relation, "schemaname") === "" && !isTemporary(relation);

/** CREATE TABLE: nobody uses what is new, but its parents and what it references are in use. */
export const createTable: Judge = (tree, world) => {
  const base = has(tree, "base") ? part(tree, "base") : tree;
  const relation = part(base, "relation");
  const name = relationName(relation);
  const columns = nodes(base, "tableElts").filter(({ kind }) => kind === "ColumnDef");
  const constraints = [
    ...nodes(base, "tableElts").filter(({ kind }) => kind === "Constraint"),
    ...columns.flatMap(({ tree: column }) => nodes(column, "constraints")),
  ];
  const targets = constraints.filter(({ tree: one }) => text(one, "contype") === "CONSTR_FOREIGN")
    .map(({ tree: one }) => relationName(part(one, "pktable"))).filter((one) => one !== name);
  const parents = nodes(base, "inhRelations").map(({ tree: one }) => relationName(one));
  const isPartition = has(base, "partbound");
  const parentLock: LockMode = isPartition ? "ACCESS EXCLUSIVE" : "SHARE UPDATE EXCLUSIVE";
  const oldParents = parents.filter((one) => !world.isNew(one));
  return joinedJudgement([
    judged(
      lockOn(world, parentLock, ...parents),
      hazard(
        "partition-of-locks",
        `CREATE TABLE ${name} PARTITION OF ${parents[0]}`,
        isPartition && oldParents.length > 0,
      ),
      hazard("unqualified-table", `CREATE TABLE ${name}`, isUnqualified(relation)),
      ...columns.flatMap(({ tree: column }) => columnAdvice(column, name)),
    ),
    judged(lockOn(world, "SHARE ROW EXCLUSIVE", ...targets)),
  ]);
};

/** CREATE TABLE AS. */
export const createTableAs: Judge = (tree) => {
  const relation = part(part(tree, "into"), "rel");
  return judged(
    { scans: true },
    hazard("unqualified-table", `CREATE TABLE ${relationName(relation)}`, isUnqualified(relation)),
  );
};

/** CREATE INDEX. */
export const createIndex: Judge = (tree, world) => {
  const relation = part(tree, "relation");
  const table = relationName(relation);
  const concurrent = flag(tree, "concurrent");
  // ON ONLY builds nothing: the indexes of the partitions are attached later
  const builds = !world.isNew(table) && flag(relation, "inh");
  return judged(
    {
      ...lockOn(world, concurrent ? "SHARE UPDATE EXCLUSIVE" : "SHARE", table),
      scans: builds,
      transactional: !concurrent,
    },
    hazard(
      "index-locks-writes",
      `CREATE INDEX ${text(tree, "idxname") || "without a name"} on ${table}`,
      builds && !concurrent,
    ),
  );
};

/** What DROP of each kind of object is called, and what it is; what is not here is in nobody's way. */
const DROPPED: Readonly<Record<string, readonly [word: string, kind: HazardKind]>> = {
  OBJECT_TABLE: ["TABLE", "drop-table"],
  OBJECT_FOREIGN_TABLE: ["FOREIGN TABLE", "drop-object"],
  OBJECT_SCHEMA: ["SCHEMA", "drop-schema"],
  OBJECT_VIEW: ["VIEW", "drop-object"],
  OBJECT_MATVIEW: ["MATERIALIZED VIEW", "drop-object"],
  OBJECT_SEQUENCE: ["SEQUENCE", "drop-object"],
  OBJECT_TYPE: ["TYPE", "drop-object"],
  OBJECT_DOMAIN: ["DOMAIN", "drop-object"],
  OBJECT_FUNCTION: ["FUNCTION", "drop-object"],
  OBJECT_PROCEDURE: ["PROCEDURE", "drop-object"],
  OBJECT_ROUTINE: ["ROUTINE", "drop-object"],
  OBJECT_AGGREGATE: ["AGGREGATE", "drop-object"],
  OBJECT_EXTENSION: ["EXTENSION", "drop-object"],
};

const IS_RELATION = /^OBJECT_(?:TABLE|FOREIGN_TABLE|VIEW|MATVIEW|SEQUENCE)$/;

/** DROP of anything but a database. */
export const drop: Judge = (tree, world) => {
  const type = text(tree, "removeType");
  if (type === "OBJECT_INDEX") return dropIndex(tree, world);
  const cascade = text(tree, "behavior") === "DROP_CASCADE";
  const names = objectNames(tree);
  const old = names.filter((name) => !world.isNew(name));
  const [word, kind] = DROPPED[type] ?? [type.replace(/^OBJECT_/, "").replaceAll("_", " "), null];
  const isSchema = kind === "drop-schema";
  const on = /^OBJECT_(?:TRIGGER|POLICY|RULE)$/.test(type)
    ? nodes(tree, "objects").map(({ tree: one }) => joined(namesOf(one.items).slice(0, -1)))
    : IS_RELATION.test(type)
    ? names
    : [];
  const list = old.join(", ");
  return judged(
    {
      ...lockOn(world, "ACCESS EXCLUSIVE", ...on),
      loses: old.length === 0
        ? null
        : kind === "drop-table"
        ? `all rows of ${list}`
        : isSchema && cascade
        ? `all that is in ${list}`
        : null,
    },
    // a schema that is not empty is kept without CASCADE
    kind === null
      ? null
      : hazard(kind, `DROP ${word} ${list}`, old.length > 0 && (!isSchema || cascade)),
    hazard("drop-cascade", `DROP ${word} ${list} CASCADE`, cascade && old.length > 0 && !isSchema),
    hazard(
      "unqualified-table",
      `DROP TABLE ${list}`,
      kind === "drop-table" &&
        nodes(tree, "objects").some(({ tree: one }) => namesOf(one.items).length === 1),
    ),
  );
};

const dropIndex: Judge = (tree, world) => {
  const concurrent = flag(tree, "concurrent");
  const old = objectNames(tree).filter((name) => !world.isNewIndex(name));
  return judged(
    {
      ...lockOn(world, concurrent ? "SHARE UPDATE EXCLUSIVE" : "ACCESS EXCLUSIVE", ...old),
      transactional: !concurrent,
    },
    hazard("index-drop-locks", `DROP INDEX ${old.join(", ")}`, !concurrent && old.length > 0),
  );
};

/** DROP DATABASE. */
export const dropDatabase: Judge = (tree) =>
  judged(
    { loses: `the database ${text(tree, "dbname")}`, transactional: false },
    hazard("drop-database", `DROP DATABASE ${text(tree, "dbname")}`),
  );

/** ALTER ... RENAME. */
export const rename: Judge = (tree, world) => {
  const [type, to] = [text(tree, "renameType"), text(tree, "newname")];
  const relation = relationName(part(tree, "relation"));
  const isOld = relation === "" || !world.isNew(relation);
  const from = text(tree, "subname") || relation || objectName(tree);
  if (type === "OBJECT_INDEX") return judged(lockOn(world, "SHARE UPDATE EXCLUSIVE", relation));
  // programs speak of neither
  const isInner = /_(?:TABCONSTRAINT|DOMCONSTRAINT|TRIGGER|POLICY|RULE)$/.test(type);
  const on = type === "OBJECT_COLUMN" ? ` of ${relation}` : "";
  return judged(
    lockOn(world, "ACCESS EXCLUSIVE", relation),
    hazard("rename", `${from}${on} becomes ${to}`, isOld && !isInner),
  );
};

function objectName(tree: Tree): string {
  const object = node(tree, "object");
  return object === null ? "" : objectNames({ objects: [tree.object] })[0] ?? "";
}

/** ALTER ... SET SCHEMA. */
export const moveToSchema: Judge = (tree, world) => {
  const name = relationName(part(tree, "relation")) || objectName(tree);
  return judged(
    lockOn(world, "ACCESS EXCLUSIVE", relationName(part(tree, "relation"))),
    hazard("rename", `${name} moves to schema ${text(tree, "newschema")}`, !world.isNew(name)),
  );
};

/** ALTER TYPE of an enum. */
export const alterEnum: Judge = (tree) => {
  const type = joined(namesOf(tree.typeName));
  const [from, to] = [text(tree, "oldVal"), text(tree, "newVal")];
  if (from !== "") return judged({}, hazard("rename", `a label of ${type} becomes ${to}`));
  return judged(
    {},
    hazard("enum-order", `ADD VALUE ${to} to ${type}`, text(tree, "newValNeighbor") === ""),
  );
};

/** CREATE DOMAIN. */
export const createDomain: Judge = (tree) =>
  judged(
    {},
    hazard(
      "domain-constraint",
      `CREATE DOMAIN ${joined(namesOf(tree.domainname))} with a constraint`,
      nodes(tree, "constraints").some(({ tree: one }) =>
        /_(?:CHECK|NOTNULL)$/.test(text(one, "contype"))
      ),
    ),
  );

/** A statement that locks the relation it names, and no more. */
export function locksRelation(mode: LockMode, key = "relation"): Judge {
  return (tree, world: World) => judged(lockOn(world, mode, relationName(part(tree, key))));
}
