import { migrateAndRebuild } from "../../migrations/rebuild.ts";
import { secondsText } from "../../migrations/apply/events.ts";
import type { CommandContext } from "../command.ts";
import { EXIT } from "../errors.ts";
import { progressLine, requestOf } from "../generate.ts";
import { summaryLines, warningsOf } from "../summary.ts";
import { runOptionsOf, withDatabase } from "./context.ts";

/** Applies migrations and writes the models anew: `matrx rebuild`. */
export async function runRebuild(context: CommandContext): Promise<number> {
  const { values, output, host } = context;
  const options = runOptionsOf(context);
  return await withDatabase(context, async ({ at, chosen, loaded }) => {
    const result = await migrateAndRebuild({
      ...at,
      ...options,
      to: values.text("to"),
      outOfOrder: values.flag("out-of-order"),
      always: values.flag("always"),
      generate: {
        ...requestOf(values, loaded, host.cwd()),
        nameDatabase: !chosen.isDefault,
        onProgress: (phase) => output.progress(progressLine(phase)),
      },
    });
    const { applied, generated } = result;
    for (const warning of generated === null ? [] : warningsOf(generated)) output.warning(warning);
    output.result(result, [
      ...applied.map(({ name, durationMs }) =>
        `applied ${name} in ${secondsText(durationMs / 1000)}`
      ),
      ...(applied.length === 0 ? ["Nothing to apply"] : []),
      ...(generated === null ? [] : summaryLines(generated)),
    ]);
    const conflicts = [...generated?.files ?? [], ...generated?.objects?.files ?? []]
      .some(({ action }) => action === "conflict");
    return conflicts ? EXIT.failure : EXIT.done;
  });
}
