/**
 * Generates code for each schema of a folder, checks its types, opens every model, generates again.
 *
 * Usage: `deno task conformance:generate [--schema NAME]... [--explicit] [--managers]`. The folder is
 * `schemas` in `MATRX_DATA`, by default `../shared/data`; its index.json names the files and the versions
 * they load on. `--managers` writes views and managers too, and calls the methods of these on the
 * database. `--explicit` generates with explicit types and checks under isolatedDeclarations.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { generate, type GenerateResult } from "../generator/mod.ts";
import { closeAll, registerDatabase } from "../src/connect.ts";
import { type TestDatabase, testDatabase } from "../tests/support/database.ts";
import { type ServerKind, testServer } from "../tests/support/servers.ts";
import { checkTypes, openModels, prepareFolder } from "./conformance_code.ts";
import { type CalledManagers, callManagers } from "./conformance_managers.ts";
import { chosenSchemas, EMBEDDED, type SchemaEntry, SCHEMAS } from "./conformance_schemas.ts";
import { printTable } from "./conformance_table.ts";
import { withoutMetaCommands } from "./roundtrip/psql.ts";

interface Outcome {
  readonly result: GenerateResult | undefined;
  readonly checkSeconds: number | undefined;
  readonly opened: number;
  /** Undefined without managers. */
  readonly called: CalledManagers | undefined;
  readonly failures: readonly string[];
}

const { values } = parseArgs({
  options: {
    schema: { type: "string", multiple: true },
    explicit: { type: "boolean", default: false },
    managers: { type: "boolean", default: false },
  },
});
const entries = await chosenSchemas(values.schema);

function kindFor(entry: SchemaEntry): ServerKind {
  if (EMBEDDED.has(entry.name)) return "pglite";
  return Math.max(...entry.loads_on) >= 18 ? "pg18" : "pg15";
}

async function load(db: TestDatabase, entry: SchemaEntry): Promise<string[]> {
  const connection = await db.driver.acquire();
  await connection.script(withoutMetaCommands(await Deno.readTextFile(join(SCHEMAS, entry.file))));
  // qualified: a dump may leave an empty search_path behind
  const { rows } = await connection.query({
    text: `select nspname from pg_catalog.pg_namespace
      where nspname <> 'information_schema' and nspname !~ '^pg_' order by nspname`,
    params: [],
  });
  connection.release({ broken: true });
  await db.driver.close();
  return rows.map(([name]) => name!);
}

async function conform(entry: SchemaEntry, kind: ServerKind): Promise<Outcome> {
  const failures: string[] = [];
  const how = { explicit: values.explicit, managers: values.managers };
  const work = await Deno.makeTempDir({ prefix: `matrx-conformance-${entry.name}-` });
  const out = join(work, "models");
  let result: GenerateResult | undefined;
  let checkSeconds: number | undefined;
  let opened = 0;
  let called: CalledManagers | undefined;
  await using db = await testDatabase(await testServer(kind), { folder: true });
  try {
    const schema = await load(db, entry);
    registerDatabase({ name: "main", url: db.url });
    result = await generate({ schema, out, ...how });
    await prepareFolder(work, values.explicit);
    const again = await generate({ schema, out, ...how });
    for (const { path, action } of again.files) {
      if (action !== "keep") failures.push(`the second run would ${action} ${path}`);
    }
    await closeAll();
    const checked = await checkTypes(
      work,
      "models",
      values.managers ? ["mod.ts", "managers.ts"] : ["mod.ts"],
    );
    checkSeconds = checked.seconds;
    failures.push(...checked.failures);
    if (checked.failures.length === 0) {
      const models = await openModels(work, db.url);
      opened = models.opened;
      failures.push(...models.failures);
      if (opened !== result.models.length) {
        failures.push(`${opened} of ${result.models.length} models opened`);
      }
      if (values.managers) {
        called = await callManagers(work, db.url);
        failures.push(...called.failures);
      }
    }
  } catch (error) {
    failures.push(error instanceof Error ? error.stack ?? error.message : String(error));
  } finally {
    await closeAll();
  }
  if (failures.length === 0) await Deno.remove(work, { recursive: true });
  else console.error(`${entry.name}: the output stays in ${work}`);
  return { result, checkSeconds, opened, called, failures };
}

const rows: Record<string, string | number>[] = [];
let failed = 0;
for (const entry of entries) {
  const kind = kindFor(entry);
  const server = await testServer(kind);
  if (server.skip !== false) {
    console.log(`skipped: ${entry.name}: ${server.skip}`);
    continue;
  }
  const { result, checkSeconds, opened, called, failures } = await conform(entry, kind);
  const counts = result?.counts;
  rows.push({
    schema: entry.name,
    server: kind,
    tables: counts?.tables ?? "-",
    views: counts?.views ?? "-",
    models: opened,
    FKs: counts?.foreignKeys ?? "-",
    relations: counts === undefined
      ? "-"
      : counts.foreignKeys + counts.inverseForeignKeys + counts.manyToMany,
    seconds: result?.seconds.toFixed(1) ?? "-",
    check: checkSeconds?.toFixed(1) ?? "-",
    ...(values.managers
      ? {
        rows: called === undefined ? "-" : `${called.rows}/${called.tables}`,
        calls: called?.calls ?? "-",
        kinds: called?.kinds ?? "-",
      }
      : {}),
    failures: failures.length,
  });
  failed += failures.length === 0 ? 0 : 1;
  for (const failure of failures.slice(0, 20)) console.error(`${entry.name}: ${failure}`);
}
printTable(rows);
console.log(`\n${rows.length - failed} passed, ${failed} failed`);
if (failed > 0) Deno.exit(1);
