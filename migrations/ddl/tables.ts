import { identity, identityOf } from "../../src/catalog/identity.ts";
import type { ColumnObject, TableObject } from "../../src/catalog/types.ts";
import { columnClause, columnConstraints, columnDetails } from "./columns.ts";
import { constraintClause } from "./constraints.ts";
import type { DdlOf, Surroundings } from "./ddl_kind.ts";
import { locks, loses, statement } from "./make.ts";
import {
  changedOptions,
  foreignOptions,
  ident,
  parameterName,
  parameters,
  qualified,
} from "./quote.ts";
import type { DdlStatement } from "./statement.ts";

const alterTable = (one: TableObject): string =>
  `ALTER ${one.foreign === null ? "" : "FOREIGN "}TABLE ${qualified(one.schema, one.name)}`;

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function members(one: TableObject, around: Surroundings): string[] {
  const columns = around.columnsOf(one.schema, one.name);
  const constraints = around.inlineOf(one.schema, one.name).map(constraintClause);
  if (one.ofType !== null) {
    const changed = columns.map((column) => ({
      column,
      words: columnConstraints(column, around),
    })).filter(({ words }) => words.length > 0);
    return [
      ...changed.map(({ column, words }) =>
        `${ident(column.name)} WITH OPTIONS ${words.join(" ")}`
      ),
      ...constraints,
    ];
  }
  // a partition is made alone and then attached, so its columns are its own
  const own = columns.filter((column) => column.local || one.partitionOf !== null);
  return [...own.map((column) => columnClause(column, around)), ...constraints];
}

function createTable(one: TableObject, around: Surroundings): string {
  const list = members(one, around);
  const columns = list.length === 0 ? "()" : `(\n  ${list.join(",\n  ")}\n)`;
  const typed = one.ofType !== null;
  const parents = one.inherits.map((parent) => qualified(parent.schema, parent.table)).join(", ");
  const method = one.accessMethod === null || one.accessMethod === "heap" ? "" : one.accessMethod;
  const options = one.foreign === null ? "" : foreignOptions(one.foreign.options);
  const words = { permanent: "", unlogged: "UNLOGGED ", temporary: "TEMPORARY " };
  return [
    `CREATE ${words[one.persistence]}${one.foreign === null ? "" : "FOREIGN "}TABLE`,
    qualified(one.schema, one.name),
    typed ? `OF ${qualified(one.ofType.schema, one.ofType.name)}` : "",
    typed && list.length === 0 ? "" : columns,
    parents === "" ? "" : `INHERITS (${parents})`,
    one.partitionBy === null ? "" : `PARTITION BY ${one.partitionBy}`,
    method === "" ? "" : `USING ${ident(method)}`,
    Object.keys(one.storage).length === 0 ? "" : `WITH (${parameters(one.storage)})`,
    one.tablespace === null ? "" : `TABLESPACE ${ident(one.tablespace)}`,
    one.foreign === null ? "" : `SERVER ${ident(one.foreign.server)}`,
    options === "" ? "" : `OPTIONS (${options})`,
  ].filter((part) => part !== "").join(" ");
}

/** The columns that a table inherits and that differ from what they inherit. */
function overrides(one: TableObject, around: Surroundings): DdlStatement[] {
  if (one.inherits.length === 0) return [];
  const inherited = around.columnsOf(one.schema, one.name).filter((column) => !column.local);
  return inherited.flatMap((column) => {
    const parent = parentColumn(one, column, around);
    const steps: DdlStatement[] = [];
    const alter = `${alterTable(one)} ALTER COLUMN ${ident(column.name)}`;
    if (parent === null || column.generated !== null) return steps;
    if (parent.default !== column.default) {
      steps.push(
        statement(
          `${alter} ${column.default === null ? "DROP DEFAULT" : `SET DEFAULT ${column.default}`}`,
        ),
      );
    }
    if (!parent.notNull && column.notNull) steps.push(statement(`${alter} SET NOT NULL`));
    return steps;
  });
}

function parentColumn(
  one: TableObject,
  column: ColumnObject,
  around: Surroundings,
): ColumnObject | null {
  for (const parent of one.inherits) {
    const found = around.catalog.objects.get(
      identity("column", [parent.schema, parent.table, column.name]),
    );
    if (found?.kind === "column") return found;
  }
  return null;
}

