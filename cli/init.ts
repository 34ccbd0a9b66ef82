import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { ConfigurationError } from "../src/errors/base.ts";
import type { CommandContext } from "./commands.ts";
import { EXIT } from "./errors.ts";
import { type Answers, type InitFile, projectFiles, projectFolders } from "./init_files.ts";
import { programOf } from "./rights/self.ts";

/** What became of a file or a folder. */
interface Outcome {
  readonly path: string;
  readonly action: "create" | "left";
}

/** The questions, each of which is an option too; a terminal is asked for what is not given. */
const QUESTIONS = [
  ["database", "URL of the database", "the variable DATABASE_URL"],
  ["out", "Folder of the models", "models"],
  ["migrations", "Folder of the migrations", "migrations"],
] as const;

/** Makes a project's config, tasks and folders: `matrx init`. Never writes over a file. */
export async function runInit(context: CommandContext): Promise<number> {
  const { values, output, host } = context;
  const cwd = host.cwd();
  const answers = await answersOf(context);
  const files = projectFiles(answers, programOf(), process.versions.deno !== undefined);
  const dryRun = values.flag("dry-run");
  const outcomes: Outcome[] = [];
  for (const folder of projectFolders(answers)) {
    const isThere = existsSync(join(cwd, folder));
    if (!isThere && !dryRun) {
      await write(folder, () => mkdir(join(cwd, folder), { recursive: true }));
    }
    outcomes.push({ path: `${folder}/`, action: isThere ? "left" : "create" });
  }
  for (const { path, others, text } of files) {
    const taken = [path, ...others].find((one) => existsSync(join(cwd, one)));
    if (taken === undefined && !dryRun) {
      // `wx` refuses a file that has come meanwhile
      await write(path, () => writeFile(join(cwd, path), text, { flag: "wx" }));
    }
    outcomes.push({ path: taken ?? path, action: taken === undefined ? "create" : "left" });
  }
  const left = files.filter((file) =>
    [file.path, ...file.others].some((one) =>
      outcomes.some(({ path, action }) => path === one && action === "left")
    )
  );
  output.result({ dryRun, files: outcomes, next: nextSteps(answers) }, [
    ...outcomes.map(({ path, action }) => `${wordOf(action, dryRun)} ${path}`),
    ...left.flatMap(hintOf),
    "",
    ...nextSteps(answers).map((step) => `Next: ${step}`),
  ]);
  return EXIT.done;
}

/** What the options say, what is answered, and the defaults. */
async function answersOf({ values, host }: CommandContext): Promise<Answers> {
  const isSilent = ["json", "quiet", "yes"].some((name) => values.flag(name));
  const asks = host.canAsk && !isSilent;
  const found: Record<string, string | undefined> = {};
  for (const [option, question, standard] of QUESTIONS) {
    const given = values.text(option);
    const answer = given ?? (asks ? await host.ask(`${question} (${standard}): `) : undefined);
    found[option] = answer === undefined || answer.trim() === "" ? undefined : answer.trim();
  }
  return {
    url: found["database"],
    out: found["out"] ?? "models",
    migrations: found["migrations"] ?? "migrations",
  };
}

function wordOf(action: Outcome["action"], dryRun: boolean): string {
  if (action === "left") return "left as it is:";
  return dryRun ? "would make" : "made";
}

/** What a file that was there lacks, perhaps. */
function hintOf({ path, text }: InitFile): string[] {
  return ["", `${path} would have been:`, ...text.trimEnd().split("\n").map((line) => `  ${line}`)];
}

function nextSteps({ url, out }: Answers): string[] {
  return [
    ...(url === undefined || url.includes("@")
      ? ["set DATABASE_URL to postgres://user:password@host/database"]
      : []),
    `write models for the tables to ${out}: matrx generate`,
    "or describe tables there by hand, and write a migration for them",
  ];
}

async function write(path: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    throw new ConfigurationError(`Cannot write ${path}`, {
      code: "unwritable_output",
      hint: "Name a folder that you may write to; see the cause",
      context: { path },
      cause,
    });
  }
}
