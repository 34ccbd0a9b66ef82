import { stat } from "node:fs/promises";
import { amiss, counted, type Finding, ok } from "../generator/health/finding.ts";
import { check, type CheckResult } from "../migrations/check.ts";
import { differenceLine } from "../migrations/make/differences.ts";
import { ConfigurationError } from "../src/errors/base.ts";
import type { CommandContext } from "./command.ts";
import type { LoadedConfig } from "./config_file.ts";
import { folderOf } from "./migrations/context.ts";
import { declaredOptionsOf } from "./migrations/declared.ts";

/** What is said where nothing declares what the database should have. */
const NO_MODELS: ReadonlySet<string> = new Set(["models_missing", "no_models"]);

/**
 * Compares a database with its migrations and with the models. Where there is no folder of migrations,
 * and under `--no-drift`, it says so in a line and looks at nothing.
 */
export async function checkDrift(
  context: CommandContext,
  loaded: LoadedConfig,
  database: string,
): Promise<Finding[]> {
  const { values } = context;
  if (values.flag("no-drift")) return [ok("migrations", "not looked at (--no-drift)")];
  const folder = folderOf(context, loaded);
  if (!await stat(folder).then((found) => found.isDirectory(), () => false)) {
    return [ok("migrations", `not looked at: there is no folder ${folder}`)];
  }
  const { dropUnmanaged: _, ...declared } = declaredOptionsOf(context, loaded);
  const ledgerSchema = values.text("ledger-schema");
  try {
    const found = await check({ ...declared, database, folder, ledgerSchema });
    return [historyOf(found), driftOf(found), declarationOf(found)];
  } catch (error) {
    if (!(error instanceof ConfigurationError) || !NO_MODELS.has(error.code)) throw error;
    return [
      amiss(
        "warning",
        "migrations",
        `cannot be compared with the database: ${error.message}`,
        error.hint ?? "Name the modules of your models: models in matrx.config.ts",
      ),
    ];
  }
}

function historyOf({ pending, changed, missing }: CheckResult): Finding {
  const faulty = [
    ...changed.map((name) => `${name} was changed since`),
    ...missing.map((name) => `${name} is gone`),
  ];
  if (faulty.length > 0) {
    return amiss(
      "problem",
      "migrations",
      `${counted(faulty.length, "applied migration")} not as applied`,
      "Bring the files back as they were; write a new migration for what is to change",
      faulty,
    );
  }
  if (pending.length === 0) return ok("migrations", "all of the folder are applied");
  return amiss(
    "warning",
    "migrations",
    `${counted(pending.length, "migration")} not applied`,
    "Run matrx migrate; --dry-run prints what it would do",
    pending,
  );
}

function driftOf({ drift, warnings }: CheckResult): Finding {
  if (drift === null) {
    return amiss(
      "warning",
      "drift",
      "what the migrations lead to is not known",
      "Correct what stops them in a database of their own; matrx check tells it too",
      warnings,
    );
  }
  if (drift.length === 0) return ok("drift", "the database is what its migrations lead to");
  return amiss(
    "problem",
    "drift",
    `${counted(drift.length, "object")} not as the migrations made them`,
    "Take back what was changed by hand, or declare it and run matrx makemigrations",
    drift.map(differenceLine),
  );
}

function declarationOf({ undeclared, pending }: CheckResult): Finding {
  const what = pending.length === 0 ? "the database" : "the database, once migrated,";
  if (undeclared.length === 0) return ok("models", `${what} is what the models declare`);
  return amiss(
    "warning",
    "models",
    `${counted(undeclared.length, "object")} not as the models declare`,
    "Run matrx makemigrations, or matrx generate where the database is right",
    undeclared.map(differenceLine),
  );
}
