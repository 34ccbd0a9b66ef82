import { hazard, judged, type Judgement, lockOn } from "../judgement.ts";
import { isChecked } from "../expressions.ts";
import { has, namesOf, part, relationName, text, type Tree } from "../tree.ts";
import type { World } from "../world.ts";

/** Where a constraint is added. */
export interface Adding {
  readonly table: string;
  readonly world: World;
  /** Whether the table was there before. */
  readonly isOld: boolean;
  /** The new column that it stands with; null = it stands by itself. */
  readonly column: string | null;
  /** Whether that column has a default. */
  readonly isFilled?: boolean;
}

type JudgeConstraint = (constraint: Tree, adding: Adding) => Judgement;

const KEY_WORDS: Readonly<Record<string, string>> = {
  CONSTR_PRIMARY: "a primary key",
  CONSTR_UNIQUE: "a unique constraint",
  CONSTR_EXCLUSION: "an exclusion constraint",
};

const key: JudgeConstraint = (constraint, { table, world, isOld }) => {
  const builds = isOld && !has(constraint, "indexname");
  const words = KEY_WORDS[text(constraint, "contype")]!;
  return judged(
    { ...lockOn(world, "ACCESS EXCLUSIVE", table), scans: builds },
    hazard("constraint-builds-index", `${table} gets ${words}`, builds),
  );
};

const check: JudgeConstraint = (constraint, { table, world, isOld }) => {
  const scans = isOld && isChecked(constraint);
  return judged(
    { ...lockOn(world, "ACCESS EXCLUSIVE", table), scans },
    hazard("check-scan", `${table} gets a check that all rows are held to`, scans),
  );
};

const foreign: JudgeConstraint = (constraint, { table, world, isOld, column, isFilled }) => {
  const target = relationName(part(constraint, "pktable"));
  // a new column without a default holds nothing to check
  const scans = isOld && isChecked(constraint) && (column === null || isFilled === true);
  return judged(
    { ...lockOn(world, "SHARE ROW EXCLUSIVE", table, target), scans },
    hazard("foreign-key-locks", `${table} gets a foreign key to ${target}`, scans),
  );
};

const notNull: JudgeConstraint = (constraint, { table, world, isOld, column }) => {
  const scans = isOld && isChecked(constraint) && column === null &&
    !namesOf(constraint.keys).every((name) => world.isProven(table, name));
  return judged(
    { ...lockOn(world, "ACCESS EXCLUSIVE", table), scans },
    hazard("not-null-scan", `${table} gets a NOT NULL constraint`, scans),
  );
};

const CONSTRAINTS: Readonly<Record<string, JudgeConstraint>> = {
  CONSTR_PRIMARY: key,
  CONSTR_UNIQUE: key,
  CONSTR_EXCLUSION: key,
  CONSTR_CHECK: check,
  CONSTR_FOREIGN: foreign,
  CONSTR_NOTNULL: notNull,
};

/** Judges a constraint that is added to a table, by itself or with a column. */
export function addedConstraint(constraint: Tree, adding: Adding): Judgement {
  return CONSTRAINTS[text(constraint, "contype")]?.(constraint, adding) ?? judged({});
}
