/** The SQL that makes the tables of models in an empty database. */
import type { Catalog } from "../catalog/catalog.ts";

/** The extensions of the types that field factories know. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ...["vector", "halfvec", "sparsevec"].map((type) => [type, "vector"] as const),
  ...["citext", "hstore", "ltree"].map((type) => [type, type] as const),
]);

/**
 * Writes what makes the tables of models, a statement each; nothing for no models. The modules that write
 * DDL are loaded when there are models.
 *
 * @throws {ConfigurationError} what is given holds no model, or one cannot be declared
 */
export async function declaredScript(
  models: readonly unknown[] | Readonly<Record<string, unknown>>,
): Promise<string[]> {
  const isList = Array.isArray(models);
  if (isList && models.length === 0) return [];
  const { modelsIn } = await import("../../migrations/declare/objects.ts");
  const { toCatalog } = await import("../../migrations/declare/to_catalog.ts");
  const { buildScript } = await import("../../migrations/plan/plan.ts");
  const catalog = toCatalog(isList ? models : modelsIn(models as Record<string, unknown>));
  const { steps } = buildScript(catalog, { owners: false });
  return [
    ...extensionsOf(catalog).map((name) => `create extension if not exists ${name}`),
    ...steps.map(({ sql }) => sql),
  ];
}

function extensionsOf(catalog: Catalog): string[] {
  const found = new Set<string>();
  for (const object of catalog.objects.values()) {
    if (object.kind !== "column") continue;
    const extension = EXTENSIONS.get(object.type.name);
    if (extension !== undefined) found.add(extension);
  }
  return [...found].sort();
}
