/** The files and calls of docs/migrations.md, run in a folder of their own. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadConfig } from "../../cli/config_file.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");
const page = await readFile(new URL("../../docs/migrations.md", import.meta.url), "utf8");
const folder = await mkdtemp(join(dirname(fileURLToPath(import.meta.url)), ".docs-"));
after(() => rm(folder, { recursive: true, force: true }));
const skip = "Deno" in globalThis ? server.skip : "needs Deno";

/** Migrations of two branches: file, what it builds on, the column that it adds. */
const BRANCHES: readonly (readonly [string, readonly string[], string | null])[] = [
  ["0001_a.mjs", [], null],
  ["0002_left.mjs", ["0001_a"], "l"],
  ["0002_right.mjs", ["0001_a"], "r"],
];

const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"))].map((one) => one[1]!);

test("docs/migrations.md runs", { skip }, async () => {
  await using db = await testDatabase(server);
  await mkdir(join(folder, "migrations"));
  const isFile = (text: string): boolean => text.startsWith("// migrations/");
  const isConfig = (text: string): boolean => text.startsWith("// matrx.config.ts");
  const [making, ...programs] = blocks("ts").filter((text) => !isFile(text) && !isConfig(text));
  for (const text of blocks("ts").filter(isConfig)) {
    await writeFile(join(folder, "matrx.config.ts"), text);
    const { config } = await loadConfig(folder, undefined);
    assert.equal(config.lint?.levels?.["varchar-limit"], "off");
  }
  await mkdir(join(folder, "branched"));
  for (const [name, needed, column] of BRANCHES) {
    const table = column === null ? "create table a (id int)" : `alter table a add ${column} int`;
    const back = column === null ? "drop table a" : `alter table a drop ${column}`;
    const text = `export const dependencies = ${JSON.stringify(needed)};\n` +
      `export const up = (db) => db.execute("${table}");\n` +
      `export const down = (db) => db.execute("${back}");\n`;
    await writeFile(join(folder, "branched", name), text);
  }
  for (const text of [...blocks("ts").filter(isFile), ...blocks("sql")]) {
    const file = /^(?:\/\/|--) migrations\/([\w.]+)/.exec(text)?.[1];
    assert.ok(file !== undefined, text);
    await writeFile(join(folder, "migrations", file), text);
  }
  await writeFile(join(folder, "migrations", "0002_tags.down.sql"), "drop table tags;");
  const run = async (program: string, cwd: string): Promise<string> => {
    await mkdir(cwd, { recursive: true });
    await writeFile(join(cwd, "program.ts"), program);
    const { stdout } = await promisify(execFile)(process.execPath, ["run", "-A", "program.ts"], {
      cwd,
      env: { ...process.env, DATABASE_URL: db.url },
    });
    return stdout;
  };
  // a program that has no migrations yet
  const made = await run(making!, join(folder, "making"));
  assert.match(made, /^0001_create_books true\nCREATE TABLE "public"\."books"/);
  const outputs: string[] = [];
  for (const program of programs) outputs.push(await run(program, folder));
  const [calls, lint, reorganised, compared, ddl] = outputs;
  assert.match(reorganised!, /^0003_merge \[ "0002_left", "0002_right" \]$/m);
  assert.match(reorganised!, /^0001_all 4 true$/m);
  assert.match(reorganised!, /^0001_baseline \[\]$/m);
  assert.match(compared!, /^public\.books missing$/m);
  assert.match(compared!, /^CREATE TABLE "public"\."books"/m);
  assert.match(calls!, /^0001_notes \d+/m);
  assert.match(calls!, /0 \[ "0001_notes applied", "0002_tags applied" \]/);
  assert.match(lint!, /^0 0 \d+ 0$/m);
  assert.match(ddl!, /^ALTER TABLE "public"."notes" ADD COLUMN "pinned" boolean DEFAULT false$/m);
  assert.match(lint!, /\[ \{ mode: "SHARE", relation: "notes" \} \]/);
});
