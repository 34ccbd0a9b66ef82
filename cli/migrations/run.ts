import { migrate } from "../../migrations/apply/migrate.ts";
import { type MigrationPreview, preview } from "../../migrations/apply/preview.ts";
import { rollback } from "../../migrations/apply/rollback.ts";
import { status } from "../../migrations/apply/status.ts";
import { secondsText } from "../../migrations/apply/events.ts";
import type { Annotation } from "../../migrations/lint/annotate.ts";
import { MigrationError } from "../../src/errors/base.ts";
import type { CommandContext } from "../command.ts";
import type { Output } from "../output.ts";
import { EXIT, UsageError } from "../errors.ts";
import { type MigrationContext, numberOf, runOptionsOf, withDatabase } from "./context.ts";
import { previewLines, type PreviewStyle, statusLines } from "./lines.ts";
import { colouredSql } from "./sql_text.ts";

/** Applies migrations: `matrx migrate`. */
export async function runMigrate(context: CommandContext): Promise<number> {
  const { values, output } = context;
  const wishes = { to: values.text("to"), outOfOrder: values.flag("out-of-order") };
  const options = runOptionsOf(context);
  return await withDatabase(context, async (site) => {
    if (values.flag("dry-run")) return await dryRun(site, { ...wishes, direction: "up" });
    const result = await migrate({ ...site.at, ...options, ...wishes, fake: values.flag("fake") });
    for (const name of result.outOfOrder) {
      output.warning(`${name} comes before a migration that had been applied earlier`);
    }
    output.result(result, [
      ...result.recorded.map((name) => `recorded ${name}, without running it`),
      ...result.applied.map(({ name, durationMs }) => `applied ${name} in ${timeOf(durationMs)}`),
      ...(result.applied.length + result.recorded.length === 0 ? ["Nothing to apply"] : []),
    ]);
    return EXIT.done;
  });
}

/** Takes migrations back: `matrx rollback`. */
export async function runRollback(context: CommandContext): Promise<number> {
  const { values, output } = context;
  const howFar = { to: values.text("to"), steps: numberOf(values, "steps", true) };
  if (howFar.to !== undefined && howFar.steps !== undefined) {
    throw new UsageError("--to and --steps exclude each other", "Give one of the two");
  }
  if (howFar.steps === 0) throw new UsageError("--steps is 0", "It takes a whole number from 1");
  const options = runOptionsOf(context);
  return await withDatabase(context, async (site) => {
    if (values.flag("dry-run")) return await dryRun(site, { ...howFar, direction: "down" });
    const result = await rollback({ ...site.at, ...options, ...howFar, fake: values.flag("fake") });
    output.result(result, [
      ...result.rolledBack.map(({ name, durationMs }) =>
        `rolled back ${name} in ${timeOf(durationMs)}`
      ),
      ...(result.rolledBack.length === 0 ? ["Nothing to roll back"] : []),
    ]);
    return EXIT.done;
  });
}

async function dryRun(
  { at, output }: MigrationContext,
  options: Parameters<typeof preview>[0],
): Promise<number> {
  const previews = await preview({ ...at, ...options });
  const { annotations, notesOf } = await annotated(previews, output);
  const paint = output.colours ? colouredSql : (sql: string): string => sql;
  const migrations = previews.map((one, at) => ({
    ...one,
    ...(annotations === null ? {} : { facts: annotations[at]!.map(({ facts }) => facts) }),
  }));
  output.result({ dryRun: true, migrations }, [
    ...previewLines(previews, { notesOf, paint }),
    paint(previews.length === 0 ? "-- Nothing to do" : "-- Nothing was changed (--dry-run)"),
  ]);
  return EXIT.done;
}

/** What each statement does to those who use the database; nothing where no parser is installed. */
async function annotated(
  previews: readonly MigrationPreview[],
  output: Output,
): Promise<{ annotations: Annotation[][] | null; notesOf: PreviewStyle["notesOf"] }> {
  // parsing SQL is for those alone who ask what a run would do
  const { annotate, factLines } = await import("../../migrations/lint/annotate.ts");
  try {
    const annotations = await annotate(previews);
    return {
      annotations,
      notesOf: (migration, statement) => factLines(annotations[migration]![statement]!),
    };
  } catch (error) {
    if (!(error instanceof MigrationError) || error.code !== "sql_parser_missing") throw error;
    output.warning(`${error.message}: the locks of the statements are not shown`);
    return { annotations: null, notesOf: () => [] };
  }
}

/** Tells where a database stands: `matrx status`. */
export async function runStatus(context: CommandContext): Promise<number> {
  return await withDatabase(context, async ({ at, output }) => {
    const result = await status(at);
    output.result(result, statusLines(result));
    return EXIT.done;
  });
}

function timeOf(ms: number): string {
  return secondsText(ms / 1000);
}
