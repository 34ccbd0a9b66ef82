/**
 * Runs the examples of doc comments, types checked: each is a module of its own, and all are loaded by
 * one process. `deno test --doc` loads the whole library anew for each of them.
 *
 * Usage: `deno run -A tools/run_examples.ts [FILE|FOLDER]...`
 */
import { examplesOf } from "./examples.ts";
import { projectFiles, readProject, ROOT } from "./project.ts";
import { isLibrary } from "./ranks.ts";

const files = projectFiles(...Deno.args).filter((file) => isLibrary(file) && file.endsWith(".ts"));
const examples = files.flatMap((file) =>
  examplesOf(readProject(file)).map((example) => ({ file, ...example }))
);
if (examples.length === 0) throw new Error("there are no examples");

// in the workspace, where the name of the package stands for the library
const folder = await Deno.makeTempDir({ dir: `${ROOT}/tests`, prefix: ".examples-" });
try {
  const tests = examples.map(({ file, line, module }, at) => {
    Deno.writeTextFileSync(`${folder}/example_${at}.ts`, module);
    return `test("${file}:${line}", () => run(example_${at}));`;
  });
  const imports = examples.map((_, at) =>
    `import { run as example_${at} } from "./example_${at}.ts";`
  );
  await Deno.writeTextFile(
    `${folder}/all_test.ts`,
    `import { test } from "node:test";
import { closeAll } from "@matrx/orm";
${imports.join("\n")}

/** Runs an example, and closes what it leaves open. */
async function run(example: () => Promise<void>): Promise<void> {
  try {
    await example();
  } finally {
    await closeAll();
  }
}
${tests.join("\n")}
`,
  );
  await Deno.mkdir(`${folder}/tmp`);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", `${folder}/all_test.ts`],
    cwd: ROOT,
    env: { TMPDIR: `${folder}/tmp` },
  }).spawn().status;
  if (code !== 0) Deno.exitCode = code;
} finally {
  await Deno.remove(folder, { recursive: true });
}
