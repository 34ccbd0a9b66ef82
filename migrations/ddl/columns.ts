import { identity } from "../../src/catalog/identity.ts";
import type { ColumnObject } from "../../src/catalog/types.ts";
import { baseType } from "./casts.ts";
import { collate, isRetyped, onTable, retype } from "./column_type.ts";
import type { DdlOf, Surroundings } from "./ddl_kind.ts";
import { isVolatile } from "./expression.ts";
import { locks, loses, relationIdentity, statement } from "./make.ts";
import { changedOptions, foreignOptions, ident, literal, parameters, qualified } from "./quote.ts";
import { catchUp, changedSequence, identityClause, intoBounds } from "./sequences.ts";
import type { DdlStatement } from "./statement.ts";
import { typeText } from "./type_text.ts";

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Writes a column as it stands in CREATE TABLE and ADD COLUMN. */
export function columnClause(column: ColumnObject, around: Surroundings): string {
  const options = foreignOptions(column.foreignOptions);
  return [
    `${ident(column.name)} ${typeText(column.type, column.formatted)}`,
    options === "" ? "" : `OPTIONS (${options})`,
    collate(column).trim(),
    ...columnConstraints(column, around),
  ].filter((part) => part !== "").join(" ");
}

/** Writes what follows a column's type. */
export function columnConstraints(column: ColumnObject, around: Surroundings): string[] {
  const { generated, identity: own } = column;
  return [
    column.default === null ? "" : `DEFAULT ${column.default}`,
    generated === null
      ? ""
      : `GENERATED ALWAYS AS (${generated.expression}) ${generated.kind.toUpperCase()}`,
    own === null ? "" : identityClause(column, around.isTaken),
    column.notNull ? "NOT NULL" : "",
  ].filter((part) => part !== "");
}

/** The statements for what a column clause cannot say: storage, compression, statistics, options. */
export function columnDetails(
  column: ColumnObject,
  around: Surroundings,
  before: Pick<ColumnObject, "storage" | "compression" | "statistics" | "options"> = {
    storage: null,
    compression: null,
    statistics: null,
    options: {},
  },
): DdlStatement[] {
  const alter = `${onTable(column, around)} ALTER COLUMN ${ident(column.name)}`;
  const table = relationIdentity(column);
  const steps: DdlStatement[] = [];
  if (before.storage !== column.storage) {
    const word = column.storage ?? usualStorage(column, around);
    steps.push(statement(`${alter} SET STORAGE ${word}`, locks("ACCESS EXCLUSIVE", table)));
  }
  if (before.compression !== column.compression) {
    steps.push(
      statement(
        `${alter} SET COMPRESSION ${column.compression ?? "default"}`,
        locks("ACCESS EXCLUSIVE", table),
      ),
    );
  }
  if (before.statistics !== column.statistics) {
    steps.push(
      statement(
        `${alter} SET STATISTICS ${column.statistics ?? -1}`,
        locks("SHARE UPDATE EXCLUSIVE", table),
      ),
    );
  }
  const gone = Object.keys(before.options).filter((name) => !Object.hasOwn(column.options, name));
  if (gone.length > 0) {
    steps.push(
      statement(
        `${alter} RESET (${gone.map(ident).join(", ")})`,
        locks("SHARE UPDATE EXCLUSIVE", table),
      ),
    );
  }
  if (!sameJson(before.options, column.options) && Object.keys(column.options).length > 0) {
    steps.push(
      statement(
        `${alter} SET (${parameters(column.options)})`,
        locks("SHARE UPDATE EXCLUSIVE", table),
      ),
    );
  }
  return steps;
}

const PLAIN = new Set(["int2", "int4", "int8", "bool", "float4", "float8", "date", "uuid", "time"]);

// Before 16 there is no SET STORAGE DEFAULT, so the type's own has to be known.
function usualStorage(column: ColumnObject, { catalog }: Surroundings): string {
  const type = baseType(column.type, catalog);
  if (catalog.objects.has(identity("enum", [type.schema ?? "", type.name]))) return "PLAIN";
  if (type.dimensions > 0) return "EXTENDED";
  if (type.name === "numeric" || type.name === "inet" || type.name === "cidr") return "MAIN";
  return PLAIN.has(type.name) || type.name.startsWith("timestamp") ? "PLAIN" : "EXTENDED";
}

/** A column right after it got another type, which brings its own storage. */
export function withoutStorage(column: ColumnObject): ColumnObject {
  return { ...column, storage: null, compression: null };
}

