/** Measures what the types of many models and queries cost: instantiations and seconds, by checker. */
import { typeSources } from "./type_sources.ts";

const MODELS = 500;
const QUERIES = 50;
/** The checkers, by the folder that npm installs them in. */
const CHECKERS = { "typescript 5.9.3": "ts5", "typescript 7.0.2": "ts7" } as const;
/** Most instantiations that the models and queries may cost with TypeScript 5.9. */
const MOST_INSTANTIATIONS = 260_000;

const folder = Deno.args[0] ?? await Deno.makeTempDir({ prefix: "matrx-orm-types-" });

const COMPILER_OPTIONS = {
  target: "esnext",
  module: "esnext",
  moduleResolution: "bundler",
  lib: ["esnext", "dom"],
  types: [],
  noEmit: true,
  allowImportingTsExtensions: true,
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
};

interface Measured {
  readonly errors: string[];
  readonly instantiations: number;
  readonly seconds: number;
}

async function run(
  command: string,
  args: readonly string[],
): Promise<{ text: string; ms: number }> {
  const started = performance.now();
  const { stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: folder,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return {
    text: decoder.decode(stdout) + decoder.decode(stderr),
    ms: performance.now() - started,
  };
}

async function measure(checker: string, files: readonly string[]): Promise<Measured> {
  await Deno.writeTextFile(
    `${folder}/tsconfig.json`,
    JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files }),
  );
  const { text } = await run("node", [
    `node_modules/${checker}/bin/tsc`,
    "-p",
    ".",
    "--extendedDiagnostics",
  ]);
  const figure = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(text)?.[1] ?? NaN);
  return {
    errors: text.split("\n").filter((line) => line.includes("error TS")),
    instantiations: figure("Instantiations"),
    seconds: figure("Total time"),
  };
}

const sources = typeSources(MODELS, QUERIES);
const named = (start: string): string[] =>
  [...sources.keys()].filter((name) => name.startsWith(start));
const [models, queries] = [named("model_"), named("query_")];
for (const [name, source] of sources) await Deno.writeTextFile(`${folder}/${name}`, source);
await run("npm", ["init", "-y"]);
const installed = await run("npm", [
  ...["install", "--silent", "--no-audit", "--no-fund"],
  ...["ts5@npm:typescript@5.9.3", "ts7@npm:typescript@7.0.2"],
]);

let failed = false;
for (const [name, checker] of Object.entries(CHECKERS)) {
  const library = await measure(checker, ["lib.ts"]);
  const onlyModels = await measure(checker, ["lib.ts", ...models]);
  const whole = await measure(checker, ["lib.ts", ...models, ...queries]);
  const own = whole.instantiations - library.instantiations;
  console.log(
    `${name}: ${own} instantiations (${
      onlyModels.instantiations - library.instantiations
    } of them by models), ${whole.seconds} s (${library.seconds} s of them for the library), ${whole.errors.length} errors`,
  );
  if (whole.errors.length > 0) console.error(whole.errors.slice(0, 5).join("\n"));
  failed ||= whole.errors.length > 0 || Number.isNaN(own);
  if (checker === "ts5" && own > MOST_INSTANTIATIONS) {
    console.error(`more than ${MOST_INSTANTIATIONS} instantiations`);
    failed = true;
  }
}
if (failed) console.error(installed.text.slice(0, 2000));

await Deno.writeTextFile(
  `${folder}/all.ts`,
  [...models, ...queries].map((file) => `import "./${file}";`).join("\n"),
);
await Deno.remove(`${folder}/tsconfig.json`);
const config = { compilerOptions: { strict: true, exactOptionalPropertyTypes: true } };
await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify(config));
const checked = await run(Deno.execPath(), ["check", "--quiet", "--no-lock", "all.ts"]);
const denoErrors = checked.text.split("\n").filter((line) => /\bTS\d+ /.test(line));
console.log(
  `deno check: ${(checked.ms / 1000).toFixed(2)} s for everything, ${denoErrors.length} errors`,
);
if (denoErrors.length > 0) console.error(checked.text.slice(0, 2000));
if (Deno.args[0] === undefined) await Deno.remove(folder, { recursive: true });
Deno.exit(failed || denoErrors.length > 0 ? 1 : 0);
