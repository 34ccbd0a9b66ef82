/** How grave a hazard is: `error` fails or destroys, `warning` holds others up or breaks programs, `notice` is advice. */
export type HazardLevel = "error" | "warning" | "notice";

/** What is known of a kind of hazard. */
export interface HazardAbout {
  /** How grave it is. */
  readonly level: HazardLevel;
  /** Why it is one. */
  readonly why: string;
  /** What to do in its place. */
  readonly instead: string;
}

const level = (level: HazardLevel) => (why: string, instead: string): HazardAbout => ({
  level,
  why,
  instead,
});
const error = level("error");
const warning = level("warning");
const notice = level("notice");

const IN_TWO_RELEASES = "Let a release go out that does without it first, then accept this here";

/** The kind of a hazard. */
export type HazardKind =
  | "syntax-error"
  | "not-in-transaction"
  | "enum-value-used"
  | "transaction-command"
  | "nested-transaction"
  | "uncommitted-transaction"
  | "duplicate-column"
  | "required-column"
  | "drop-table"
  | "drop-column"
  | "drop-schema"
  | "drop-database"
  | "drop-cascade"
  | "truncate"
  | "truncate-cascade"
  | "delete-all-rows"
  | "column-default-rewrites"
  | "type-change"
  | "table-rewrite"
  | "not-null-scan"
  | "foreign-key-locks"
  | "check-scan"
  | "domain-check-scan"
  | "validate-in-transaction"
  | "work-under-lock"
  | "constraint-builds-index"
  | "index-locks-writes"
  | "index-drop-locks"
  | "reindex-locks"
  | "refresh-locks"
  | "partition-attach-scan"
  | "partition-detach-locks"
  | "partition-of-locks"
  | "rename"
  | "drop-object"
  | "row-security"
  | "update-all-rows"
  | "lock-table"
  | "unread"
  | "lint-ignore"
  | "name-too-long"
  | "unseen-code"
  | "drop-not-null"
  | "domain-constraint"
  | "enum-order"
  | "char-column"
  | "varchar-limit"
  | "timestamp-without-zone"
  | "serial-column"
  | "integer-column"
  | "smallint-column"
  | "unqualified-table";

