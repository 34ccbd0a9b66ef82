import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { MatrxConfig } from "../generator/config.ts";
import { ConfigurationError } from "../src/errors/base.ts";
import { reasonOf } from "../src/util/reason.ts";
import { checkConfig } from "./config_check.ts";
import { disk } from "./disk.ts";

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

let handed: LoadedConfig | undefined;

/** Takes a config that another process has loaded: `loadConfig` gives this one from now on. */
export function handOver(loaded: LoadedConfig): void {
  handed = loaded;
}

/**
 * Loads the config file that is named, or the one of the folder, if there is one.
 *
 * @throws {ConfigurationError} the named file does not exist, it fails while it is loaded, or what it
 * exports is no config
 */
export async function loadConfig(folder: string, named: string | undefined): Promise<LoadedConfig> {
  if (handed !== undefined) return handed;
  const file = configPath(folder, named);
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

/** The config file that is named, or the one of the folder; undefined when there is none. */
export function configPath(folder: string, named: string | undefined): string | undefined {
  if (named !== undefined) return resolve(folder, named);
  return NAMES.map((name) => resolve(folder, name)).find(disk.exists);
}

async function mustBeReadable(file: string, named: string): Promise<void> {
  const { open } = await import("node:fs/promises");
  try {
    await (await open(file)).close();
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

function hintFor(cause: unknown): string {
  const { code } = (cause ?? {}) as { code?: unknown };
  if (code === "ERR_UNKNOWN_FILE_EXTENSION") {
    return "This runtime cannot load TypeScript: name the file matrx.config.mjs, or use Node 22.18+";
  }
  return "Correct the file; --verbose prints where it failed";
}
