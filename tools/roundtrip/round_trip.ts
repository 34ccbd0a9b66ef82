/** One schema: database -> code -> empty database. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { generate } from "../../generator/mod.ts";
import { introspect } from "../../generator/introspect/introspect.ts";
import { modelsIn } from "../../migrations/declare/objects.ts";
import { readDeclared } from "../../migrations/declare/read_declared.ts";
import { readObjects } from "../../migrations/objects/read.ts";
import { makemigrations } from "../../migrations/makemigrations.ts";
import { buildScript } from "../../migrations/plan/plan.ts";
import { normalise } from "../../migrations/shadow/normalise.ts";
import { withShadow } from "../../migrations/shadow/shadow.ts";
import { type Catalog, objectsOf } from "../../src/catalog/catalog.ts";
import { closeAll, registerDatabase } from "../../src/connect.ts";
import type { Driver } from "../../src/driver/port.ts";
import { type TestDatabase, testDatabase } from "../../tests/support/database.ts";
import type { TestServer } from "../../tests/support/servers.ts";
import { ROOT } from "../project.ts";
import type { SchemaEntry } from "../conformance_schemas.ts";
import { compare, type KindCount } from "./compare.ts";
import { canDump, dump, dumpDifferences } from "./dump.ts";
import { withoutMetaCommands } from "./psql.ts";

/** What became of it. */
export interface Outcome {
  readonly byKind: ReadonlyMap<string, KindCount>;
  /** What is not the same in the new database. */
  readonly differences: readonly string[];
  /** How many objects read otherwise at first and the same after one way through a server. */
  readonly reworded: number;
  /** What the catalog cannot describe. */
  readonly unmodelled: readonly { readonly what: string; readonly name: string }[];
  /** What a second run of the generator would do. */
  readonly again: readonly string[];
  /** What the declared state has otherwise than the live one, right after generating. */
  readonly diff: readonly string[];
  /** What a migration would change, right after generating. */
  readonly made: readonly string[];
  /** What only one of the two dumps says; null = there is no pg_dump for the server. */
  readonly dump: readonly string[] | null;
  readonly error: string | null;
  readonly seconds: number;
}

/** What the shadow's own database says otherwise than any live one. */
const OF_PLACE: ReadonlySet<string> = new Set(["owner", "version", "populated"]);

/** Goes the whole way; what throws ends up in the outcome. */
export async function roundTrip(
  entry: SchemaEntry,
  file: string,
  server: TestServer,
  keep: boolean,
): Promise<Outcome> {
  const started = performance.now();
  const work = await Deno.makeTempDir({ prefix: `matrx-roundtrip-${entry.name}-` });
  const found: { -readonly [Key in keyof Outcome]: Outcome[Key] } = {
    byKind: new Map(),
    differences: [],
    reworded: 0,
    unmodelled: [],
    again: [],
    diff: [],
    made: [],
    dump: null,
    error: null,
    seconds: 0,
  };
  await using source = await testDatabase(server, { folder: true });
  await using copy = await testDatabase(server, { folder: true });
  try {
    await runScript(source.driver, withoutMetaCommands(await Deno.readTextFile(file)));
    const { catalog: live } = await introspect(source.driver);
    const schemas = objectsOf(live, "schema").map(({ name }) => name);
    found.unmodelled = objectsOf(live, "unmodelled").map(({ what, name }) => ({ what, name }));
    // an embedded database in a folder has one opener at a time
    await source.driver.close();
    found.again = await generateTwice(source, schemas, work);
    found.made = await madeRightAfter(source, schemas, work);

    const declared = await declaredIn(work, source.url, schemas, live, found);
    await runStatements(copy.driver, buildScript(declared).steps.map(({ sql }) => sql));
    const { catalog: built } = await introspect(copy.driver);
    const raw = compare(live, built);
    const settled = raw.changed.length === 0
      ? raw
      : await comparedInShadow(source.url, live, built);
    found.reworded = raw.changed.length - settled.changed.length;
    found.byKind = settled.byKind;
    found.differences = settled.differences;
    if (canDump(live.serverVersion)) {
      found.dump = await comparedByDump(server, source.url, copy.url);
    }
  } catch (error) {
    found.error = error instanceof Error ? error.stack ?? error.message : String(error);
  } finally {
    await closeAll();
  }
  if (keep || found.error !== null) console.error(`${entry.name}: the output stays in ${work}`);
  else await Deno.remove(work, { recursive: true });
  return { ...found, seconds: (performance.now() - started) / 1000 };
}

