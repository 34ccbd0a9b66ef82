import assert from "node:assert/strict";
import { after, test } from "node:test";
import { COMMANDS } from "../../cli/commands.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { DENO, ROOT, runCli } from "./cli_process.ts";
import { type TestFolder, testFolder } from "./cli_support.ts";

const server = await testServer("pg18");
const skip = DENO === undefined ? "the rights are those of Deno" : server.skip;
const db = skip === false ? await testDatabase(server) : undefined;
after(() => db?.[Symbol.asyncDispose]());

const MODELS = `import { integer, model, text } from "${ROOT}/mod.ts";
export class Note extends model("notes", { id: integer().primaryKey(), body: text() }) {}
`;

/** A project with a config, a model and a migration. */
async function project(): Promise<TestFolder> {
  const folder = await testFolder();
  await folder.write("settings.ts", `export const migrations = "changes";`);
  await folder.write(
    "matrx.config.ts",
    `import { migrations } from "./settings.ts";
export default { databases: { main: Deno.env.get("DATABASE_URL") }, migrations };`,
  );
  await folder.write("models/mod.ts", MODELS);
  await folder.write("changes/0001_notes.up.sql", "create table notes (id int primary key)");
  await folder.write("changes/0001_notes.down.sql", "drop table notes");
  return folder;
}

/** What commands are called with beside nothing. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  completions: ["bash"],
  permissions: ["generate"],
  empty: ["--name", "more"],
};

const REFUSED = /NotCapable|Requires \w+ access|run again with the --allow/;

for (const command of COMMANDS) {
  const { name } = command;
  test(`matrx ${name} works with the rights that matrx permissions prints`, { skip }, async () => {
    await using folder = await project();
    const start = { cwd: folder.path, env: { DATABASE_URL: db!.url } };
    const words = [name, ...WORDS[name] ?? []];
    let flags: readonly string[] = ["--no-prompt", "--ignore-env"];
    if (command.permissions.read.length > 0 && command.takesOptionsOf !== true) {
      const asked = await runCli(["-A"], ["permissions", ...words, "--json"], start);
      assert.equal(asked.code, 0, asked.err + asked.out);
      flags = JSON.parse(asked.out).flags;
    } else if (command.takesOptionsOf === true) {
      flags = ["--no-prompt", "--allow-read", "--allow-env", "--allow-sys=homedir"];
    }
    const exact = await runCli(flags, words, start);
    assert.doesNotMatch(exact.out + exact.err, REFUSED, flags.join(" "));
    assert.ok([0, 1, 3].includes(exact.code!), `${exact.code} ${exact.err}`);
    const again = await runCli(["-A"], words, start);
    assert.doesNotMatch(again.out + again.err, REFUSED);
    assert.ok([0, 1, 3].includes(again.code!), `${again.code} ${again.err}`);
    if (Object.hasOwn(WORDS, name) || /^(?:generate|diagram|status|migrate|rollback)$/.test(name)) {
      assert.deepEqual([exact.code, again.code], [0, 0], exact.err + again.err);
    }
  });
}