function rowSecurity(before: TableObject["rowSecurity"], after: TableObject): DdlStatement[] {
  const table = identityOf(after);
  const steps: DdlStatement[] = [];
  if (before.enabled !== after.rowSecurity.enabled) {
    steps.push(
      statement(
        `${alterTable(after)} ${
          after.rowSecurity.enabled ? "ENABLE" : "DISABLE"
        } ROW LEVEL SECURITY`,
        {
          ...locks("ACCESS EXCLUSIVE", table),
          note: after.rowSecurity.enabled
            ? "From here on other roles than the owner see only what a policy lets them"
            : "From here on every role sees all rows",
        },
      ),
    );
  }
  if (before.forced !== after.rowSecurity.forced) {
    steps.push(
      statement(
        `${alterTable(after)} ${
          after.rowSecurity.forced ? "FORCE" : "NO FORCE"
        } ROW LEVEL SECURITY`,
        locks("ACCESS EXCLUSIVE", table),
      ),
    );
  }
  return steps;
}

/** What a table says of its indexes, to be set once they are there. */
export function tableIndexes(
  after: TableObject,
  before: Pick<TableObject, "replicaIdentity" | "clusterOn">,
): DdlStatement[] {
  const steps: DdlStatement[] = [];
  // a foreign table has none, and cannot be given one
  if (after.foreign === null && !sameJson(before.replicaIdentity, after.replicaIdentity)) {
    const to = typeof after.replicaIdentity === "string"
      ? after.replicaIdentity.toUpperCase()
      : `USING INDEX ${ident(after.replicaIdentity.index)}`;
    steps.push(
      statement(
        `${alterTable(after)} REPLICA IDENTITY ${to}`,
        locks("ACCESS EXCLUSIVE", identityOf(after)),
      ),
    );
  }
  if (before.clusterOn !== after.clusterOn) {
    steps.push(
      statement(
        `${alterTable(after)} ${
          after.clusterOn === null ? "SET WITHOUT CLUSTER" : `CLUSTER ON ${ident(after.clusterOn)}`
        }`,
        locks("SHARE UPDATE EXCLUSIVE", identityOf(after)),
      ),
    );
  }
  return steps;
}

/** Makes a table a partition of its parent. */
function attach(one: TableObject, around: Surroundings): DdlStatement {
  const parent = one.partitionOf!;
  const isOld = around.isOld(identityOf(one));
  return statement(
    `ALTER TABLE ${qualified(parent.schema, parent.table)} ATTACH PARTITION ${
      qualified(one.schema, one.name)
    } ${parent.bound}`,
    {
      ...(isOld
        ? locks("ACCESS EXCLUSIVE", identityOf(one))
        : locks("SHARE UPDATE EXCLUSIVE", identity("table", [parent.schema, parent.table]))),
      scans: isOld,
    },
  );
}

/** Makes a partition a table by itself. */
function detach(one: TableObject): DdlStatement {
  const parent = one.partitionOf!;
  return statement(
    `ALTER TABLE ${qualified(parent.schema, parent.table)} DETACH PARTITION ${
      qualified(one.schema, one.name)
    }`,
    locks("ACCESS EXCLUSIVE", identity("table", [parent.schema, parent.table])),
  );
}

function storageChange(before: TableObject, after: TableObject): DdlStatement[] {
  const alter = alterTable(after);
  const lock = locks("SHARE UPDATE EXCLUSIVE", identityOf(after));
  const gone = Object.keys(before.storage).filter((one) => !Object.hasOwn(after.storage, one));
  const set = Object.entries(after.storage).filter(([name, value]) =>
    before.storage[name] !== value
  );
  return [
    ...(gone.length === 0
      ? []
      : [statement(`${alter} RESET (${gone.map(parameterName).join(", ")})`, lock)]),
    ...(set.length === 0
      ? []
      : [statement(`${alter} SET (${parameters(Object.fromEntries(set))})`, lock)]),
  ];
}

const isAmong = (
  list: TableObject["inherits"],
  one: TableObject["inherits"][number],
): boolean => list.some((other) => sameJson(other, one));

