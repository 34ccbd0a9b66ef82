import { relative, resolve } from "node:path";
import { lint } from "../../migrations/lint.ts";
import { HAZARD_LEVELS, type HazardLevel } from "../../migrations/lint/hazard.ts";
import type { LintedFile, LintOptions, LintResult } from "../../migrations/lint/lint.ts";
import type { Hazard } from "../../migrations/lint/script.ts";
import type { LintSettings } from "../../migrations/lint/settings.ts";
import type { CommandContext } from "../command.ts";
import { loadConfig } from "../config_file.ts";
import { EXIT, UsageError } from "../errors.ts";
import { folderOf, withDatabase } from "./context.ts";

/** Tells what is hazardous about migrations: `matrx lint`. */
export async function runLint(context: CommandContext): Promise<number> {
  const { values, host } = context;
  const loaded = await loadConfig(host.cwd(), values.text("config"));
  // the config was checked when it was loaded
  const settings = (loaded.config.lint ?? {}) as LintSettings;
  const wishes: LintOptions = {
    ...(values.list("only") === undefined ? {} : { names: values.list("only") }),
    ...(values.flag("pending") ? { pending: true } : {}),
    ...(values.flag("down") ? { down: true } : {}),
  };
  const files = values.list("file");
  if (files !== undefined) {
    if (Object.keys(wishes).length > 0 || values.flag("read")) {
      throw new UsageError(
        "--file stands alone",
        "--only, --pending, --down and --read are of the folder of migrations",
      );
    }
    const paths = files.map((file) => resolve(host.cwd(), file));
    return report(context, await lint({ ...settings, files: paths }));
  }
  if (values.flag("read") || values.flag("pending")) {
    return await withDatabase(context, async ({ at }) => {
      const { database, ...rest } = at;
      const where = values.flag("read") ? { database, ...rest } : rest;
      return report(context, await lint({ ...where, ...settings, ...wishes }));
    });
  }
  return report(
    context,
    await lint({ folder: folderOf(context, loaded), ...settings, ...wishes }),
  );
}

function report({ values, output, host }: CommandContext, result: LintResult): number {
  const mildest = (values.text("level") ?? "warning") as HazardLevel;
  const levels = HAZARD_LEVELS.slice(0, HAZARD_LEVELS.indexOf(mildest) + 1);
  const shows = ({ accepted, level }: Hazard): boolean =>
    accepted === null ? levels.includes(level) : values.flag("accepted");
  const { counts, files } = result;
  const hidden = HAZARD_LEVELS.filter((level) => !levels.includes(level) && counts[level] > 0)
    .map((level) => many(counts[level], level));
  output.result(result, [
    ...files.flatMap((file) =>
      file.hazards.filter(shows).flatMap((one) => linesOf(file, one, host.cwd()))
    ),
    [
      many(files.length, "file"),
      ...levels.map((level) => many(counts[level], level)),
      `${counts.accepted} accepted`,
    ].join(", "),
    ...(hidden.length === 0 ? [] : [`${hidden.join(" and ")} not shown; see --level`]),
  ]);
  return levels.some((level) => counts[level] > 0) ? EXIT.differences : EXIT.done;
}

function linesOf({ file, direction }: LintedFile, hazard: Hazard, cwd: string): string[] {
  const { line, level, kind, what, why, instead, accepted } = hazard;
  const path = file.includes("/") ? relative(cwd, file) : file;
  const place = `${path}${line === 0 ? "" : `:${line}`}${direction === "down" ? " (down)" : ""}`;
  if (accepted !== null) return [`${place} accepted ${kind}: ${what} (${accepted})`];
  return [`${place} ${level} ${kind}: ${what}`, `    ${why}`, `    Instead: ${instead}`];
}

function many(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
