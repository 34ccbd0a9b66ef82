import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import { buildScript } from "../plan/plan.ts";
import type { Shadow } from "./shadow.ts";

/**
 * Gives a catalog as the shadow's server words it: builds it in the shadow, which has to be empty, and
 * reads it back. Two catalogs are comparable when both went through shadows of one version.
 *
 * Versions of extensions, owners and estimates stay those of the catalog; what the catalog cannot
 * describe stays listed.
 *
 * @throws {MigrationError} the server refuses a statement, or lacks an extension
 *
 * @example
 * ```ts
 * import { check, integer, model, sql } from "@matrx/orm";
 * import { normalise, toCatalog, withShadow } from "@matrx/orm/migrations";
 *
 * class Note extends model("notes", { id: integer().primaryKey(), size: integer() }, {
 *   constraints: [check(sql`size in (1, 2)`, { name: "sizes" })],
 * }) {}
 * const catalog = await withShadow({}, (shadow) => normalise(shadow, toCatalog([Note])));
 * console.log([...catalog.objects.values()].filter(({ kind }) => kind === "constraint"));
 * ```
 */
export async function normalise(
  shadow: Shadow,
  catalog: Catalog,
  schemas?: readonly string[],
): Promise<Catalog> {
  const plain = Array.from(
    catalog.objects.values(),
    (object) => object.kind === "extension" ? { ...object, version: "" } : object,
  );
  const { steps } = buildScript(
    makeCatalog(catalog.serverVersion, plain, catalog.dependencies),
    { owners: false },
  );
  await shadow.load(
    steps.filter(({ kind }) => kind !== "setting")
      .map(({ sql, object }) => ({ sql, origin: object })),
  );
  const built = await shadow.read(schemas);
  const objects = Array.from(
    built.objects,
    ([id, object]) => kept(object, catalog.objects.get(id)),
  );
  for (const object of catalog.objects.values()) {
    if (object.kind === "unmodelled") objects.push(object);
  }
  return makeCatalog(built.serverVersion, objects, built.dependencies);
}

/** What a shadow cannot know of an object. */
function kept(built: CatalogObject, before: CatalogObject | undefined): CatalogObject {
  if (before === undefined) return built;
  if (built.kind === "extension" && before.kind === "extension") {
    return { ...built, version: before.version };
  }
  const known: Record<string, unknown> = {};
  for (const key of ["owner", "estimatedRows", "populated"]) {
    if (key in built && key in before) {
      known[key] = (before as unknown as Record<string, unknown>)[key];
    }
  }
  return { ...built, ...known } as CatalogObject;
}
