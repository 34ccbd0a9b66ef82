import type { GenerateConfig } from "../generator/config.ts";
import { UsageError } from "./errors.ts";
import type { OptionValues } from "./options.ts";

/**
 * Refuses a list of tables to keep together with one to leave out.
 *
 * @throws {UsageError} both are given
 */
export function refuseBothFilters(values: OptionValues): void {
  if (values.list("include-tables") === undefined) return;
  if (values.list("exclude-tables") === undefined) return;
  throw new UsageError(
    "--include-tables and --exclude-tables exclude each other",
    "Give one of the two",
  );
}

/** Which tables are wanted: one list on the command line beats both of the config. */
export function filtersOf(
  values: OptionValues,
  config: GenerateConfig,
): Pick<GenerateConfig, "includeTables" | "excludeTables"> {
  const includeTables = values.list("include-tables");
  const excludeTables = values.list("exclude-tables");
  const { includeTables: include, excludeTables: exclude } =
    includeTables === undefined && excludeTables === undefined
      ? config
      : { includeTables, excludeTables };
  return {
    ...(include === undefined ? {} : { includeTables: include }),
    ...(exclude === undefined ? {} : { excludeTables: exclude }),
  };
}