const inherit = (
  table: TableObject,
  word: string,
  one: TableObject["inherits"][number],
): DdlStatement =>
  statement(
    `${alterTable(table)} ${word} ${qualified(one.schema, one.table)}`,
    locks("ACCESS EXCLUSIVE", identityOf(table)),
  );

/** Takes a table out of the parents that it has no longer. */
export function leaveParents(before: TableObject, after: TableObject): DdlStatement[] {
  const gone = before.inherits.filter((one) => !isAmong(after.inherits, one));
  const detached = before.partitionOf !== null && !sameJson(before.partitionOf, after.partitionOf);
  return [
    ...(detached ? [detach(before)] : []),
    ...gone.map((one) => inherit(before, "NO INHERIT", one)),
  ];
}

/** Puts a table into the parents that it is new to, once its columns are as theirs. */
export function joinParents(
  before: Pick<TableObject, "inherits" | "partitionOf">,
  after: TableObject,
  around: Surroundings,
): DdlStatement[] {
  const added = after.inherits.filter((one) => !isAmong(before.inherits, one));
  const attached = after.partitionOf !== null && !sameJson(before.partitionOf, after.partitionOf);
  return [
    ...added.map((one) => inherit(after, "INHERIT", one)),
    ...(attached ? [attach(after, around)] : []),
  ];
}

function place(before: TableObject, after: TableObject): DdlStatement[] {
  const lock = locks("ACCESS EXCLUSIVE", identityOf(after));
  const rewrite = { ...lock, rewrites: true, scans: true };
  const alter = alterTable(after);
  const steps: DdlStatement[] = [];
  if (before.persistence !== after.persistence) {
    const word = after.persistence === "unlogged" ? "UNLOGGED" : "LOGGED";
    steps.push(statement(`${alter} SET ${word}`, rewrite));
  }
  if (before.accessMethod !== after.accessMethod && after.accessMethod !== null) {
    steps.push(statement(`${alter} SET ACCESS METHOD ${ident(after.accessMethod)}`, rewrite));
  }
  if (before.tablespace !== after.tablespace) {
    steps.push(
      statement(`${alter} SET TABLESPACE ${ident(after.tablespace ?? "pg_default")}`, rewrite),
    );
  }
  if (!sameJson(before.ofType, after.ofType)) {
    const word = after.ofType === null
      ? "NOT OF"
      : `OF ${qualified(after.ofType.schema, after.ofType.name)}`;
    steps.push(statement(`${alter} ${word}`, lock));
  }
  if (before.foreign !== null && after.foreign !== null) {
    const changed = changedOptions(before.foreign.options, after.foreign.options);
    if (changed !== "") steps.push(statement(`${alter} OPTIONS (${changed})`, lock));
  }
  return steps;
}

/** How tables are written. What needs an index or the parent of a partition is told apart. */
export const tables: DdlOf<TableObject> = {
  create: (one, around) => [
    statement(createTable(one, around)),
    ...overrides(one, around),
    ...around.columnsOf(one.schema, one.name)
      .filter((column) => column.local || one.partitionOf !== null)
      .flatMap((column) => columnDetails(column, around)),
    ...rowSecurity({ enabled: false, forced: false }, one),
  ],
  drop: (one) => [
    statement(
      `DROP ${one.foreign === null ? "" : "FOREIGN "}TABLE ${qualified(one.schema, one.name)}`,
      {
        ...locks("ACCESS EXCLUSIVE", identityOf(one)),
        ...(one.foreign === null
          ? loses(
            `all rows of ${qualified(one.schema, one.name)}`,
            `SELECT count(*) FROM ${qualified(one.schema, one.name)}`,
          )
          : {}),
      },
    ),
  ],
  alter: (before, after) => [
    ...place(before, after),
    ...storageChange(before, after),
    ...rowSecurity(before.rowSecurity, after),
  ],
  rename: (before, after) => [
    statement(
      `ALTER ${after.foreign === null ? "" : "FOREIGN "}TABLE ${
        qualified(before.schema, before.name)
      } RENAME TO ${ident(after.name)}`,
      {
        ...locks("ACCESS EXCLUSIVE", identityOf(before)),
        note: "Programs that still use the old name fail from here on",
      },
    ),
  ],
};
