import { undescribedIn } from "../src/catalog/undescribed.ts";
import { MigrationError } from "../src/errors/base.ts";
import { migrate } from "./apply/migrate.ts";
import type { Migration } from "./file/db.ts";
import { checkWords, makeName } from "./file/name.ts";
import { presentIn } from "./file/next.ts";
import { type MigrationFormat, writeMigration } from "./file/text.ts";
import { removeFiles, writeFiles } from "./file/write.ts";
import { readLive } from "./make/compare.ts";
import { siteOf } from "./make/options.ts";
import { toldLines } from "./make/proof.ts";
import { inSchemas } from "./make/scope.ts";
import { buildScript } from "./plan/plan.ts";
import { structureAfter, structureDifferences } from "./reorganise.ts";
import { normalise } from "./shadow/normalise.ts";
import { withShadow } from "./shadow/shadow.ts";

/** Which database becomes the first migration. */
export interface BaselineOptions {
  /** The registered database; default: the first one. */
  readonly database?: string | undefined;
  /** The folder, which has no migrations yet; default `migrations`. */
  readonly folder?: string | undefined;
  /** The schema of the ledger `_matrx_migrations`; default `public`. */
  readonly ledgerSchema?: string | undefined;
  /** The schemas that are written; default: all. */
  readonly schemas?: readonly string[] | undefined;
  /** What it is called behind its number; default `baseline`. */
  readonly name?: string | undefined;
  /** A module, the default, or SQL files. */
  readonly format?: MigrationFormat | undefined;
  /** What a module imports its types by; default `@matrx/orm/migrations`. */
  readonly importFrom?: string | undefined;
  /** Where it is tried: `embedded`, the default, `server`, or a `postgres://` URL. */
  readonly shadow?: string | undefined;
  /** Hears in a line why the shadow is elsewhere. */
  readonly onNotice?: ((line: string) => void) | undefined;
  /** Writes nothing, neither file nor ledger; default false. */
  readonly dryRun?: boolean | undefined;
}

/** A baseline that was written. */
export interface BaselineResult {
  /** Its name. */
  readonly name: string;
  /** The paths of its files. */
  readonly files: readonly string[];
  /** What the database has and the migration does not make, with its kind. */
  readonly unmodelled: readonly string[];
}

/**
 * Writes the first migration of a database that is there already, and writes it down in the database as
 * applied. Another database gets the same structure by it; it has no way back.
 *
 * It is tried in a shadow before anything is written.
 *
 * @throws {MigrationError} the folder has migrations, or the proof fails
 * @throws {DatabaseError} the database cannot be read, or not be written to
 *
 * @example
 * ```ts
 * import { baseline } from "@matrx/orm/migrations";
 * import { embedded } from "@matrx/orm/testing";
 *
 * await using db = await embedded({ name: "main", sql: "create table tags (id int primary key)" });
 * const { name } = await baseline({ folder: await Deno.makeTempDir() });
 * console.log(name);
 * ```
 */
export async function baseline(options: BaselineOptions = {}): Promise<BaselineResult> {
  const folder = options.folder ?? "migrations";
  const words = checkWords(options.name ?? "baseline");
  if ((await presentIn(folder)).length > 0) {
    throw new MigrationError(`Cannot write a baseline: ${folder} has migrations`, {
      code: "baseline_not_first",
      hint:
        "matrx migrate --fake writes down what is there as applied; matrx makemigrations goes on",
    });
  }
  const { driver, target } = await siteOf({ database: options.database });
  // a database is registered, or siteOf has thrown
  const live = inSchemas(await readLive(driver!), options.schemas);
  const statements = buildScript(live, { owners: false }).steps.map(({ sql }) => sql);
  await withShadow(
    { place: options.shadow, target, onNotice: options.onNotice },
    async (shadow) => {
      const wanted = await normalise(shadow, live);
      const found = await structureAfter(shadow, [tried(statements)]);
      const faults = structureDifferences(found, wanted);
      if (faults.length === 0) return;
      throw new MigrationError(
        `The baseline does not lead to what the database has${toldLines(faults)}`,
        {
          code: "proof_failed",
          hint: "Nothing was written; please report it with the structure",
          context: { differences: faults.length },
        },
      );
    },
  );
  const name = makeName(1, words);
  const files = writeMigration({
    name,
    summary: ["what the database had when migrations began"],
    dependencies: [],
    transaction: true,
    up: statements.map((sql) => ({ sql })),
    down: null,
    importFrom: options.importFrom,
  }, options.format ?? "ts");
  const unmodelled = undescribedIn(live);
  const paths = await writeFiles(folder, files, options.dryRun);
  if (options.dryRun === true) return { name, files: paths, unmodelled };
  try {
    const { database, ledgerSchema } = options;
    await migrate({ database, folder, ledgerSchema, fake: true });
  } catch (error) {
    await removeFiles(paths);
    throw error;
  }
  return { name, files: paths, unmodelled };
}

function tried(statements: readonly string[]): Migration {
  return {
    name: "the baseline",
    number: 1,
    files: [],
    checksum: "",
    dependencies: [],
    transaction: true,
    replaces: [],
    up: async (db) => {
      for (const sql of statements) await db.execute(sql);
    },
    down: null,
  };
}
