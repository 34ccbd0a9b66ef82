/**
 * For each schema of a folder: code from the database, an empty database from the code, both compared.
 *
 * Usage: `deno task conformance:roundtrip [--schema NAME]... [--server pg15|pg18] [--strict] [--keep]`.
 * The folder is `schemas` in `MATRX_DATA`, by default `../shared/data`. The comparison is made by the
 * catalog, object by object, and where pg_dump is found also by the dumps of both databases.
 * `--strict` fails a schema that has objects which the catalog cannot describe.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chosenSchemas, EMBEDDED, type SchemaEntry, SCHEMAS } from "./conformance_schemas.ts";
import { printTable } from "./conformance_table.ts";
import { type Outcome, roundTrip } from "./roundtrip/round_trip.ts";
import type { ServerKind } from "../tests/support/servers.ts";
import { testServer } from "../tests/support/servers.ts";

/** How many differences of a schema are told one by one. */
const MOST_TOLD = 15;

const { values } = parseArgs({
  options: {
    schema: { type: "string", multiple: true },
    server: { type: "string" },
    strict: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
  },
});
const entries = await chosenSchemas(values.schema);

/** PostgreSQL 15 where it can be had: its pg_dump is at hand. */
function serverFor(entry: SchemaEntry): ServerKind {
  if (EMBEDDED.has(entry.name)) return "pglite";
  if (values.server === "pg15" || values.server === "pg18") return values.server;
  return entry.loads_on.includes(15) ? "pg15" : "pg18";
}

const rows: Record<string, string | number>[] = [];
const kinds = new Map<string, { same: number; changed: number; lost: number; extra: number }>();
let failed = 0;
for (const entry of entries) {
  const kind = serverFor(entry);
  const server = await testServer(kind);
  if (server.skip !== false) {
    console.log(`skipped: ${entry.name}: ${server.skip}`);
    continue;
  }
  const outcome = await roundTrip(entry, join(SCHEMAS, entry.file), server, values.keep);
  const failures = failuresOf(outcome);
  failed += failures.length === 0 ? 0 : 1;
  for (const failure of failures.slice(0, MOST_TOLD)) console.error(`${entry.name}: ${failure}`);
  if (failures.length > MOST_TOLD) {
    console.error(`${entry.name}: and ${failures.length - MOST_TOLD} more`);
  }
  for (const { what, name } of outcome.unmodelled) {
    console.log(`${entry.name}: not described: ${what} ${name}`);
  }
  for (const [name, count] of outcome.byKind) {
    const sum = kinds.get(name) ?? { same: 0, changed: 0, lost: 0, extra: 0 };
    for (const key of ["same", "changed", "lost", "extra"] as const) sum[key] += count[key];
    kinds.set(name, sum);
  }
  const total = { same: 0, changed: 0, lost: 0, extra: 0 };
  for (const count of outcome.byKind.values()) {
    for (const key of ["same", "changed", "lost", "extra"] as const) total[key] += count[key];
  }
  rows.push({
    schema: entry.name,
    server: kind,
    ...total,
    reworded: outcome.reworded,
    undescribed: outcome.unmodelled.length,
    dump: outcome.dump === null ? "-" : outcome.dump.length,
    again: outcome.again.length,
    diff: outcome.diff.length,
    made: outcome.made.length,
    seconds: outcome.seconds.toFixed(1),
    result: failures.length === 0 ? "ok" : "FAILED",
  });
}

function failuresOf(outcome: Outcome): string[] {
  return [
    ...(outcome.error === null ? [] : [outcome.error]),
    ...outcome.differences,
    ...outcome.again.map((text) => `the second run would ${text}`),
    ...outcome.diff.map((text) => `right after generate there is a difference: ${text}`),
    ...outcome.made.map((text) => `a migration made right after generate would ${text}`),
    ...(outcome.dump ?? []).map((text) => `pg_dump: ${text}`),
    ...(values.strict
      ? outcome.unmodelled.map(({ what, name }) => `the catalog cannot describe ${what} ${name}`)
      : []),
  ];
}

console.log("");
printTable(rows);
console.log("");
printTable(
  [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => ({ kind, ...count })),
);
console.log(`\n${rows.length - failed} passed, ${failed} failed`);
if (failed > 0) Deno.exit(1);
