/**
 * Runs everything that proves the project, and ends with `N passed, M failed`.
 *
 * Usage: `deno run -A tools/test.ts [--quick]`; `--quick` leaves out what needs a server.
 */
import { delimiter, dirname } from "node:path";
import { projectFiles, ROOT } from "./project.ts";
import { isWalled } from "./ranks.ts";
import { tally } from "./tally.ts";

const quick = Deno.args.includes("--quick");
const deno = Deno.execPath();
const env = {
  CI: "true",
  NO_COLOR: "1",
  DENO_NO_UPDATE_CHECK: "1",
  DENO_NO_PROMPT: "1",
  // Deno trusts its own list alone by default; a mirror's certificate is in the system's
  DENO_TLS_CA_STORE: Deno.env.get("DENO_TLS_CA_STORE") ?? "system,mozilla",
  // tests that call `deno` get the one that runs them
  PATH: [dirname(deno), Deno.env.get("PATH") ?? "/usr/bin:/bin"].join(delimiter),
};
const started = performance.now();
let [passed, failed] = [0, 0];

/** Runs deno and gives its status and what it printed, in order. */
async function run(args: readonly string[]): Promise<{ ok: boolean; output: string }> {
  const child = new Deno.Command(deno, {
    args: [...args],
    cwd: ROOT,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let output = "";
  const collect = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) output += text;
  };
  const [status] = await Promise.all([child.status, collect(child.stdout), collect(child.stderr)]);
  return { ok: status.success, output };
}

function add(name: string, good: number, bad: number, note = ""): void {
  [passed, failed] = [passed + good, failed + bad];
  const seconds = ((performance.now() - started) / 1000).toFixed(0).padStart(4);
  console.log(`${seconds}s  ${name.padEnd(28)} ${good} passed, ${bad} failed${note}`);
}

/** Runs one check, which passes or fails as a whole. */
async function check(name: string, args: readonly string[]): Promise<void> {
  const { ok, output } = await run(args);
  if (!ok) console.log(output);
  add(name, ok ? 1 : 0, ok ? 0 : 1);
}

/** The part of a test run's output that tells of its failures. */
function faults(output: string): string {
  const at = output.lastIndexOf("\n ERRORS \n");
  return output.slice(Math.max(at, 0)).split("\n").slice(at < 0 ? -200 : 0).join("\n");
}

/** Runs a suite and adds up its tests. A suite that ran nothing has failed. */
async function suite(name: string, args: readonly string[]): Promise<void> {
  const { ok, output } = await run(args);
  const counts = tally(output);
  const bad = counts.failed === 0 && (!ok || counts.passed === 0) ? 1 : counts.failed;
  if (bad > 0) console.log(faults(output));
  for (const line of new Set(output.match(/^skipped: .*$/gm))) console.log(line);
  add(name, counts.passed, bad, counts.ignored > 0 ? `, ${counts.ignored} skipped` : "");
}

/** The folders of tests that need a server, files or the network. */
function serverSuites(): string[] {
  const folders = projectFiles("tests").filter((file) => /[_.]test\.tsx?$/.test(file))
    .map((file) => file.split("/").slice(0, 2).join("/"));
  return [...new Set(folders)].filter((folder) => !/^tests\/(?:unit|tools)$/.test(folder));
}

const sources = projectFiles("src").filter((file) => file.endsWith(".ts"));

await check("types", ["check", "--frozen"]);
await check("types within the wall", [
  ...["check", "--no-lock", "--config", "tools/wall.json"],
  ...sources.filter(isWalled),
]);
await check("import graph", ["run", "-A", "tools/check_graph.ts"]);
await check("lint", ["lint"]);
await check("format", ["fmt", "--check"]);
await check("doc comments", ["run", "-A", "tools/check_docs.ts"]);
await check("examples are there", ["run", "-A", "tools/check_examples.ts"]);
await check("texts", ["run", "-A", "tools/check_texts.ts"]);
await check("error codes", ["run", "-A", "tools/check_errors.ts"]);
await check("reserved names", ["run", "-A", "tools/reserved_names.ts", "--check"]);
await suite("unit tests, no permissions", [
  ...["test", "--no-prompt", "--no-check", "-P=unit", "tests/unit"],
]);
await suite("tests of the tools", ["test", "--no-check", "-A", "tests/tools"]);
/** Runs tests with servers of their own. */
function serverSuite(name: string, paths: readonly string[]): Promise<void> {
  return suite(name, [
    ...["run", "-A", "tools/with_servers.ts", "--", deno],
    ...["test", "--no-check", "-A", ...paths],
  ]);
}

if (!quick) {
  const integration = projectFiles("tests/integration").filter((file) => /_test\.ts$/.test(file));
  const isEngine = (file: string): boolean => /\/(?:model|query|docs)_\w+\.ts$/.test(file);
  const isOfMigrations = (file: string): boolean =>
    /\/(?:check|cli|ddl|declare|diff|faces|lint|make|make\w+|migrat\w+|rebuild|reorganise|shadow)_\w+\.ts$/
      .test(file);
  const isOther = (file: string): boolean => !isEngine(file) && !isOfMigrations(file);
  const apart = ["tests/integration", "tests/faults"];
  const others = serverSuites().filter((folder) => !apart.includes(folder));
  const examples = (): Promise<void> =>
    suite("examples of doc comments", ["run", "-A", "tools/run_examples.ts"]);
  const engineFirst = async (): Promise<void> => {
    await serverSuite("integration of the engine", integration.filter(isEngine));
    for (const folder of others) {
      await serverSuite(`${folder.slice("tests/".length)} tests`, [folder]);
    }
  };
  const faultsFirst = async (): Promise<void> => {
    await serverSuite("faults tests", ["tests/faults"]);
    await examples();
    await serverSuite("integration of migrations", integration.filter(isOfMigrations));
  };
  // side by side: two of them keep a core busy each, and the faults wait more than they work
  await Promise.all([
    engineFirst(),
    faultsFirst(),
    serverSuite("integration of the rest", integration.filter(isOther)),
  ]);
}
console.log(`\n${passed} passed, ${failed} failed`);
if (failed > 0) Deno.exit(1);
