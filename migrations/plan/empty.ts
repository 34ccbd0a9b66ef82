import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";

/**
 * The catalog of a database that was just made.
 *
 * @example
 * ```ts
 * import { integer, model } from "@matrx/orm";
 * import { diff, emptyCatalog, toCatalog } from "@matrx/orm/migrations";
 *
 * class Note extends model("notes", { id: integer().primaryKey() }) {}
 * const declared = toCatalog([Note]);
 * const empty = emptyCatalog(declared.serverVersion);
 * console.log(diff(empty, declared, {}, { manages: () => false }).length);
 * ```
 */
export function emptyCatalog(serverVersion: number): Catalog {
  return makeCatalog(serverVersion, [
    {
      kind: "schema",
      name: "public",
      owner: "pg_database_owner",
      comment: "standard public schema",
      extension: null,
    },
    {
      kind: "extension",
      name: "plpgsql",
      schema: "pg_catalog",
      version: "1.0",
      comment: "PL/pgSQL procedural language",
      extension: null,
    },
  ]);
}
