import { migrate } from "../../migrations/apply/migrate.ts";
import { preview } from "../../migrations/apply/preview.ts";
import { rollback } from "../../migrations/apply/rollback.ts";
import { status } from "../../migrations/apply/status.ts";
import { secondsText } from "../../migrations/apply/events.ts";
import { createEmpty } from "../../migrations/empty.ts";
import type { CommandContext } from "../command.ts";
import { loadConfig } from "../config_file.ts";
import { EXIT, UsageError } from "../errors.ts";
import {
  folderOf,
  type MigrationContext,
  numberOf,
  runOptionsOf,
  withDatabase,
} from "./context.ts";
import { previewLines, statusLines } from "./lines.ts";

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
  const lines = previewLines(previews, () => []);
  output.result({ dryRun: true, migrations: previews }, [
    ...lines,
    previews.length === 0 ? "-- Nothing to do" : "-- Nothing was changed (--dry-run)",
  ]);
  return EXIT.done;
}

/** Tells where a database stands: `matrx status`. */
export async function runStatus(context: CommandContext): Promise<number> {
  return await withDatabase(context, async ({ at, output }) => {
    const result = await status(at);
    output.result(result, statusLines(result));
    return EXIT.done;
  });
}

/** Writes a migration to fill in: `matrx empty`. */
export async function runEmpty(context: CommandContext): Promise<number> {
  const { values, output, host } = context;
  const loaded = await loadConfig(host.cwd(), values.text("config"));
  const result = await createEmpty({
    name: values.text("name"),
    folder: folderOf(context, loaded),
    format: values.flag("sql") ? "sql" : "ts",
    transaction: !values.flag("no-transaction"),
    dryRun: values.flag("dry-run"),
  });
  const word = values.flag("dry-run") ? "would write" : "wrote";
  output.result(result, result.files.map((file) => `${word} ${file}`));
  return EXIT.done;
}

function timeOf(ms: number): string {
  return secondsText(ms / 1000);
}
