import { baseline } from "../../migrations/baseline.ts";
import type { MigrationFormat } from "../../migrations/file/text.ts";
import { merge } from "../../migrations/merge.ts";
import { squash } from "../../migrations/squash.ts";
import type { CommandContext } from "../command.ts";
import { loadConfig } from "../config_file.ts";
import { EXIT, UsageError } from "../errors.ts";
import { folderOf, withDatabase } from "./context.ts";

/** What `matrx makemigrations` does with the files that are there, in place of making one of changes. */
const MODES = ["merge", "squash", "baseline"] as const;

/** The one of them that is asked for; undefined = none. */
export function modeOf({ values }: CommandContext): typeof MODES[number] | undefined {
  const given = MODES.filter((mode) =>
    mode === "squash" ? values.text(mode) !== undefined : values.flag(mode)
  );
  if (given.length > 1) {
    throw new UsageError(
      `${given.map((mode) => `--${mode}`).join(" and ")} exclude each other`,
      "Give one of them",
    );
  }
  return given[0];
}

/** Writes a merge, a squash or a baseline. */
export async function runReorganise(
  context: CommandContext,
  mode: typeof MODES[number],
): Promise<number> {
  const { values, output, host } = context;
  const how = {
    name: values.text("name"),
    format: values.text("format") as MigrationFormat | undefined,
    dryRun: values.flag("dry-run"),
    shadow: values.text("shadow"),
  };
  const wrote = how.dryRun ? "would write" : "wrote";
  if (mode === "baseline") {
    return await withDatabase(context, async ({ at }) => {
      const result = await baseline({
        ...at,
        ...how,
        schemas: values.list("schema"),
        onNotice: (line) => output.warning(line),
      });
      for (const one of result.unmodelled) output.warning(`${one} is not in it`);
      output.result(result, [
        ...result.files.map((file) => `${wrote} ${file}`),
        ...(how.dryRun ? [] : [`recorded ${result.name} as applied`]),
      ]);
      return EXIT.done;
    });
  }
  const folder = folderOf(context, await loadConfig(host.cwd(), values.text("config")));
  if (mode === "merge") {
    const result = await merge({ ...how, folder });
    output.result(result, result.files.map((file) => `${wrote} ${file}`));
    return EXIT.done;
  }
  const [first, last, ...more] = values.text("squash")!.split("..");
  if (first === undefined || last === undefined || more.length > 0 || first === "" || last === "") {
    throw new UsageError("--squash takes a range", "Write --squash 0001..0007");
  }
  const result = await squash({ ...how, folder, first, last });
  output.result(result, [
    ...result.files.map((file) => `${wrote} ${file}`),
    `It stands for ${result.replaces.join(", ")}`,
    ...(result.reversible ? [] : ["It cannot be rolled back"]),
  ]);
  return EXIT.done;
}
