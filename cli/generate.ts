import { resolve } from "node:path";
import type { GenerateConfig } from "../generator/config.ts";
import type { ManagerGroup, ManagerOptions } from "../generator/options.ts";
import { generate, type GenerateRequest, type Phase } from "../generator/run.ts";
import { closeAll, registerDatabase } from "../src/connect.ts";
import type { CommandContext } from "./commands.ts";
import { loadConfig, type LoadedConfig } from "./config_file.ts";
import { chooseDatabase } from "./databases.ts";
import { refuseNewDatabase } from "./embedded.ts";
import { EXIT, UsageError } from "./errors.ts";
import { filtersOf, refuseBothFilters } from "./filters.ts";
import type { OptionValues } from "./options.ts";
import { changes, planLines, summaryLines, warningsOf } from "./summary.ts";

/** Reads a database and writes its models: `matrx generate`. */
export async function runGenerate({ values, output, host }: CommandContext): Promise<number> {
  refuseBothFilters(values);
  const loaded = await loadConfig(host.cwd(), values.text("config"));
  const chosen = chooseDatabase(values.text("database"), loaded.config, host);
  const request = requestOf(values, loaded, host.cwd());
  await refuseNewDatabase(chosen.database);
  registerDatabase(chosen.database);
  try {
    const result = await generate({
      ...request,
      database: chosen.database.name,
      nameDatabase: !chosen.isDefault,
      onProgress: (phase) => output.progress(progressLine(phase)),
    });
    for (const warning of warningsOf(result)) output.warning(warning);
    output.result(result, [
      ...(result.dryRun ? planLines(result, values.flag("verbose")) : []),
      ...summaryLines(result),
    ]);
    const conflicts = [...result.files, ...result.objects?.files ?? []]
      .some((file) => file.action === "conflict");
    if (conflicts) return EXIT.failure;
    return result.dryRun && changes(result) ? EXIT.differences : EXIT.done;
  } finally {
    await closeAll();
  }
}

/** What the options say, and what the config says where they are silent. */
export function requestOf(
  values: OptionValues,
  loaded: LoadedConfig,
  cwd: string,
): GenerateRequest {
  const { out, objects, generate: config = {} } = loaded.config;
  const folder = (option: string, configured: string) => {
    const given = values.text(option);
    return given === undefined ? resolve(loaded.folder, configured) : resolve(cwd, given);
  };
  return {
    schema: values.list("schema") ?? config.schema,
    out: folder("out", out ?? "models"),
    withObjects: values.flag("with-objects"),
    objects: folder("objects", objects ?? "db/objects"),
    strict: values.flag("strict"),
    ...filtersOf(values, config),
    casing: casingOf(values.text("casing")) ?? config.casing,
    explicit: values.flag("explicit") || config.explicit,
    managers: managersOf(values, config),
    importFrom: values.text("import-from") ?? config.importFrom,
    dryRun: values.flag("dry-run"),
    force: values.flag("force"),
  };
}

function managersOf(values: OptionValues, config: GenerateConfig): false | ManagerOptions {
  const asked = values.some("managers");
  const isEmpty = values.flag("no-prefetch");
  if (values.flag("no-managers")) {
    const other = isEmpty ? "--no-prefetch" : "--managers";
    if (asked !== false || isEmpty) {
      throw new UsageError(`--no-managers and ${other} exclude each other`, "Give one of the two");
    }
    return false;
  }
  if (config.managers === false && asked === false) {
    if (!isEmpty) return false;
    throw new UsageError(
      "--no-prefetch is given, and the config says managers: false",
      "Give --managers",
    );
  }
  return {
    ...(typeof config.managers === "object" ? config.managers : {}),
    ...(typeof asked === "object" ? { groups: asked as readonly ManagerGroup[] } : {}),
    ...(isEmpty ? { prefetch: false } : {}),
  };
}

function casingOf(value: string | undefined): "camel" | "preserve" | undefined {
  return value === "camel" || value === "preserve" ? value : undefined;
}

/** Says in a line what is being done. */
export function progressLine(phase: Phase): string {
  switch (phase.phase) {
    case "connect":
      return `Connecting to ${phase.database}`;
    case "read":
      return `Reading ${phase.schemas.length === 1 ? "schema" : "schemas"} ${
        phase.schemas.join(", ")
      }`;
    case "plan":
      return `Writing code for ${phase.tables} tables and their views`;
    case "write":
      return `Writing ${phase.files} ${phase.files === 1 ? "file" : "files"} to ${phase.out}`;
  }
}
