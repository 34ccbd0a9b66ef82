import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import { identity } from "../../src/catalog/identity.ts";
import type { CatalogObject, ObjectOf } from "../../src/catalog/types.ts";
import { metaOf, type ModelMeta } from "../../src/schema/meta.ts";
import { buildScript } from "../plan/plan.ts";
import { textRecord } from "./column.ts";
import type { SqlObject } from "./objects.ts";
import { sqlText } from "./sql_text.ts";
import { toCatalog, type ToCatalogOptions } from "./to_catalog.ts";

/** Everything that a program says about its database. */
export interface Declaration {
  /** The models. */
  readonly models: Iterable<unknown>;
  /** What no model says. */
  readonly objects?: Iterable<SqlObject> | undefined;
}

/** A statement that a shadow is to run. */
export interface DeclaredStatement {
  /** The statement, without a semicolon at its end. */
  readonly sql: string;
  /** The file and line, or the part of the models, that it comes from. */
  readonly origin: string | null;
  /** Whether it is done with when what it makes is there already; default false. */
  readonly unlessThere?: boolean | undefined;
}

/** What reading a declaration needs of a shadow, which has to be empty. */
export interface DeclaringShadow {
  /** Runs statements, each as soon as what it needs is there. */
  load(
    statements: readonly DeclaredStatement[],
    options: { readonly searchPath: readonly string[] },
  ): Promise<void>;
  /** Reads what is there. */
  read(schemas?: readonly string[]): Promise<Catalog>;
}

/** What of a declaration is read, and how. */
export interface ReadDeclaredOptions extends ToCatalogOptions {
  /** The schemas to read; default: all. */
  readonly schemas?: readonly string[] | undefined;
}

/**
 * Builds what models and SQL objects declare in an empty shadow, and reads it back: the catalog in the
 * server's own words, with everything that the server adds.
 *
 * @throws {ConfigurationError} the models cannot be declared
 * @throws {MigrationError} the server refuses a statement; its file and line are named
 *
 * @example
 * ```ts
 * import { integer, model, sql } from "@matrx/orm";
 * import { readDeclared, toCatalog, withShadow } from "@matrx/orm/migrations";
 *
 * class Note extends model("notes", { id: integer().default(sql`1 + 1`) }) {}
 * const catalog = await withShadow({}, (shadow) => readDeclared(shadow, { models: [Note] }));
 * console.log(catalog.objects.size > toCatalog([Note]).objects.size); // the server's own are in it
 * ```
 */
export async function readDeclared(
  shadow: DeclaringShadow,
  { models, objects = [] }: Declaration,
  options: ReadDeclaredOptions = {},
): Promise<Catalog> {
  const list = [...models];
  const catalog = toCatalog(list, options);
  const statements: DeclaredStatement[] = [
    ...Array.from(objects).flatMap(({ origin, statements }) =>
      statements.map(({ sql, line }) => ({ sql, origin: `${origin}:${line}` }))
    ),
    ...buildScript(catalog).steps.filter(({ kind }) => kind !== "setting").map((
      { sql, object },
    ) => ({
      sql,
      origin: `models: ${object}`,
      // SQL may say more of a schema or a type, such as its comment
      unlessThere: isShared(catalog.objects.get(object)),
    })),
  ];
  const where = { searchPath: [options.schema ?? "public"] };
  // what is declared has the privileges that are declared: default ones are for what comes later
  const [late, now] = [statements.filter(isLate), statements.filter((one) => !isLate(one))];
  await shadow.load(now, where);
  if (late.length > 0) await shadow.load(late, where);
  const found = await shadow.read(options.schemas);
  const views = list.map(metaOf).filter((meta) => meta.kind !== "table");
  return withViews(withoutPlace(found, options.owner ?? ""), views, options);
}

const isLate = ({ sql }: DeclaredStatement): boolean =>
  /^\s*alter\s+default\s+privileges\b/i.test(sql);

/** A catalog without what the shadow alone decided: who owns an object, which version an extension has. */
export function withoutPlace(catalog: Catalog, owner: string): Catalog {
  const objects = Array.from(catalog.objects.values(), (object): CatalogObject => {
    if (object.kind === "extension") return { ...object, version: "" };
    return "owner" in object && object.owner !== null ? { ...object, owner } : object;
  });
  return makeCatalog(catalog.serverVersion, objects, catalog.dependencies);
}

const isShared = (object: CatalogObject | undefined): boolean =>
  object?.kind === "schema" || object?.kind === "enum" || object?.kind === "composite";

/** A catalog where views are as their models say: comments, settings, and defaults of columns. */
function withViews(
  catalog: Catalog,
  metas: readonly ModelMeta[],
  { schema: usual = "public" }: ToCatalogOptions,
): Catalog {
  const changed = new Map(catalog.objects);
  for (const meta of metas) {
    const schema = meta.schema ?? usual;
    const id = identity(meta.kind, [schema, meta.table]);
    const view = changed.get(id);
    if (view === undefined) continue;
    changed.set(id, settled(view as View, meta));
    for (const { name, spec } of meta.columns) {
      const at = identity("column", [schema, meta.table, name]);
      const column = changed.get(at) as ObjectOf<"column"> | undefined;
      if (column === undefined) continue;
      const about = `${meta.label}.${name}`;
      changed.set(at, {
        ...column,
        comment: spec.comment ?? column.comment,
        default: spec.default?.kind === "sql" ? sqlText(spec.default.sql, about) : column.default,
      });
    }
  }
  return makeCatalog(catalog.serverVersion, changed.values(), catalog.dependencies);
}

type View = ObjectOf<"view" | "materialized view">;

function settled(view: View, { options }: ModelMeta): View {
  const comment = options.comment ?? view.comment;
  const storage = textRecord(options.storage);
  const isSaid = Object.keys(storage).length > 0;
  if (view.kind === "view") return { ...view, comment, options: isSaid ? storage : view.options };
  return {
    ...view,
    comment,
    storage: isSaid ? storage : view.storage,
    tablespace: options.tablespace ?? view.tablespace,
    accessMethod: options.accessMethod ?? view.accessMethod,
    clusterOn: options.clusterOn ?? view.clusterOn,
  };
}
