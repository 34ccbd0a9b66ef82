import type {
  CheckConstraint,
  ConstraintObject,
  ForeignConstraint,
  KeyConstraint,
} from "../../src/catalog/constraints.ts";
import { identity } from "../../src/catalog/identity.ts";
import type { DdlOf, Surroundings } from "./ddl_kind.ts";
import { changedSettings } from "./index_settings.ts";
import { commentOn, locks, relationIdentity, statement } from "./make.ts";
import { ident, idents, parameters, qualified } from "./quote.ts";
import type { DdlStatement } from "./statement.ts";

const deferrability = ({ deferrable }: ConstraintObject): string =>
  deferrable === null ? "" : ` DEFERRABLE ${deferrable.toUpperCase()}`;

function key(one: KeyConstraint): string {
  const word = one.type === "primary"
    ? "PRIMARY KEY"
    : `UNIQUE${one.nullsNotDistinct ? " NULLS NOT DISTINCT" : ""}`;
  const overlaps = one.withoutOverlaps ? " WITHOUT OVERLAPS" : "";
  const include = one.include.length === 0 ? "" : ` INCLUDE (${idents(one.include)})`;
  const storage = Object.keys(one.storage).length === 0 ? "" : ` WITH (${parameters(one.storage)})`;
  const space = one.tablespace === null ? "" : ` USING INDEX TABLESPACE ${ident(one.tablespace)}`;
  return `${word} (${idents(one.columns)}${overlaps})${include}${storage}${space}`;
}

function action(one: ForeignConstraint): string {
  const deleted = one.onDelete === "no action" ? "" : ` ON DELETE ${one.onDelete.toUpperCase()}`;
  const columns = one.onDeleteColumns.length === 0 ? "" : ` (${idents(one.onDeleteColumns)})`;
  const updated = one.onUpdate === "no action" ? "" : ` ON UPDATE ${one.onUpdate.toUpperCase()}`;
  return `${deleted}${columns}${updated}`;
}

function foreign(one: ForeignConstraint): string {
  const { references: to } = one;
  const list = (columns: readonly string[]) =>
    one.period
      ? `${idents(columns.slice(0, -1))}, PERIOD ${ident(columns.at(-1)!)}`
      : idents(columns);
  return `FOREIGN KEY (${list(one.columns)}) REFERENCES ${qualified(to.schema, to.table)} (${
    list(to.columns)
  })${one.match === "full" ? " MATCH FULL" : ""}${action(one)}`;
}

const check = (one: CheckConstraint): string =>
  `CHECK (${one.expression})${one.noInherit ? " NO INHERIT" : ""}`;

/** Writes what a constraint is, without its name and without NOT VALID. */
export function constraintBody(one: ConstraintObject): string {
  const enforced = one.enforced ? "" : " NOT ENFORCED";
  switch (one.type) {
    case "primary":
    case "unique":
      return `${key(one)}${deferrability(one)}`;
    case "foreign":
      return `${foreign(one)}${deferrability(one)}${enforced}`;
    case "check":
      return `${check(one)}${enforced}`;
    case "exclusion":
      return `${one.definition}`;
    case "not null":
      return `NOT NULL ${idents(one.columns)}${one.noInherit ? " NO INHERIT" : ""}`;
  }
}

/** Writes a constraint as it stands in CREATE TABLE. */
export function constraintClause(one: ConstraintObject): string {
  return `CONSTRAINT ${ident(one.name)} ${constraintBody(one)}`;
}

const isKey = (one: ConstraintObject): one is KeyConstraint =>
  one.type === "primary" || one.type === "unique";

function addLock(one: ConstraintObject): DdlStatement["lock"] {
  const mode = one.type === "foreign" ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE";
  return locks(mode, relationIdentity(one)).lock;
}

/** Checks the rows that were there when a constraint came. */
export function validate(one: ConstraintObject, around: Surroundings): DdlStatement {
  const table = relationIdentity(one);
  return statement(
    `ALTER TABLE ${qualified(one.schema, one.table)} VALIDATE CONSTRAINT ${ident(one.name)}`,
    {
      ...locks("SHARE UPDATE EXCLUSIVE", table),
      scans: around.isOld(table),
      transactional: !(around.safe && around.isOld(table)),
    },
  );
}

