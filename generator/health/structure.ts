/** What the structure of a database says about its health. */
import { type Catalog, objectsOf } from "../../src/catalog/catalog.ts";
import { amiss, counted, type Finding, ok } from "./finding.ts";

/** Looks for what hinders models, or was left half done by a change. */
export function checkStructure(catalog: Catalog): Finding[] {
  return [tablesWithoutKey, invalidIndexes, unprovenConstraints, unindexedKeys, extensions]
    .map((check) => check(catalog));
}

function tablesWithoutKey(catalog: Catalog): Finding {
  const keyed = new Set(
    objectsOf(catalog, "constraint").filter(({ type }) => type === "primary").map(tableOf),
  );
  const bare = objectsOf(catalog, "table")
    .filter(({ partitionOf, extension }) => partitionOf === null && extension === null)
    .map(({ schema, name }) => `${schema}.${name}`)
    .filter((name) => !keyed.has(name));
  if (bare.length === 0) return ok("primary keys", "every table has one");
  return amiss(
    "warning",
    "primary keys",
    `${counted(bare.length, "table")} without one`,
    "Rows of such a table cannot be saved or deleted one by one: add a primary key",
    bare,
  );
}

function invalidIndexes(catalog: Catalog): Finding {
  const invalid = objectsOf(catalog, "index").filter(({ valid }) => !valid)
    .map(({ schema, name }) => `${schema}.${name}`);
  if (invalid.length === 0) return ok("indexes", "all are valid");
  return amiss(
    "problem",
    "indexes",
    `${counted(invalid.length, "index", "indexes")} invalid, as a failed CREATE INDEX ` +
      "CONCURRENTLY leaves them",
    "They cost every write and serve no read: drop each and create it again, or REINDEX INDEX " +
      "CONCURRENTLY it",
    invalid,
  );
}

function unprovenConstraints(catalog: Catalog): Finding {
  const unproven = objectsOf(catalog, "constraint")
    .filter(({ validated, enforced }) => !validated && enforced)
    .map((one) => `${tableOf(one)}.${one.name}`);
  if (unproven.length === 0) return ok("constraints", "all are validated");
  return amiss(
    "warning",
    "constraints",
    `${counted(unproven.length, "constraint")} NOT VALID: older rows may break them`,
    "Run ALTER TABLE ... VALIDATE CONSTRAINT ..., which takes no lock against reads and writes",
    unproven,
  );
}

/** A foreign key without an index makes each delete of a referenced row, and each inverse relation, a scan. */
function unindexedKeys(catalog: Catalog): Finding {
  const led = new Map<string, string[][]>();
  const note = (table: string, columns: readonly string[]) =>
    led.set(table, [...led.get(table) ?? [], [...columns]]);
  for (const index of objectsOf(catalog, "index")) {
    if (index.where !== null || !index.valid) continue;
    const columns = index.keys.map(({ column }) => column);
    const end = columns.indexOf(null);
    note(tableOf(index), (end < 0 ? columns : columns.slice(0, end)) as string[]);
  }
  for (const one of objectsOf(catalog, "constraint")) {
    if (one.type === "primary" || one.type === "unique") note(tableOf(one), one.columns);
  }
  const bare = objectsOf(catalog, "constraint").filter((one) => {
    if (one.type !== "foreign") return false;
    const { columns } = one;
    return !(led.get(tableOf(one)) ?? []).some((lead) =>
      columns.every((name) => lead.slice(0, columns.length).includes(name))
    );
  }).map((one) => `${tableOf(one)}.${one.name}`);
  if (bare.length === 0) {
    return ok("foreign keys", "each has an index that begins with its columns");
  }
  return amiss(
    "warning",
    "foreign keys",
    `${counted(bare.length, "foreign key")} without an index`,
    "Inverse relations and deletes of what they reference read the whole table: index the columns",
    bare,
  );
}

function extensions(catalog: Catalog): Finding {
  const names = objectsOf(catalog, "extension").map(({ name, version }) => `${name} ${version}`);
  return ok("extensions", names.length === 0 ? "none" : names.join(", "));
}

function tableOf({ schema, table }: { readonly schema: string; readonly table: string }): string {
  return `${schema}.${table}`;
}
