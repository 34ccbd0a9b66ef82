/** Brings a database to another one's state by way of generated code; for the conformance runs. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { generate } from "../generator/mod.ts";
import { readLive } from "../migrations/make/compare.ts";
import { makemigrations } from "../migrations/makemigrations.ts";
import { migrate } from "../migrations/apply/migrate.ts";
import { rollback } from "../migrations/apply/rollback.ts";
import { type Catalog, objectsOf } from "../src/catalog/catalog.ts";
import { closeDatabase, registerDatabase } from "../src/connect.ts";
import type { TestDatabase } from "../tests/support/database.ts";
import { differences, LEFT_OUT } from "./conformance_changes.ts";
import { ROOT } from "./project.ts";

/** A database, and what was read of it. */
export interface State {
  readonly db: TestDatabase;
  readonly catalog: Catalog;
}

let count = 0;

/**
 * Generates models and SQL objects from `b`, makes a migration of them for the database of `a`, runs it
 * and takes it back, and says what is not as it should be after each.
 *
 * Where a catalog differs from the one it should be, `anew` gives both as a server words them that
 * builds them: some expressions come back otherwise than they were given.
 */
export async function changeThroughCode(
  a: State,
  b: State,
  anew: (catalog: Catalog) => Promise<Catalog>,
): Promise<string[]> {
  const name = `pair_${++count}`;
  const work = await Deno.makeTempDir({ prefix: `matrx-${name}-` });
  const [from, to] = [`${name}_a`, `${name}_b`];
  const folder = join(work, "migrations");
  const sources = { models: join(work, "models"), objects: join(work, "objects") };
  const schemasOf = ({ catalog }: State) => objectsOf(catalog, "schema").map(({ name }) => name);
  registerDatabase({ name: from, url: a.db.url });
  registerDatabase({ name: to, url: b.db.url });
  try {
    await generate({
      database: to,
      nameDatabase: false,
      schema: schemasOf(b),
      out: sources.models,
      withObjects: true,
      objects: sources.objects,
      importFrom: pathToFileURL(join(ROOT, "mod.ts")).href,
    });
    const make = (schemas: readonly string[], dryRun: boolean) =>
      makemigrations({
        ...sources,
        driver: a.db.driver,
        folder,
        schemas,
        shadow: a.db.url,
        importFrom: pathToFileURL(join(ROOT, "migrations/mod.ts")).href,
        dropUnmanaged: true,
        allowLoss: true,
        dryRun,
      });
    const { name: made } = await make([...new Set([...schemasOf(a), ...schemasOf(b)])], false);
    if (made === null) return await faults(a.db, b.catalog, anew);
    await migrate({ database: from, folder });
    const up = await faults(a.db, b.catalog, anew);
    const again = await make(schemasOf(b), true);
    await rollback({ database: from, folder, to: "zero" });
    const back = await faults(a.db, a.catalog, anew);
    return [
      ...up.map((line) => `up: ${line}`),
      ...again.changes.map(({ action, kind, object }) =>
        `a second migration would ${action} ${kind} ${object}`
      ),
      ...back.map((line) => `back: ${line}`),
    ];
  } finally {
    await closeDatabase(from);
    await closeDatabase(to);
    await Deno.remove(work, { recursive: true });
  }
}

/** Code says what there is; who owns it is whoever migrates. */
const OF_PLACE: ReadonlySet<string> = new Set([...LEFT_OUT, "owner"]);

async function faults(
  db: TestDatabase,
  wanted: Catalog,
  anew: (catalog: Catalog) => Promise<Catalog>,
): Promise<string[]> {
  const found = await readLive(db.driver);
  const lines = differences(found, wanted, OF_PLACE);
  if (!lines.some((line) => line.startsWith("changed "))) return lines;
  return differences(await anew(found), await anew(wanted), OF_PLACE);
}
