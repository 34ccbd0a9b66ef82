import { check, type CheckResult } from "../../migrations/check.ts";
import { difference } from "../../migrations/difference.ts";
import { differenceLine, type ObjectDifference } from "../../migrations/make/differences.ts";
import { resolve } from "node:path";
import type { CommandContext } from "../command.ts";
import { EXIT } from "../errors.ts";
import { type MigrationContext, withDatabase } from "./context.ts";
import { declaredOptionsOf } from "./declared.ts";
import { listed } from "./lines.ts";
import { colouredSql } from "./sql_text.ts";

/** Compares database, files and models: `matrx check`. */
export async function runCheck(context: CommandContext): Promise<number> {
  const { output } = context;
  return await withDatabase(context, async ({ at, loaded }) => {
    const { dropUnmanaged: _, ...declared } = declaredOptionsOf(context, loaded);
    const result = await check({
      ...declared,
      ...at,
      onNotice: (line) => output.warning(line),
    });
    for (const warning of result.warnings) output.warning(warning);
    output.result(result, checkLines(result));
    return result.same ? EXIT.done : EXIT.differences;
  });
}

function checkLines(result: CheckResult): string[] {
  const { same, pending, changed, missing, drift, undeclared, unmanaged } = result;
  const part = (title: string, list: readonly ObjectDifference[]): string[] =>
    list.length === 0 ? [] : [title, ...list.map((one) => `  ${differenceLine(one)}`)];
  const names = (title: string, list: readonly string[]): string[] =>
    list.length === 0 ? [] : [`${title}: ${list.join(", ")}`];
  return [
    ...names("not applied", pending),
    ...names("applied, and changed since", changed),
    ...names("applied, and no longer there", missing),
    ...part("the database is not what its migrations lead to", drift ?? []),
    ...part(
      `the database${pending.length === 0 ? "" : ", once migrated,"} is not what is declared`,
      undeclared,
    ),
    ...(unmanaged.length === 0 ? [] : [`left alone, as nothing declares it: ${listed(unmanaged)}`]),
    ...(same ? ["Database, migrations and models agree"] : []),
  ];
}

/** Prints the SQL between two states: `matrx diff`. */
export async function runDiff(context: CommandContext): Promise<number> {
  const { values, output } = context;
  return await withDatabase(context, async (site) => {
    const result = await difference({
      ...declaredOptionsOf(context, site.loaded),
      before: sideOf(values.text("before"), site),
      after: values.text("after") === undefined ? "models" : sideOf(values.text("after"), site),
      safe: !values.flag("plain"),
      onNotice: (line) => output.warning(line),
    });
    for (const warning of result.warnings) output.warning(warning);
    const paint = output.colours ? colouredSql : (text: string): string => text;
    output.result(
      result,
      [
        ...result.steps.flatMap((
          { sql, notes },
        ) => [...notes.map((note) => `-- ${note}`), `${sql};`]),
        ...(result.same ? ["-- Nothing differs"] : []),
      ].map(paint),
    );
    return result.same ? EXIT.done : EXIT.differences;
  });
}

/** A side as an option names it; without one the database of the command. */
function sideOf(given: string | undefined, { host, chosen, loaded }: MigrationContext): string {
  if (given === undefined) return chosen.database.name;
  if (given === "models" || given.includes("://")) return given;
  if (given.endsWith(".json")) return resolve(host.cwd(), given);
  const { databases } = loaded.config;
  // another database of the config is read by its URL
  const other = databases !== undefined && !Array.isArray(databases)
    ? (databases as Readonly<Record<string, unknown>>)[given]
    : undefined;
  return typeof other === "string" ? other : given;
}