/** Sets a default; ONLY, as what inherits from the table has a default of its own. */
export function setDefault(column: ColumnObject, around: Surroundings): DdlStatement {
  const view = isViewColumn(column, around);
  const kind = view ? "VIEW" : "TABLE ONLY";
  const what = column.default === null ? "DROP DEFAULT" : `SET DEFAULT ${column.default}`;
  return statement(
    `ALTER ${kind} ${qualified(column.schema, column.table)} ALTER COLUMN ${
      ident(column.name)
    } ${what}`,
    locks("ACCESS EXCLUSIVE", relationIdentity(column)),
  );
}

function isViewColumn(column: ColumnObject, around: Surroundings): boolean {
  return around.catalog.objects.has(identity("view", [column.schema, column.table]));
}

function isRelationOf(kind: "view" | "materialized view", column: ColumnObject, a: Surroundings) {
  return a.catalog.objects.has(identity(kind, [column.schema, column.table]));
}

/** How columns are written. Those of new tables are written with the table. */
export const columns: DdlOf<ColumnObject> = {
  create: (one, around) => {
    if (isRelationOf("view", one, around)) {
      return one.default === null ? [] : [setDefault(one, around)];
    }
    if (isRelationOf("materialized view", one, around)) return columnDetails(one, around);
    const table = relationIdentity(one);
    const writes = one.identity !== null || one.generated?.kind === "stored" ||
      one.default !== null && isVolatile(one.default);
    const needsRows = one.notNull && one.default === null && one.identity === null &&
      one.generated === null;
    return [
      statement(`${onTable(one, around)} ADD COLUMN ${columnClause(one, around)}`, {
        ...locks("ACCESS EXCLUSIVE", table),
        rewrites: writes,
        scans: writes,
        note: needsRows ? "Fails where the table has rows, as the column is NOT NULL" : null,
      }),
      ...columnDetails(one, around),
    ];
  },
  drop: (one, around) => [
    statement(`${onTable(one, around, around.goesAlone(one))} DROP COLUMN ${ident(one.name)}`, {
      ...locks("ACCESS EXCLUSIVE", relationIdentity(one)),
      ...(one.generated === null
        ? loses(
          `the values of ${qualified(one.schema, one.table)}.${ident(one.name)}`,
          `SELECT count(*) FROM ${qualified(one.schema, one.table)} WHERE ${
            ident(one.name)
          } IS NOT NULL`,
        )
        : {}),
    }),
  ],
  alter: (before, after, around) => {
    if (isRelationOf("view", after, around)) {
      return before.default === after.default ? [] : [setDefault(after, around)];
    }
    if (isRelationOf("materialized view", after, around)) {
      return columnDetails(after, around, before);
    }
    return [
      ...generationGone(before, after, around),
      ...typeChange(before, after, around),
      ...identityGone(before, after, around),
      ...defaultChange(before, after, around),
      ...nullability(before, after, around),
      ...identityChange(before, after, around),
      ...columnDetails(after, around, isRetyped(before, after) ? withoutStorage(before) : before),
      ...foreignChange(before, after, around),
    ];
  },
  rename: (before, after) => [
    statement(
      `ALTER TABLE ${qualified(after.schema, after.table)} RENAME COLUMN ${ident(before.name)} TO ${
        ident(after.name)
      }`,
      {
        ...locks("ACCESS EXCLUSIVE", relationIdentity(after)),
        note: "Programs that still use the old name fail from here on",
      },
    ),
  ],
};

function typeChange(before: ColumnObject, after: ColumnObject, around: Surroundings) {
  if (!isRetyped(before, after)) return [];
  // a default is cast along only if it can be, so it goes first and comes back in its own words
  const drops = before.default === null || before.generated !== null
    ? []
    : [setDefault({ ...before, default: null }, around)];
  return [...drops, retype(before, after, around)];
}

function defaultChange(before: ColumnObject, after: ColumnObject, around: Surroundings) {
  const isGone = isRetyped(before, after) || before.generated !== null;
  const current = isGone ? null : before.default;
  return current === after.default ? [] : [setDefault(after, around)];
}

function generationGone(before: ColumnObject, after: ColumnObject, around: Surroundings) {
  if (before.generated === null || after.generated !== null) return [];
  return [
    statement(
      `${onTable(after, around)} ALTER COLUMN ${ident(after.name)} DROP EXPRESSION`,
      locks("ACCESS EXCLUSIVE", relationIdentity(after)),
    ),
  ];
}

function identityGone(before: ColumnObject, after: ColumnObject, around: Surroundings) {
  if (before.identity === null || after.identity !== null) return [];
  return [
    statement(`${onTable(after, around)} ALTER COLUMN ${ident(after.name)} DROP IDENTITY`, {
      ...locks("ACCESS EXCLUSIVE", relationIdentity(after)),
      ...loses(
        `the value that the identity of ${qualified(after.schema, after.table)}.${
          ident(after.name)
        } has reached`,
      ),
    }),
  ];
}

