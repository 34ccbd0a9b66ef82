import { testServer } from "../support/servers.ts";
import { test } from "node:test";
import type { GenerationPlan } from "../../generator/generate.ts";
import { closeDatabase, registerDatabase } from "../../src/connect.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { ModelMeta } from "../../src/schema/meta.ts";
import { relationsOf } from "../../src/schema/relation_meta.ts";
import { metasOf } from "../support/compare.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { catalogAfter, emptyFolder, generateInto, importFrom } from "../support/generated.ts";

/** Models that were generated from a real database, which is registered as `main`. */
export interface World {
  // deno-lint-ignore no-explicit-any -- the classes are made while the test runs
  readonly models: any;
  // deno-lint-ignore no-explicit-any -- as the classes
  readonly managers: any;
  readonly catalog: Catalog;
  readonly plan: GenerationPlan;
  readonly folder: string;
  readonly db: TestDatabase;
  /** The declaration of the model of a table. */
  meta(table: string, schema?: string): ModelMeta;
}

/** Tests on a new database: runs a script, generates, imports, registers. */
export function testGenerated(
  name: string,
  script: string,
  check: (world: World) => Promise<void> | void,
  options: { readonly managers?: boolean } = {},
): void {
  test(name, async () => {
    const server = await testServer("pg18");
    // the embedded database serves where the other server has no binaries
    await using db = await testDatabase(
      server.skip === false ? server : await testServer("pglite"),
    );
    await using folder = await emptyFolder();
    const catalog = await catalogAfter(db.driver, script);
    const plan = await generateInto(folder.path, catalog, options);
    const models = await importFrom(folder.path);
    const managers = options.managers ? await importFrom(folder.path, "managers.ts") : {};
    registerDatabase({ name: "main", driver: db.driver });
    try {
      const metas = metasOf(models);
      const meta = (table: string, schema = "public") => {
        const found = metas.find((one) => one.table === table && one.schema === schema);
        if (found === undefined) throw new Error(`no model of ${schema}.${table}`);
        return found;
      };
      await check({ models, managers, catalog, plan, folder: folder.path, db, meta });
    } finally {
      await closeDatabase("main");
    }
  });
}

/** The relations of a model: name, kind, other table. */
export function relationList(meta: ModelMeta): string[] {
  return relationsOf(meta).map(({ name, kind, target }) => `${name} ${kind} ${target.meta.table}`);
}
