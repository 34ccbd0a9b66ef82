import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { amiss, type Finding, ok } from "../generator/health/finding.ts";
import { checkServer } from "../generator/health/server.ts";
import { checkStructure } from "../generator/health/structure.ts";
import { readDatabase } from "../generator/run.ts";
import { closeAll, registerDatabase } from "../src/connect.ts";
import { OrmError } from "../src/errors/base.ts";
import { Databases } from "../src/execute/registry.ts";
import type { CommandContext } from "./commands.ts";
import { loadConfig, type LoadedConfig } from "./config_file.ts";
import { chooseDatabase, type ChosenDatabase } from "./databases.ts";
import { checkDrift } from "./doctor_drift.ts";
import { refuseNewDatabase } from "./embedded.ts";
import { EXIT } from "./errors.ts";
import { checkRuntime } from "./runtime.ts";

/** How many objects of a finding are named to a person. */
const MOST_NAMED = 5;

const SIGNS: Readonly<Record<Finding["status"], string>> = {
  ok: "ok      ",
  warning: "warning ",
  problem: "problem ",
};

/** Looks at runtime, config, connection, server and structure, and says what to do: `matrx doctor`. */
export async function runDoctor(context: CommandContext): Promise<number> {
  const findings: Finding[] = [];
  const { output, values } = context;
  try {
    await checkAll(context, (...found) => findings.push(...found));
  } finally {
    await closeAll();
  }
  const count = (status: Finding["status"]) =>
    findings.filter((finding) => finding.status === status).length;
  const [problems, warnings] = [count("problem"), count("warning")];
  output.result({ problems, warnings, findings }, [
    ...findings.flatMap((finding) => linesOf(finding, values.flag("verbose"))),
    "",
    `${problems} ${problems === 1 ? "problem" : "problems"}, ` +
    `${warnings} ${warnings === 1 ? "warning" : "warnings"}`,
  ]);
  return problems > 0 ? EXIT.failure : EXIT.done;
}

/** Each step needs the one before; what fails becomes a finding, and what needs it is not looked at. */
async function checkAll(
  context: CommandContext,
  note: (...findings: Finding[]) => void,
): Promise<void> {
  const { values, host, output } = context;
  note(checkRuntime());
  const loaded = await attempt("config", note, () => loadConfig(host.cwd(), values.text("config")));
  if (loaded === undefined) return;
  note(...await checkConfigPaths(loaded));

  const chosen = await attempt("database", note, async () => {
    const found = chooseDatabase(values.text("database"), loaded.config, host);
    await refuseNewDatabase(found.database);
    registerDatabase(found.database);
    return found;
  });
  if (chosen === undefined) return;
  output.progress("Connecting");
  const read = await attempt("connection", note, async () => {
    const database = await readDatabase({
      database: chosen.database.name,
      schema: values.list("schema") ?? loaded.config.generate?.schema,
    });
    note(ok("connection", connectionText(chosen)));
    return database;
  });
  if (read === undefined) return;

  await attempt("server", note, async () => {
    const database = Databases.default.get(chosen.database.name);
    const mode = chosen.database.poolMode ?? "session";
    note(...await checkServer(await database.driver(), read.schemas, mode));
  });
  note(
    read.unreadable.length === 0 ? ok("reading", "the role may read every table") : amiss(
      "warning",
      "reading",
      `the role may not read ${read.unreadable.length} tables or views`,
      "They get no model: grant SELECT on them, or leave them out",
      read.unreadable.map(({ schema, name }) => `${schema}.${name}`),
    ),
    ...checkStructure(read.catalog),
  );
  output.progress("Comparing with the migrations");
  await attempt("migrations", note, async () => {
    note(...await checkDrift(context, loaded, chosen.database.name));
  });
}

/** Runs a step; what it throws becomes a finding. */
async function attempt<Result>(
  check: string,
  note: (finding: Finding) => void,
  step: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await step();
  } catch (error) {
    // a fault of the program itself is no finding
    if (!(error instanceof OrmError)) throw error;
    note(
      amiss("problem", check, error.message, error.hint ?? `See ${error.code} in docs/errors.md`),
    );
    return undefined;
  }
}

async function checkConfigPaths({ config, folder, file }: LoadedConfig): Promise<Finding[]> {
  if (file === undefined) {
    return [ok("config", "no matrx.config.ts in this folder; none is needed")];
  }
  const named = [["out", config.out], ["migrations", config.migrations]] as const;
  const missing: string[] = [];
  for (const [key, path] of named) {
    if (path === undefined) continue;
    const there = await stat(resolve(folder, path)).then(() => true, () => false);
    if (!there) missing.push(`${key}: ${path}`);
  }
  if (missing.length === 0) return [ok("config", file)];
  return [amiss(
    "warning",
    "config",
    `${file} names folders that do not exist yet`,
    "They are made when something is written to them; correct the path if it should be there",
    missing,
  )];
}

/** Where the connection goes, without its secrets. */
function connectionText({ database }: ChosenDatabase): string {
  if (database.url === undefined) return `"${database.name}", by a driver of the config's`;
  const { protocol, host, pathname } = new URL(database.url);
  return `"${database.name}" at ${protocol}//${host}${pathname}`;
}

function linesOf(finding: Finding, all: boolean): string[] {
  const { check, status, found, advice, objects } = finding;
  const named = all ? objects : objects.slice(0, MOST_NAMED);
  const rest = objects.length - named.length;
  return [
    `${SIGNS[status]}${check.padEnd(13)}${found}`,
    ...(advice === null ? [] : [`${" ".repeat(21)}${advice}`]),
    ...named.map((name) => `${" ".repeat(23)}${name}`),
    ...(rest > 0 ? [`${" ".repeat(23)}and ${rest} more; --verbose names them`] : []),
  ];
}
