/** Questions of the command line on a terminal: they pass through to the process that does the work. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "node:test";
import { DENO, ROOT } from "./cli_process.ts";
import { testFolder } from "./cli_support.ts";

/** `script` of util-linux runs a program on a terminal of its own. */
const skip = DENO === undefined
  ? "the sandbox is that of Deno"
  : spawnSync("script", ["--version"]).status === 0
  ? false
  : "there is no `script` here, which makes a terminal";
if (skip !== false) console.warn(`skipped: questions on a terminal: ${skip}`);

/** Runs a command line on a terminal, and types an answer behind each question. */
async function typed(
  args: readonly string[],
  cwd: string,
  answers: ReadonlyMap<string, string>,
): Promise<{ code: number | null; shown: string }> {
  const line = [DENO!, "run", "-A", "--quiet", `${ROOT}/cli.ts`, ...args].join(" ");
  const child = spawn("script", ["-qec", line, "/dev/null"], {
    cwd,
    env: { ...process.env, NO_COLOR: "1", TERM: "xterm", DENO_NO_UPDATE_CHECK: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let [shown, seen] = ["", 0];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    shown += text;
    for (const [question, answer] of answers) {
      const at = shown.indexOf(question, seen);
      if (at < 0) continue;
      seen = at + question.length;
      child.stdin.write(`${answer}\n`);
    }
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  return { code, shown };
}

test("questions reach the terminal, and answers the process with the least rights", {
  skip,
}, async () => {
  await using folder = await testFolder();
  const answers = new Map([
    ["URL of the database (the variable DATABASE_URL): ", ""],
    ["Folder of the models (models): ", "db/models"],
    ["Folder of the migrations (migrations): ", "db/changes"],
  ]);
  const { code, shown } = await typed(["init"], folder.path, answers);
  assert.equal(code, 0, shown);
  for (const question of answers.keys()) assert.equal(shown.split(question).length, 2, shown);
  const files = await folder.all();
  assert.ok("db/models/" in files && "db/changes/" in files, Object.keys(files).join());
  assert.match(files["matrx.config.ts"]!, /db\/changes/);
});

test("nothing is asked where there is a terminal on one side only", { skip }, async () => {
  await using folder = await testFolder();
  const { code, shown } = await typed(["init", "</dev/null"], folder.path, new Map());
  assert.equal(code, 0, shown);
  assert.ok(!shown.includes("Folder of"), shown);
  assert.ok("models/" in await folder.all());
});