/** What is known of each kind. */
export const HAZARDS: Readonly<Record<HazardKind, HazardAbout>> = {
  "syntax-error": error("The server refuses it", "Correct it"),
  "not-in-transaction": error(
    "PostgreSQL refuses it inside a transaction, and a migration runs in one",
    "Put it into a migration of its own with transaction = false (SQL: -- matrx: no transaction)",
  ),
  "enum-value-used": error(
    "PostgreSQL refuses a new label of an enum in the transaction that adds it",
    "Add the label in a migration of its own before this one",
  ),
  "transaction-command": error(
    "A migration runs in a transaction of the runner, or each of its statements by itself",
    "Take it out; split the migration in two, or let it say transaction = false",
  ),
  "nested-transaction": error(
    "A transaction inside another does not exist: its COMMIT ends the outer one",
    "Take it out, or use SAVEPOINT",
  ),
  "uncommitted-transaction": error(
    "What the transaction did is lost when the session ends",
    "End the script with COMMIT",
  ),
  "duplicate-column": error("PostgreSQL refuses it", "Name each column once"),
  "required-column": error(
    "It fails where the table has rows, as they would hold NULL",
    "Give it a DEFAULT; or add it without NOT NULL, fill it, and set NOT NULL with a validated check",
  ),
  "drop-table": error("All its rows are lost, and programs that use it fail", IN_TWO_RELEASES),
  "drop-column": error("Its values are lost, and programs that read it fail", IN_TWO_RELEASES),
  "drop-schema": error("All that is in it is lost", "Drop what is in it by name"),
  "drop-database": error("All of it is lost", "Let no migration drop a database"),
  "drop-cascade": error(
    "What depends on it goes along, and nothing tells what that was",
    "Drop what depends on it by name, then this without CASCADE",
  ),
  "truncate": error("All rows are lost, and nobody else may read or write meanwhile", "DELETE"),
  "truncate-cascade": error(
    "Every table with a foreign key to it is emptied too",
    "Name all the tables, without CASCADE",
  ),
  "delete-all-rows": error("All rows are lost", "Say with WHERE which rows go"),
  "column-default-rewrites": warning(
    "Every row is written anew while nobody else may read or write the table",
    "Add the column without it, set the default for new rows, and fill the others in batches",
  ),
  "type-change": warning(
    "Every row may be written anew, and the indexes too, while nobody else may read or write; " +
      "programs may not expect the new type",
    "Add a column of the new type, fill it in batches, and let programs change over",
  ),
  "table-rewrite": warning(
    "The table is written anew while nobody else may read or write it",
    "Do it in a time without load, or with pg_repack",
  ),
  "not-null-scan": warning(
    "Every row is read while nobody else may read or write the table",
    "ADD CONSTRAINT c CHECK (column IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT c in a transaction " +
      "of its own; SET NOT NULL; DROP CONSTRAINT c",
  ),
  "foreign-key-locks": warning(
    "All rows are checked while nobody else may write either table",
    "Add it NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own",
  ),
  "check-scan": warning(
    "Every row is checked while nobody else may read or write the table",
    "Add it NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own",
  ),
  "domain-check-scan": warning(
    "Every table with a column of the domain is read while nobody else may write it",
    "Add it NOT VALID, and VALIDATE CONSTRAINT in a transaction of its own",
  ),
  "validate-in-transaction": warning(
    "The lock under which the constraint was added is held while all rows are checked",
    "Validate in a later migration, or let this one say transaction = false",
  ),
  "work-under-lock": warning(
    "The lock of the statement before is held until all of it is done",
    "Do the long work in a migration of its own",
  ),
  "constraint-builds-index": warning(
    "An index is built while nobody else may read or write the table",
    "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT ... USING INDEX; an exclusion " +
      "constraint has no such form",
  ),
  "index-locks-writes": warning(
    "Nobody may write the table until the index is built",
    "CREATE INDEX CONCURRENTLY in a migration with transaction = false; for a partitioned table " +
      "on each partition, and on the parent afterwards",
  ),
  "index-drop-locks": warning(
    "It waits for all who use the table, and all others wait behind it",
    "DROP INDEX CONCURRENTLY in a migration with transaction = false",
  ),
  "reindex-locks": warning(
    "Nobody may write the table, or use the index, until it is rebuilt",
    "REINDEX ... CONCURRENTLY in a migration with transaction = false",
  ),
  "refresh-locks": warning(
    "Nobody may read the view until it is filled",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY; it needs a unique index",
  ),
  "partition-attach-scan": warning(
    "All rows of the partition are checked while nobody else may read or write it",
    "Give it a CHECK of the same bounds first, NOT VALID and then validated: then none is read",
  ),
  "partition-detach-locks": warning(
    "It waits for all who use the parent, and all others wait behind it",
    "DETACH PARTITION ... CONCURRENTLY in a migration with transaction = false",
  ),
  "partition-of-locks": warning(
    "Nobody else may read or write the parent until the transaction ends",
    "CREATE TABLE ... (LIKE parent), then ATTACH PARTITION",
  ),
  "rename": warning(
    "Programs that still use the old name fail from here on",
    "Add the new name beside the old one, let programs change over, and take the old one away",
  ),
  "drop-object": warning("Programs that use it fail from here on", IN_TWO_RELEASES),
  "row-security": warning(
    "Other roles see other rows from here on",
    "Make the policies in the same migration, before this",
  ),
  "update-all-rows": warning(
    "Every row is locked until the transaction ends, and all are written in one go",
    "Update in batches by key, in a migration with transaction = false",
  ),
  "lock-table": warning("Others wait for the table until the transaction ends", "Do without it"),
  "unread": warning(
    "What it does from there on is not judged",
    "Name the database, so that what it reads is read; SQL text in place of models is seen too",
  ),
  "lint-ignore": warning(
    "A hazard is accepted by name and with a reason, or not at all",
    "Write -- matrx: lint-ignore KIND reason right before the statement",
  ),
  "name-too-long": warning(
    "PostgreSQL cuts names after 63 bytes, so that what is made has another name",
    "Choose a shorter name",
  ),
  "unseen-code": notice("What a DO block runs is not judged", "Write plain statements if you can"),
  "drop-not-null": notice(
    "Programs that rely on a value may meet NULL from here on",
    "Let programs that bear NULL go out first",
  ),
  "domain-constraint": notice(
    "A constraint of a domain can later be changed only by reading every table that uses it",
    "Put the check on the column",
  ),
  "enum-order": notice(
    "The label comes last, wherever it stands in the code",
    "Say BEFORE or AFTER another label",
  ),
  "char-column": notice("char(n) pads its values with blanks", "Use text"),
  "varchar-limit": notice(
    "A limit in the type can be tightened only by writing the table anew",
    "Use text, with a CHECK for the length",
  ),
  "timestamp-without-zone": notice("It does not say which moment is meant", "Use timestamptz"),
  "serial-column": notice(
    "The sequence has rights and dependencies of its own",
    "GENERATED BY DEFAULT AS IDENTITY",
  ),
  "integer-column": notice(
    "It ends at 2,147,483,647, and widening it writes the table anew",
    "Use bigint for what may grow",
  ),
  "smallint-column": notice(
    "It ends at 32,767, and widening it writes the table anew",
    "Use bigint for what may grow",
  ),
  "unqualified-table": notice(
    "The search path of the session decides where it is",
    "Write the schema before the name",
  ),
};

/** The levels, gravest first. */
export const HAZARD_LEVELS: readonly HazardLevel[] = ["error", "warning", "notice"];

/** Whether a text is a kind of hazard. */
export function isHazardKind(text: string): text is HazardKind {
  return Object.hasOwn(HAZARDS, text);
}

/** A hazard of a statement, before it is placed. */
export interface Found {
  /** Its kind. */
  readonly kind: HazardKind;
  /** What the statement does. */
  readonly what: string;
}
