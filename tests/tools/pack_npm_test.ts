import assert from "node:assert/strict";
import { test } from "node:test";
import { completeManifest } from "../../tools/pack_npm.ts";

test("completeManifest() does make each driver's package an optional peer", () => {
  const manifest = completeManifest({
    name: "@matrx/orm",
    dependencies: { pg: "^8.23.1", pluralize: "^8.0.0" },
  });
  assert.deepEqual(manifest.dependencies, { pluralize: "^8.0.0" });
  assert.deepEqual(manifest.peerDependencies, {
    "@neondatabase/serverless": "^1.0.0",
    pg: "^8.23.1",
    postgres: "^3.4.0",
  });
  assert.deepEqual(manifest.peerDependenciesMeta, {
    "@neondatabase/serverless": { optional: true },
    pg: { optional: true },
    postgres: { optional: true },
  });
  assert.deepEqual(manifest.bin, { matrx: "./bin.js" });
  assert.deepEqual(manifest.sideEffects, ["./bin.js"]);
});