async function generateTwice(
  source: TestDatabase,
  schema: readonly string[],
  work: string,
): Promise<string[]> {
  registerDatabase({ name: "main", url: source.url });
  const request = {
    schema,
    out: join(work, "models"),
    withObjects: true,
    objects: join(work, "objects"),
    importFrom: pathToFileURL(join(ROOT, "mod.ts")).href,
  };
  await generate(request);
  const again = await generate(request);
  await closeAll();
  return [...again.files, ...again.objects?.files ?? []]
    .filter(({ action }) => action !== "keep").map(({ path, action }) => `${action} ${path}`);
}

/** Makes a migration of the code that was just generated: there should be nothing to do. */
async function madeRightAfter(
  source: TestDatabase,
  schemas: readonly string[],
  work: string,
): Promise<string[]> {
  registerDatabase({ name: "main", url: source.url });
  const { changes } = await makemigrations({
    schemas,
    folder: join(work, "migrations"),
    models: join(work, "models"),
    objects: join(work, "objects"),
    dropUnmanaged: true,
    allowLoss: true,
    dryRun: true,
    onNotice: (line) => console.log(line),
  });
  await closeAll();
  return changes.map(({ action, kind, object }) => `${action} ${kind} ${object}`);
}

/** Reads what the code declares, and compares it with the live catalog, both through one shadow. */
async function declaredIn(
  work: string,
  target: string,
  schemas: readonly string[],
  live: Catalog,
  found: { diff: readonly string[] },
): Promise<Catalog> {
  const module = await import(pathToFileURL(join(work, "models/mod.ts")).href);
  const objects = await readObjects(join(work, "objects"));
  return await withShadow({ target, onNotice: (line) => console.log(line) }, async (shadow) => {
    const declaration = { models: modelsIn(module), objects };
    const declared = await readDeclared(shadow, declaration, { schemas });
    await shadow.reset();
    const comparable = await normalise(shadow, live, schemas);
    found.diff = compare(comparable, declared, new Set([...OF_PLACE])).differences
      .filter((text) => !/^(lost|extra|changed): unmodelled/.test(text));
    return declared;
  });
}

async function comparedInShadow(target: string, live: Catalog, built: Catalog) {
  return await withShadow({ target }, async (shadow) => {
    const before = await normalise(shadow, live);
    await shadow.reset();
    return compare(before, await normalise(shadow, built));
  });
}

/** A dump that was loaded is worded as the copy is: both went through a server once more. */
async function comparedByDump(server: TestServer, source: string, copy: string): Promise<string[]> {
  await using again = await testDatabase(server);
  await runScript(again.driver, withoutMetaCommands(await dump(source)));
  const [before, after] = [await dump(again.url), await dump(copy)];
  return dumpDifferences(before, after);
}

/** On one connection: the script has settings of its own. */
async function runStatements(driver: Driver, statements: readonly string[]): Promise<void> {
  const connection = await driver.acquire();
  try {
    for (const sql of statements) {
      await connection.script(sql).catch((cause) => {
        throw new Error(`the script fails at: ${sql.slice(0, 300)}`, { cause });
      });
    }
  } finally {
    connection.release();
  }
}

async function runScript(driver: Driver, text: string): Promise<void> {
  const connection = await driver.acquire();
  try {
    await connection.script(text);
  } finally {
    // a dump leaves its settings behind; the embedded database has one connection for all
    connection.release({ broken: driver.capabilities.concurrentConnections });
  }
}
