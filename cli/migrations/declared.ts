/** What a database is compared with, as options and config say it. */
import { resolve } from "node:path";
import type { DeclarationSources } from "../../migrations/make/declaration.ts";
import type { ScopeOptions } from "../../migrations/make/scope.ts";
import type { CommandContext } from "../command.ts";
import type { LoadedConfig } from "../config_file.ts";
import { refuseBothFilters } from "../filters.ts";

/** Where models and SQL objects are, which of a database is looked at, and where that is done. */
export type DeclaredOptions = DeclarationSources & ScopeOptions & {
  readonly shadow: string | undefined;
};

/**
 * Reads the options of a comparison; where they are silent the config file speaks.
 *
 * @throws {UsageError} tables are included and excluded at once
 */
export function declaredOptionsOf(
  { values, host }: CommandContext,
  { config, folder }: LoadedConfig,
): DeclaredOptions {
  refuseBothFilters(values);
  const given = values.list("models")?.map((path) => resolve(host.cwd(), path));
  const configured = [config.models ?? config.out ?? "models"].flat();
  const objects = values.text("objects");
  const configuredObjects = config.objects === undefined
    ? undefined
    : resolve(folder, config.objects);
  return {
    models: given ?? configured.map((path) => resolve(folder, path)),
    objects: objects === undefined ? configuredObjects : resolve(host.cwd(), objects),
    from: folder,
    schemas: values.list("schema"),
    includeTables: values.list("include-tables"),
    excludeTables: values.list("exclude-tables"),
    dropUnmanaged: values.some("drop-unmanaged"),
    shadow: values.text("shadow"),
  };
}
