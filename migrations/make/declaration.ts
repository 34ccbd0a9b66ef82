/** Loads what a program declares: its models and SQL objects. */
import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigurationError } from "../../src/errors/base.ts";
import { metaOf } from "../../src/schema/meta.ts";
import { reasonOf } from "../../src/util/reason.ts";
import { modelsIn, type SqlObject, sqlObjectsIn } from "../declare/objects.ts";
import type { Declaration } from "../declare/read_declared.ts";
import { readObjects } from "../objects/read.ts";

/** Where models and SQL objects are. */
export interface DeclarationSources {
  /**
   * Model classes, or paths of modules and folders whose exports are models; default `models`. Of a
   * folder its `mod` or `index` is loaded, or where it has neither, every module in it.
   */
  readonly models?: string | Iterable<unknown> | undefined;
  /**
   * SQL objects, or the path of a folder of `.sql` files; default `db/objects`, if it is there. Those
   * that modules of models export are added.
   */
  readonly objects?: string | Iterable<SqlObject> | undefined;
  /** The folder that paths start from; default: that of the process. */
  readonly from?: string | undefined;
}

/** Whose models are wanted. */
export interface DeclaredFor {
  /** The database, as models name it. */
  readonly database: string;
  /** Whether it is the one of models that name none. */
  readonly isDefault: boolean;
}

/** What a program declares of one database. */
export interface LoadedDeclaration extends Declaration {
  /** The model classes, each once. */
  readonly models: readonly unknown[];
  /** What no model says. */
  readonly objects: readonly SqlObject[];
}

const MODULE = /\.(?:ts|mts|js|mjs)$/;
const NO_MODELS = /(?:\.d\.[cm]?ts|[._]test\.[cm]?[jt]s)$/;
const DOORS = ["mod", "index"];
const ENDINGS = [".ts", ".mts", ".js", ".mjs"];

/**
 * Loads the models and SQL objects of a database.
 *
 * @throws {ConfigurationError} a path is wrong, a module fails, or there is no model and `mayBeEmpty` does
 * not allow for it
 */
export async function loadDeclaration(
  sources: DeclarationSources,
  of?: DeclaredFor,
  mayBeEmpty = false,
): Promise<LoadedDeclaration> {
  const { models = "models", objects = "db/objects", from = "" } = sources;
  const found: unknown[] = [];
  const beside: SqlObject[] = [];
  const paths: string[] = [];
  for (const one of typeof models === "string" ? [models] : models) {
    if (typeof one === "string") paths.push(resolve(from, one));
    else found.push(one);
  }
  for (const path of paths) {
    for (const file of await modulesAt(path)) {
      const module = await load(file, path);
      found.push(...modelsIn(module));
      beside.push(...sqlObjectsIn(module));
    }
  }
  const sql = typeof objects === "string"
    ? await objectsAt(resolve(from, objects), sources.objects === undefined)
    : [...objects];
  const own = of === undefined ? found : found.filter((model) => isOf(model, of));
  const isEmpty = own.length + sql.length + beside.length === 0;
  if (isEmpty && !mayBeEmpty) throw nothing(paths, of);
  return { models: [...new Set(own)], objects: [...new Set([...sql, ...beside])] };
}

function isOf(model: unknown, { database, isDefault }: DeclaredFor): boolean {
  const named = metaOf(model).database;
  return named === null ? isDefault : named === database;
}

async function modulesAt(path: string): Promise<string[]> {
  const kind = await kindOf(path);
  if (kind === "file") return [path];
  if (kind === null) {
    throw new ConfigurationError(`Cannot load the models: ${path} does not exist`, {
      code: "models_missing",
      hint: "Name the module or folder of your models: models in matrx.config.ts, or --models; " +
        "matrx generate writes them from a database",
      context: { path },
    });
  }
  for (const name of DOORS) {
    for (const ending of ENDINGS) {
      const door = join(path, name + ending);
      if (await kindOf(door) === "file") return [door];
    }
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && MODULE.test(entry.name) && !NO_MODELS.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(path, file).split(/[\\/]/).includes("node_modules"))
    .sort();
}

async function kindOf(path: string): Promise<"file" | "folder" | null> {
  try {
    return (await stat(path)).isDirectory() ? "folder" : "file";
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw failed(path, cause);
  }
}

async function load(file: string, path: string): Promise<Record<string, unknown>> {
  try {
    return await import(pathToFileURL(resolve(file)).href);
  } catch (cause) {
    throw failed(file === path ? path : file, cause);
  }
}

async function objectsAt(folder: string, mayMiss: boolean): Promise<SqlObject[]> {
  return mayMiss && await kindOf(folder) === null ? [] : await readObjects(folder);
}

function failed(file: string, cause: unknown): ConfigurationError {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return new ConfigurationError(`Cannot load the models of ${file}: ${reasonOf(cause)}`, {
    code: "models_failed_to_load",
    hint: code === "ERR_UNKNOWN_FILE_EXTENSION"
      ? "This runtime cannot load TypeScript: use Node 22.18+, or name JavaScript modules"
      : "Correct the module; --verbose prints where it failed",
    context: { file },
    cause,
  });
}

/** A declaration of nothing would have every table dropped. */
function nothing(paths: readonly string[], of: DeclaredFor | undefined): ConfigurationError {
  const where = paths.length === 0 ? "" : ` in ${paths.join(", ")}`;
  const whose = of === undefined || of.isDefault ? "" : ` of the database ${of.database}`;
  return new ConfigurationError(`There are no models${whose}${where}`, {
    code: "no_models",
    hint: "Export the model classes; a model of another database than the first one says " +
      'database: "name" in its options. To drop what the database has, say dropUnmanaged ' +
      "(--drop-unmanaged)",
  });
}
