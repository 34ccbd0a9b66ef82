/** What is done with generated code: check its types, open its models. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./project.ts";

/** Makes a folder that holds generated code in `models` a project that can run it. */
export async function prepareFolder(work: string, isolatedDeclarations: boolean): Promise<void> {
  const config = {
    imports: {
      "@matrx/orm": pathToFileURL(join(ROOT, "mod.ts")).href,
      "@matrx/orm/testing": pathToFileURL(join(ROOT, "src/testing/mod.ts")).href,
    },
    nodeModulesDir: "none",
    lock: false,
    compilerOptions: {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noImplicitOverride: true,
      erasableSyntaxOnly: true,
      verbatimModuleSyntax: true,
      isolatedDeclarations,
    },
  };
  await Deno.writeTextFile(join(work, "deno.json"), JSON.stringify(config));
}

async function deno(work: string, args: readonly string[]): Promise<Deno.CommandOutput> {
  return await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: work,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).output();
}

/** Checks the types of the code in a folder of it. */
export async function checkTypes(
  work: string,
  folder = "models",
  files: readonly string[] = ["mod.ts"],
): Promise<{ readonly seconds: number; readonly failures: readonly string[] }> {
  const started = performance.now();
  const { success, stderr } = await deno(work, [
    "check",
    ...files.map((file) => `${folder}/${file}`),
  ]);
  const seconds = (performance.now() - started) / 1000;
  return { seconds, failures: success ? [] : [new TextDecoder().decode(stderr)] };
}

const OPEN = `
import { closeAll, registerDatabase } from "@matrx/orm";
import * as models from "./models/mod.ts";

registerDatabase({ name: "main", url: Deno.args[0] });
const failures = [];
let opened = 0;
const classes = Object.entries(models)
  .filter(([, model]) => typeof model === "function" && "meta" in model);
// a dump leaves materialized views empty, and one may read another
const empty = new Set(classes.map(([, model]) => model)
  .filter((model) => model.meta.kind === "materialized view"));
for (let before = -1; before !== empty.size;) {
  before = empty.size;
  for (const model of empty) await model.refresh().then(() => empty.delete(model), () => undefined);
}
for (const [name, model] of classes) {
  try {
    const rows = await model.filter().limit(1).all();
    const count = await model.count();
    if (rows.length > count) throw new Error("more rows than count() says");
    opened++;
  } catch (error) {
    failures.push(name + ": " + (error?.stack ?? error));
  }
}
await closeAll();
console.log(JSON.stringify({ opened, failures }));
`;

/** Reads a row of every model in `models`, and counts its rows. */
export async function openModels(
  work: string,
  url: string,
): Promise<{ readonly opened: number; readonly failures: readonly string[] }> {
  await Deno.writeTextFile(join(work, "open.js"), OPEN);
  const ran = await runScript(work, "open.js", url);
  return ran.ok ? JSON.parse(ran.out) : { opened: 0, failures: [ran.err] };
}

/** Runs a script of a folder; what it prints last is its result. */
export async function runScript(
  work: string,
  file: string,
  ...args: readonly string[]
): Promise<{ readonly ok: boolean; readonly out: string; readonly err: string }> {
  const { success, stdout, stderr } = await deno(work, ["run", "-A", file, ...args]);
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  return { ok: success, out: text(stdout), err: text(stderr) };
}
