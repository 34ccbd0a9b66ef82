import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { GenerateConfig, MatrxConfig } from "../generator/config.ts";
import { ConfigurationError } from "../src/errors/base.ts";
import { nearest } from "../src/util/nearest.ts";

/** The names that a config file may have, the usual one first. */
const NAMES = ["matrx.config.ts", "matrx.config.mts", "matrx.config.js", "matrx.config.mjs"];

/** A config and the folder that its paths start from. */
export interface LoadedConfig {
  /** What the file exports; empty without a file. */
  readonly config: MatrxConfig;
  /** The file's folder, or the present one. */
  readonly folder: string;
  /** The file; undefined when there is none. */
  readonly file: string | undefined;
}

/**
 * Loads the config file that is named, or the one of the folder, if there is one.
 *
 * @throws {ConfigurationError} the named file does not exist, it fails while it is loaded, or what it
 * exports is no config
 */
export async function loadConfig(folder: string, named: string | undefined): Promise<LoadedConfig> {
  const file = named === undefined ? await findConfig(folder) : resolve(folder, named);
  if (file === undefined) return { config: {}, folder, file };
  if (named !== undefined) await mustBeReadable(file, named);
  let module: { readonly default?: unknown };
  try {
    module = await import(pathToFileURL(file).href);
  } catch (cause) {
    throw new ConfigurationError(`Cannot load the config file ${file}: ${reasonOf(cause)}`, {
      code: "config_failed",
      hint: hintFor(cause),
      context: { file },
      cause,
    });
  }
  return { config: checkConfig(file, module.default), folder: dirname(file), file };
}

async function findConfig(folder: string): Promise<string | undefined> {
  for (const name of NAMES) {
    const file = resolve(folder, name);
    if (await access(file).then(() => true, () => false)) return file;
  }
  return undefined;
}

async function mustBeReadable(file: string, named: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (cause) {
    const isMissing = (cause as { code?: unknown }).code === "ENOENT";
    throw new ConfigurationError(
      `Cannot read the config file ${named}: ${
        isMissing ? "it does not exist" : "this account may not read it"
      }`,
      {
        code: "config_unreadable",
        hint: isMissing ? `Looked for ${file}` : "Correct the rights of the file",
        context: { file },
        cause,
      },
    );
  }
}

/** The first line of what the file threw, or of what is wrong with its text. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return text.split("\n", 1)[0]!;
}

function hintFor(cause: unknown): string {
  const { code } = (cause ?? {}) as { code?: unknown };
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return "This runtime cannot load TypeScript: name the file matrx.config.mjs, or use Node 22.18+";
  }
  return "Correct the file; --verbose prints where it failed";
}

type Kind = "text" | "flag" | "texts" | "object" | "databases";

const KINDS: Readonly<
  Record<Kind, { readonly is: (value: unknown) => boolean; readonly a: string }>
> = {
  text: { is: (value) => typeof value === "string", a: "a text" },
  flag: { is: (value) => typeof value === "boolean", a: "true or false" },
  texts: {
    is: (value) => [value].flat().every((one) => typeof one === "string"),
    a: "a text or a list of texts",
  },
  object: { is: isObject, a: "an object" },
  databases: {
    is: (value) => isObject(value) || Array.isArray(value) && value.every(isObject),
    a: "an object by name, or a list of objects",
  },
};

const KEYS: Readonly<Record<keyof MatrxConfig, Kind>> = {
  databases: "databases",
  models: "texts",
  out: "text",
  migrations: "text",
  generate: "object",
};

const GENERATE_KEYS: Readonly<Record<keyof GenerateConfig, Kind>> = {
  schema: "texts",
  includeTables: "texts",
  excludeTables: "texts",
  casing: "text",
  explicit: "flag",
  importFrom: "text",
};

function checkConfig(file: string, exported: unknown): MatrxConfig {
  if (exported === undefined) {
    throw wrong(file, "it has no default export", "Write export default defineConfig({ ... })");
  }
  if (!isObject(exported)) {
    throw wrong(
      file,
      "its default export is no object",
      "Write export default defineConfig({ ... })",
    );
  }
  checkKeys(file, "", exported, KEYS);
  if (isObject(exported.generate)) checkKeys(file, "generate.", exported.generate, GENERATE_KEYS);
  return exported as MatrxConfig;
}

function checkKeys(
  file: string,
  path: string,
  object: Readonly<Record<string, unknown>>,
  kinds: Readonly<Record<string, Kind>>,
): void {
  for (const [key, value] of Object.entries(object)) {
    if (!Object.hasOwn(kinds, key)) {
      const guess = nearest(key, Object.keys(kinds));
      throw wrong(
        file,
        `it has an unknown key ${path}${key}`,
        guess === undefined
          ? `Keys: ${Object.keys(kinds).map((one) => path + one).join(", ")}`
          : `Did you mean ${path}${guess}?`,
      );
    }
    const kind = KINDS[kinds[key]!];
    if (value !== undefined && !kind.is(value)) {
      throw wrong(file, `${path}${key} is not ${kind.a}`, undefined);
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(file: string, what: string, hint: string | undefined): ConfigurationError {
  return new ConfigurationError(`Cannot use the config file ${file}: ${what}`, {
    code: "invalid_config",
    hint,
    context: { file },
  });
}