function identityChange(before: ColumnObject, after: ColumnObject, around: Surroundings) {
  const [from, to] = [before.identity, after.identity];
  if (to === null) return [];
  const alter = `${onTable(after, around)} ALTER COLUMN ${ident(after.name)}`;
  const table = relationIdentity(after);
  if (from === null) {
    const { schema, table: on, name: own } = after;
    return [
      statement(
        `${alter} ADD ${identityClause(after, around.isTaken)}`,
        locks("ACCESS EXCLUSIVE", table),
      ),
      // rows that are there keep their values, so the sequence goes on after them
      ...(around.isOld(table)
        ? [catchUp(to.sequence, { schema, table: on, column: own }, to.options, table)]
        : []),
      ...(to.comment === null ? [] : [identityComment(after)]),
    ];
  }
  const steps: DdlStatement[] = [];
  if (!sameJson(from.sequence, to.sequence)) {
    steps.push(
      statement(
        `ALTER SEQUENCE ${qualified(from.sequence.schema, from.sequence.name)} RENAME TO ${
          ident(to.sequence.name)
        }`,
        locks("ACCESS EXCLUSIVE", table),
      ),
    );
  }
  const changes = changedSequence(from.options, to.options).map((text) => `SET ${text}`);
  if (from.generation !== to.generation) {
    changes.unshift(`SET GENERATED ${to.generation === "always" ? "ALWAYS" : "BY DEFAULT"}`);
  }
  if (changes.length > 0) {
    steps.push(
      ...intoBounds(to.sequence, from.options, to.options, table),
      statement(`${alter} ${changes.join(" ")}`, locks("ACCESS EXCLUSIVE", table)),
    );
  }
  if (from.comment !== to.comment) {
    steps.push(identityComment(after));
  }
  return steps;
}

/** Sets the comment on the sequence behind an identity. */
export function identityComment(column: ColumnObject): DdlStatement {
  const { sequence, comment } = column.identity!;
  return statement(
    `COMMENT ON SEQUENCE ${qualified(sequence.schema, sequence.name)} IS ${
      comment === null ? "NULL" : literal(comment)
    }`,
  );
}

function nullability(before: ColumnObject, after: ColumnObject, around: Surroundings) {
  if (before.notNull === after.notNull) return [];
  const table = relationIdentity(after);
  const alter = `${onTable(after, around)} ALTER COLUMN ${ident(after.name)}`;
  if (!after.notNull) {
    return [statement(`${alter} DROP NOT NULL`, locks("ACCESS EXCLUSIVE", table))];
  }
  const set = statement(`${alter} SET NOT NULL`, {
    ...locks("ACCESS EXCLUSIVE", table),
    scans: around.isOld(table),
    note: `Fails while a row has NULL in it: SELECT count(*) FROM ${
      qualified(after.schema, after.table)
    } WHERE ${ident(after.name)} IS NULL`,
  });
  const isForeign = onTable(after, around).includes("FOREIGN");
  if (!around.safe || !around.isOld(table) || isForeign) return [set];
  // a validated check proves it, so that SET NOT NULL need not look at the rows under its lock
  const check = ident(checkName(after));
  const on = `${onTable(after, around)}`;
  return [
    statement(
      `${on} ADD CONSTRAINT ${check} CHECK (${ident(after.name)} IS NOT NULL) NOT VALID`,
      locks("ACCESS EXCLUSIVE", table),
    ),
    statement(`${on} VALIDATE CONSTRAINT ${check}`, {
      ...locks("SHARE UPDATE EXCLUSIVE", table),
      scans: true,
      transactional: false,
      note: set.note,
    }),
    { ...set, scans: false, note: null },
    statement(`${on} DROP CONSTRAINT ${check}`, locks("ACCESS EXCLUSIVE", table)),
  ];
}

// The name is cut by bytes, as the server would.
function checkName(column: ColumnObject): string {
  let base = column.name;
  while (new TextEncoder().encode(base).length > 45) base = Array.from(base).slice(0, -1).join("");
  return `${base}_is_set_for_now`;
}

function foreignChange(before: ColumnObject, after: ColumnObject, around: Surroundings) {
  const changed = changedOptions(before.foreignOptions, after.foreignOptions);
  if (changed === "") return [];
  return [
    statement(
      `${onTable(after, around)} ALTER COLUMN ${ident(after.name)} OPTIONS (${changed})`,
      locks("ACCESS EXCLUSIVE", relationIdentity(after)),
    ),
  ];
}
