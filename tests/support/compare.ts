import assert from "node:assert/strict";
import type { Catalog } from "../../src/catalog/catalog.ts";
import { ModelMeta } from "../../src/schema/meta.ts";
import { catalogFacts } from "./facts_of_catalog.ts";
import { modelFacts } from "./facts_of_models.ts";

/** The declarations of every model that a module exports. */
export function metasOf(module: Readonly<Record<string, unknown>>): ModelMeta[] {
  return Object.values(module).flatMap((value) =>
    typeof value === "function" && "meta" in value && value.meta instanceof ModelMeta
      ? [value.meta]
      : []
  );
}

/** Checks that every model of a module says what the catalog says, in every detail; gives how many there are. */
export function assertReadsBack(
  module: Readonly<Record<string, unknown>>,
  catalog: Catalog,
): number {
  const metas = metasOf(module);
  for (const meta of metas) {
    const expected = catalogFacts(catalog, meta.schema!, meta.table);
    assert.deepEqual(modelFacts(meta), expected, `${meta.schema}.${meta.table} does not read back`);
  }
  return metas.length;
}