function add(one: ConstraintObject, around: Surroundings): DdlStatement[] {
  const table = relationIdentity(one);
  const isOld = around.isOld(table);
  const isParted = around.hasPartitions(one.schema, one.table);
  const only = isKey(one) && isParted ? "ONLY " : "";
  const alter = `ALTER TABLE ${only}${qualified(one.schema, one.table)} ADD ${
    constraintClause(one)
  }`;
  const parented = around.catalog.objects.get(table);
  const isPartitioned = parented?.kind === "table" && parented.partitionBy !== null;
  const late = (one.type === "foreign" || one.type === "check") && one.enforced &&
    (!one.validated || around.safe && isOld && !(isPartitioned && one.type === "foreign"));
  if (late) {
    const added = statement(`${alter} NOT VALID`, { lock: addLock(one) });
    return one.validated ? [added, validate(one, around)] : [added];
  }
  if (one.type === "not null" && !one.validated) {
    return [statement(`${alter} NOT VALID`, { lock: addLock(one) })];
  }
  if (isKey(one) && around.safe && isOld && !isPartitioned && !one.withoutOverlaps) {
    return concurrentKey(one);
  }
  return [
    statement(alter, {
      lock: addLock(one),
      scans: isOld && one.enforced,
      note: isOld && one.type === "exclusion"
        ? "Builds an index under its lock; an exclusion constraint has no other form"
        : null,
    }),
  ];
}

// The index is built while others write; then it becomes the constraint's own.
function concurrentKey(one: KeyConstraint): DdlStatement[] {
  const table = relationIdentity(one);
  const include = one.include.length === 0 ? "" : ` INCLUDE (${idents(one.include)})`;
  const nulls = one.nullsNotDistinct ? " NULLS NOT DISTINCT" : "";
  const storage = Object.keys(one.storage).length === 0 ? "" : ` WITH (${parameters(one.storage)})`;
  const space = one.tablespace === null ? "" : ` TABLESPACE ${ident(one.tablespace)}`;
  const word = one.type === "primary" ? "PRIMARY KEY" : "UNIQUE";
  return [
    statement(
      `CREATE UNIQUE INDEX CONCURRENTLY ${ident(one.name)} ON ${
        qualified(one.schema, one.table)
      } (${idents(one.columns)})${include}${nulls}${storage}${space}`,
      {
        ...locks("SHARE UPDATE EXCLUSIVE", table),
        scans: true,
        transactional: false,
        note: "Fails where rows are equal, and then leaves an invalid index to be dropped",
      },
    ),
    statement(
      `ALTER TABLE ${qualified(one.schema, one.table)} ADD CONSTRAINT ${
        ident(one.name)
      } ${word} USING INDEX ${ident(one.name)}${deferrability(one)}`,
      locks("ACCESS EXCLUSIVE", table),
    ),
  ];
}

/** Sets the comment on the index behind a constraint. */
export function indexComment(one: ConstraintObject): DdlStatement[] {
  if (!("indexComment" in one)) return [];
  return [
    commentOn(
      `INDEX ${qualified(one.schema, one.name)}`,
      one.indexComment,
      identity("index", [one.schema, one.table, one.name]),
    ),
  ];
}

/** How constraints are written. */
export const constraints: DdlOf<ConstraintObject> = {
  create: (one, around) => [
    ...add(one, around),
    ...("indexComment" in one && one.indexComment !== null ? indexComment(one) : []),
  ],
  drop: (one, around) => [
    statement(
      `ALTER TABLE ${around.goesAlone(one) ? "ONLY " : ""}${
        qualified(one.schema, one.table)
      } DROP CONSTRAINT ${ident(one.name)}`,
      locks("ACCESS EXCLUSIVE", relationIdentity(one)),
    ),
  ],
  alter: (before, after, around) => {
    const alter = `ALTER TABLE ${qualified(after.schema, after.table)}`;
    const steps: DdlStatement[] = [];
    if (after.type === "foreign" && before.deferrable !== after.deferrable) {
      steps.push(
        statement(
          `${alter} ALTER CONSTRAINT ${ident(after.name)}${
            deferrability(after) || " NOT DEFERRABLE"
          }`,
          locks("SHARE ROW EXCLUSIVE", relationIdentity(after)),
        ),
      );
    }
    if (!before.validated && after.validated) steps.push(validate(after, around));
    if (isKey(before) && isKey(after)) steps.push(...changedSettings(before, after));
    if (
      "indexComment" in before && "indexComment" in after &&
      before.indexComment !== after.indexComment
    ) steps.push(...indexComment(after));
    return steps;
  },
  rename: (before, after) => [
    statement(
      `ALTER TABLE ${qualified(after.schema, after.table)} RENAME CONSTRAINT ${
        ident(before.name)
      } TO ${ident(after.name)}`,
      locks("ACCESS EXCLUSIVE", relationIdentity(after)),
    ),
  ],
};
