import type { DatabaseConfig } from "../src/execute/database_config.ts";
import type { Casing, ManagerOptions } from "./options.ts";

/** A database of a config file: its URL, or all its settings. */
export type ConfiguredDatabase = string | Omit<DatabaseConfig, "name">;

/** How `generate` reads and writes; each one has an option of the command that beats it. */
export interface GenerateConfig {
  /** The schemas to read; default: those of the database, else `public`. */
  readonly schema?: string | readonly string[] | undefined;
  /** The tables and views to write alone: `name` or `schema.name`, `*` for any characters. */
  readonly includeTables?: readonly string[] | undefined;
  /** The tables and views to leave out; not together with `includeTables`. */
  readonly excludeTables?: readonly string[] | undefined;
  /** How columns become properties; default `camel`. */
  readonly casing?: Casing | undefined;
  /** Whether every export has its type written out; default false. */
  readonly explicit?: boolean | undefined;
  /** Whether each model gets a view and a manager, and which methods these have; default true. */
  readonly managers?: boolean | ManagerOptions | undefined;
  /** What the generated files import the library by; default `@matrx/orm`. */
  readonly importFrom?: string | undefined;
}

/** What `matrx lint` makes of hazards. */
export interface LintConfig {
  /** The levels of kinds of hazards that are not to have their own; `off` = it is none here. */
  readonly levels?: Readonly<Record<string, "error" | "warning" | "notice" | "off">> | undefined;
  /** Migrations that are not judged unless they are named, by their names; `*` for any characters. */
  readonly ignore?: readonly string[] | undefined;
}

/** What `matrx.config.ts` exports by default. Paths start from the file's folder. */
export interface MatrxConfig {
  /** The databases by name, or as a list; the first one is the default. */
  readonly databases?:
    | Readonly<Record<string, ConfiguredDatabase>>
    | readonly DatabaseConfig[]
    | undefined;
  /** The modules that declare models; for later commands, `generate` does not read it. */
  readonly models?: string | readonly string[] | undefined;
  /** The folder that `generate` writes to; default `models`. */
  readonly out?: string | undefined;
  /** The folder of `.sql` files that say what models do not; default `db/objects`. */
  readonly objects?: string | undefined;
  /** The folder of migrations; default `migrations`. */
  readonly migrations?: string | undefined;
  /** How `generate` reads and writes. */
  readonly generate?: GenerateConfig | undefined;
  /** What `lint` makes of hazards. */
  readonly lint?: LintConfig | undefined;
}

/**
 * Types the content of `matrx.config.ts`; gives it back as it is.
 *
 * @example
 * ```ts
 * import { defineConfig } from "@matrx/orm/generator";
 *
 * export default defineConfig({
 *   databases: { main: Deno.env.get("DATABASE_URL") ?? "postgres://me@localhost/shop" },
 *   out: "models",
 *   generate: { schema: ["public"], excludeTables: ["log_*"] },
 * });
 * ```
 */
export function defineConfig(config: MatrxConfig): MatrxConfig {
  return config;
}
