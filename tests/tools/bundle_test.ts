import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle, ONE_MODEL_LIMIT } from "../../tools/bundle.ts";
import { importsOf, reach } from "../../tools/graph.ts";

test("mod.ts does load no package and no driver until one is asked for", () => {
  const { edges } = importsOf(["mod.ts"]);
  const loaded = [...reach(["mod.ts"], edges, ["value"])];
  assert.deepEqual(loaded.filter((file) => !/^(?:mod\.ts|src\/.*)$/.test(file)), []);
  assert.deepEqual(loaded.filter((file) => file.startsWith("src/drivers/")), []);
  // and what is asked for on demand is there to be found
  const lazy = edges.filter(({ from, kind }) => kind === "lazy" && loaded.includes(from));
  assert.deepEqual(lazy.map(({ to }) => to).sort(), [
    "src/drivers/node_pg.ts",
    "src/drivers/pglite.ts",
    "src/execute/replica_set.ts",
    "src/model/cache/engine.ts",
    "src/query/keyset.ts",
    "src/query/keyset_page.ts",
  ]);
});

test("a driver over a pool of the caller's does load no package", () => {
  const packages = (driver: string): string[] => {
    const { edges } = importsOf([driver]);
    return [...reach([driver], edges, ["value"])].filter((file) => file.startsWith("npm:"));
  };
  assert.equal(packages("src/drivers/node_pg.ts").length, 1);
  assert.deepEqual(packages("src/drivers/neon.ts"), []);
  assert.deepEqual(packages("src/drivers/postgres_js.ts"), []);
  assert.deepEqual(packages("src/drivers/deno_postgres.ts"), []);
  assert.deepEqual(packages("src/drivers/bun_sql.ts"), []);
});

test("bundle() does keep a program of one model small", async () => {
  const { gzipped, minified, files, imports } = await bundle("tools/bundle/one_model.ts");
  assert.ok(gzipped <= ONE_MODEL_LIMIT, `${gzipped} bytes, over ${ONE_MODEL_LIMIT}`);
  assert.deepEqual([...imports].sort(), [
    "./drivers/node_pg.ts",
    "./drivers/pglite.ts",
    "./engine.ts",
    "./keyset.ts",
    "./keyset_page.ts",
    "./replica_set.ts",
  ]);
  const told = [...files.values()].reduce((sum, size) => sum + size, 0);
  assert.ok(Math.abs(told - minified) < minified / 50, `${told} of ${minified} bytes told apart`);
  // what the program does not use is not in it
  for (const name of ["interval", "range", "vector", "hstore", "registry", "oids", "json"]) {
    assert.ok((files.get(`src/codec/${name}.ts`) ?? 0) < 100, `the codecs of ${name}.ts`);
  }
  assert.equal(files.get("src/errors/sqlstate.ts"), undefined);
  assert.equal(files.get("src/schema/lookups/json_path.ts"), undefined);
  assert.equal(files.get("src/query/expr/windows.ts"), undefined);
});
