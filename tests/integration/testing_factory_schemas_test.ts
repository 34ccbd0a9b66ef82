/** Rows that factories make for whole schemas, whose models are generated. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { introspect } from "../../generator/introspect/introspect.ts";
import { closeDatabase, type ModelRef, registerDatabase, sql } from "../../mod.ts";
import { factory, type FactoryValues, rollback } from "../../src/testing/mod.ts";
import { testDatabase } from "../support/database.ts";
import { emptyFolder, generateInto, importFrom, runScript } from "../support/generated.ts";
import { testServer } from "../support/servers.ts";

// deno-lint-ignore no-explicit-any -- generated models are of any type
type AnyModel = ModelRef & any;

/** A database with tables, and their models. */
interface World {
  readonly name: string;
  readonly tables: readonly AnyModel[];
  named(label: string): AnyModel;
}

const embedded = await testServer("pglite");
const pg18 = await testServer("pg18");
const root = dirname(fileURLToPath(import.meta.url));

/** Makes the tables of a script, generates their models, and has a function use them. */
async function withModels(
  { name, script, server }: { name: string; script: string; server: typeof pg18 },
  work: (world: World) => Promise<void>,
): Promise<void> {
  await using own = await testDatabase(server);
  await runScript(own.driver, script.replace(/^\\[a-z!]+(?:[ \t].*)?$/gmi, ""));
  await using out = await emptyFolder();
  const { catalog } = await introspect(own.driver);
  await generateInto(out.path, catalog, { database: name });
  const all = Object.values(await importFrom(out.path)) as AnyModel[];
  const tables = all.filter((one) => typeof one === "function" && one.meta?.kind === "table");
  registerDatabase({ name, driver: own.driver });
  try {
    await work({
      name,
      tables,
      named: (label) => tables.find((one) => one.meta.label === label),
    });
  } finally {
    await closeDatabase(name);
  }
}

/** Values that no check tells of, as triggers and partitions ask for them; by the table's label. */
type Given = Readonly<Record<string, (world: World) => Promise<FactoryValues<never>>>>;

/** Makes rows of every table, each in a transaction that is rolled back; gives what went wrong. */
async function makeRows(world: World, count: number, given: Given = {}): Promise<string[]> {
  const wrong: string[] = [];
  for (const Model of world.tables) {
    const { label } = Model.meta;
    await rollback(async () => {
      const before = await Model.count();
      const rows = await factory(Model, await given[label]?.(world) ?? {}, { seed: 1 })
        .createMany(count);
      assert.equal(rows.length, count);
      const added = await Model.count() - before;
      // a row that others reference is of the same table where that references itself
      assert.ok(added >= count, `${added} rows of ${label}`);
    }, { database: world.name })
      .catch((error: Error) => wrong.push(`${label}: ${error.message}`));
  }
  return wrong;
}

/** What factories with a seed make of every table, without what the database adds by the clock. */
async function seeded(world: World, seed: number): Promise<unknown[]> {
  return await rollback(async () => {
    for (const Model of world.tables) {
      // sequences start anew with the transaction, and go back with it
      const { schema, table } = Model.meta;
      await Model.rawSql(
        sql`truncate ${sql.id(schema ?? "public", table)} restart identity cascade`,
      );
    }
    const made: unknown[] = [];
    for (const Model of world.tables) {
      const rows: AnyModel[] = await factory(Model, {}, { seed }).createMany(5);
      for (const row of rows) {
        made.push(
          Object.entries(row.toDict()).filter(([name]) =>
            !(Model.meta.column(name).spec.default !== null && row[name] instanceof Date)
          ),
        );
      }
    }
    return made;
  }, { database: world.name });
}

const shop = await readFile(join(root, "../../examples/shop/schema.sql"), "utf8");
const torture = await readFile(join(root, "introspect_torture.sql"), "utf8");

test("factory() makes 200 rows of every table of the shop, the same for the same seed", async () => {
  const server = pg18.skip === false ? pg18 : embedded;
  // the other server has no vectors
  const script = server === embedded ? shop : shop.replace(/^.*\b(?:vector|embedding)\b.*$/gm, "");
  await withModels({ name: "shop", script, server }, async (world) => {
    assert.deepEqual(await makeRows(world, 200), []);
    assert.equal(world.tables.length, 14);
    const [one, again, other] = [
      await seeded(world, 7),
      await seeded(world, 7),
      await seeded(world, 8),
    ];
    assert.deepEqual(one, again);
    assert.notDeepEqual(one, other);
  });
});

test("factory() makes 200 rows of every table with all kinds of columns and keys", {
  skip: pg18.skip,
}, async () => {
  await withModels({ name: "torture", script: torture, server: pg18 }, async (world) => {
    const wrong = await makeRows(world, 200);
    // no partition takes a row of two of them, and the third one's server has no handler
    assert.deepEqual(wrong.map((one) => one.split(":")[0]), [
      ...["t.expression_part", "t.hashed", "t.remote"],
    ], wrong.join("\n"));
    assert.ok(world.tables.length > 10, `${world.tables.length} tables`);
  });
});

const data = process.env["MATRX_DATA"] ?? join(root, "../../../shared/data");
const folder = join(data, "schemas");
const skip = existsSync(folder) ? false : `no schemas in ${folder}: set MATRX_DATA`;

const GIVEN: Given = {
  "public.payment": async ({ named }) => {
    const rental: AnyModel = await factory(named("public.rental")).create();
    const { rentalId, customerId, staffId } = rental.toDict();
    return { rentalId, customerId, staffId };
  },
};

for (
  const name of (process.env["MATRX_FACTORY_SCHEMAS"] ?? "chinook,northwind,pagila").split(",")
) {
  test(`factory() makes a row of every table of ${name}`, { skip }, async () => {
    const script = await readFile(join(folder, `${name}.sql`), "utf8");
    const server = pg18.skip === false ? pg18 : embedded;
    await withModels({ name, script, server }, async (world) => {
      const wrong = await makeRows(world, 1, GIVEN);
      const { length } = world.tables;
      console.log(`factories: ${name}: ${length - wrong.length} of ${length} tables`);
      assert.deepEqual(wrong, []);
      assert.ok(length > 5);
    });
  });
}
