import assert from "node:assert/strict";
import { test } from "node:test";
import { completeManifest } from "../../tools/pack_npm.ts";

test("completeManifest() does make the embedded database an optional peer", () => {
  const manifest = completeManifest({
    name: "@matrx/orm",
    dependencies: { "@electric-sql/pglite": "^0.5.14", pg: "^8.23.1" },
  });
  assert.deepEqual(manifest.dependencies, { pg: "^8.23.1" });
  assert.deepEqual(manifest.peerDependencies, { "@electric-sql/pglite": "^0.5.14" });
  assert.deepEqual(manifest.peerDependenciesMeta, { "@electric-sql/pglite": { optional: true } });
  assert.deepEqual(manifest.bin, { matrx: "./bin.js" });
});
