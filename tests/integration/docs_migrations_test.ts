/** The files and calls of docs/migrations.md, run in a folder of their own. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");
const page = await readFile(new URL("../../docs/migrations.md", import.meta.url), "utf8");
const folder = await mkdtemp(join(dirname(fileURLToPath(import.meta.url)), ".docs-"));
after(() => rm(folder, { recursive: true, force: true }));
const skip = "Deno" in globalThis ? server.skip : "needs Deno";

const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"))].map((one) => one[1]!);

test("docs/migrations.md runs", { skip }, async () => {
  await using db = await testDatabase(server);
  await mkdir(join(folder, "migrations"));
  const isFile = (text: string): boolean => text.startsWith("// migrations/");
  const [making, ...programs] = blocks("ts").filter((text) => !isFile(text));
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
  const [calls, lint, ddl] = outputs;
  assert.match(calls!, /^0001_notes \d+/m);
  assert.match(calls!, /0 \[ "0001_notes applied", "0002_tags applied" \]/);
  assert.match(lint!, /^0 0 \d+ 0$/m);
  assert.match(ddl!, /^ALTER TABLE "public"."notes" ADD COLUMN "pinned" boolean DEFAULT false$/m);
  assert.match(lint!, /\[ \{ mode: "SHARE", relation: "notes" \} \]/);
});
