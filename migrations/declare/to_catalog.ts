import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import type { CatalogObject, SchemaObject } from "../../src/catalog/types.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { metaOf, type ModelMeta } from "../../src/schema/meta.ts";
import { declaredConstraints } from "./constraint.ts";
import { declaredIndex } from "./index.ts";
import { declaredJunctions } from "./junction.ts";
import { NamePool, relationKey } from "./names.ts";
import { declaredColumns, declaredPartitions, declaredTable } from "./table.ts";
import { declaredTypes } from "./types.ts";

/** How models become a catalog. */
export interface ToCatalogOptions {
  /** The schema of models that leave it to the search path; default `public`. */
  readonly schema?: string | undefined;
  /** The owner of everything; default: empty, not said. */
  readonly owner?: string | undefined;
  /** The server that the catalog is for, as `server_version_num`; default 180000. */
  readonly serverVersion?: number | undefined;
}

/**
 * Makes the catalog of what models declare: tables, columns, constraints, indexes, partitions, the junction
 * tables of many-to-many relations that no model stands for, enums and composite types. Pure.
 *
 * Of a materialized view the indexes alone are in it: a query is declared in SQL. Expressions are as
 * they were written; only a server words them as it would print them, see `readDeclared`.
 *
 * @throws {ConfigurationError} two models are of one table, or a part of one cannot be declared
 *
 * @example
 * ```ts
 * import { integer, model, text } from "@matrx/orm";
 * import { toCatalog } from "@matrx/orm/migrations";
 *
 * class Note extends model("notes", { id: integer().primaryKey(), title: text() }) {}
 * for (const { kind } of toCatalog([Note]).objects.values()) console.log(kind);
 * ```
 */
export function toCatalog(models: Iterable<unknown>, options: ToCatalogOptions = {}): Catalog {
  const { schema: usual = "public", owner = "", serverVersion = 180000 } = options;
  const metas = distinct(models, usual);
  const schemaOf = (meta: ModelMeta): string => meta.schema ?? usual;
  const names = new NamePool();
  const tables = metas.filter((meta) => meta.kind === "table");
  noteGivenNames(metas, schemaOf, names);

  const objects: CatalogObject[] = [];
  for (const meta of tables) {
    const schema = schemaOf(meta);
    const table = declaredTable(meta, schema, owner);
    const columns = declaredColumns(meta, schema, names);
    const constraints = declaredConstraints({ meta, schema, schemaOf, names });
    const checks = constraints.filter((one) => one.type === "check");
    const partitions = meta.options.partitions ?? [];
    objects.push(table, ...columns, ...constraints);
    objects.push(...declaredPartitions(table, { columns, checks }, partitions, schema));
  }
  for (const meta of metas) {
    if (meta.kind === "view") continue;
    objects.push(...meta.indexes.map((one) => declaredIndex(meta, schemaOf(meta), one, names)));
  }
  const taken = new Set(
    objects.flatMap((object) =>
      object.kind === "table" ? [relationKey(object.schema, object.name)] : []
    ),
  );
  const isTaken = (schema: string, table: string) => taken.has(relationKey(schema, table));
  objects.push(...declaredJunctions(metas, isTaken, { owner, schemaOf, names }));
  objects.push(...declaredTypes(metas, usual, owner));
  objects.push(...declaredSchemas(objects, owner));
  refuseSharedNames(objects);
  return makeCatalog(serverVersion, objects);
}

/** The schemas that tables and indexes are in; `public` is there in every new database. */
function declaredSchemas(objects: readonly CatalogObject[], owner: string): SchemaObject[] {
  const names = new Set(
    objects.map((object) => "schema" in object ? object.schema ?? "public" : "public"),
  );
  names.delete("public");
  return Array.from(names, (name) => ({
    kind: "schema",
    name,
    owner,
    comment: null,
    extension: null,
  }));
}

/** The declarations of models, each table once; the same class may be given twice. */
function distinct(models: Iterable<unknown>, usual: string): ModelMeta[] {
  const metas = new Map<string, ModelMeta>();
  for (const model of models) {
    const meta = metaOf(model);
    const name = relationKey(meta.schema ?? usual, meta.table);
    const before = metas.get(name);
    if (before !== undefined && before !== meta) {
      throw new ConfigurationError(`Cannot declare ${meta.label}: two models are of this table`, {
        code: "two_models_of_a_table",
        hint: "Keep one of them, or leave one out of the declaration",
        context: { table: meta.label },
      });
    }
    metas.set(name, meta);
  }
  return [...metas.values()];
}

/** What is named by the models is taken before PostgreSQL chooses names. */
function noteGivenNames(
  metas: readonly ModelMeta[],
  schemaOf: (meta: ModelMeta) => string,
  names: NamePool,
): void {
  for (const meta of metas) {
    const schema = schemaOf(meta);
    names.take(schema, meta.table);
    for (const { name } of [...meta.constraints, ...meta.indexes]) {
      if (name !== null) names.take(schema, name);
    }
    for (const column of meta.columns) {
      const name = column.spec.reference?.options.name;
      if (name !== undefined) names.take(schema, name);
    }
    for (const one of meta.relations.values()) {
      if (one.relation === "fk" && one.reference.options.name !== undefined) {
        names.take(schema, one.reference.options.name);
      }
    }
  }
}

/** Two constraints of a table, or two indexes or tables of a schema, cannot share a name. */
function refuseSharedNames(objects: readonly CatalogObject[]): void {
  const seen = new Set<string>();
  for (const object of objects) {
    const name = sharedSpace(object);
    if (name === null) continue;
    if (seen.has(name)) {
      const { schema, name: shown } = object as { schema: string; name: string };
      throw new ConfigurationError(
        `Cannot declare the ${object.kind} ${schema}.${shown}: its name is taken`,
        {
          code: "declared_name_taken",
          hint: "Give one of the two another name",
          context: { schema, name: shown },
        },
      );
    }
    seen.add(name);
  }
}

/** The name by which an object and others of its space exclude each other; null = it is no object of its own. */
function sharedSpace(object: CatalogObject): string | null {
  if (object.kind === "table" || object.kind === "index") {
    return `r${relationKey(object.schema, object.name)}`;
  }
  if (object.kind !== "constraint") return null;
  const isRelation = object.type === "primary" || object.type === "unique" ||
    object.type === "exclusion";
  return isRelation
    ? `r${relationKey(object.schema, object.name)}`
    : `c${relationKey(object.schema, object.table)}\0${object.name}`;
}
