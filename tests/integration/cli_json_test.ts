/** What the commands print as JSON is what the command table, and so docs/cli.md, says. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { COMMANDS } from "../../cli/commands.ts";
import type { JsonShape } from "../../cli/json_shapes.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { ROOT } from "./cli_process.ts";
import { matrx, testFolder } from "./cli_support.ts";

const server = await testServer("pg18");
const { skip } = server;
const db = skip === false ? await testDatabase(server) : undefined;
const folder = await testFolder();
after(async () => {
  await db?.[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** The calls that were made: the command, and the option that its shape is for. */
const seen = new Set<string>();

/** Runs a command with `--json` and compares what it prints with what the table says. */
async function printed(
  command: string,
  args: readonly string[] = [],
  option = "",
  cwd = folder.path,
): Promise<Record<string, unknown>> {
  const words = [command, ...args, ...(option === "" ? [] : option.split(" ")), "--json"];
  const { out, err } = await matrx(words, { cwd, env: { DATABASE_URL: db!.url } });
  assert.equal(err, "", words.join(" "));
  const value = JSON.parse(out);
  const [key] = option.split(" ");
  const { json } = COMMANDS.find(({ name }) => name === command)!;
  const shape = json[key!];
  assert.ok(shape !== undefined, `nothing says what ${words.join(" ")} prints`);
  assert.deepEqual(misfits(value, shape, command), [], out);
  seen.add(`${command} ${key}`);
  return value;
}

/** Where a value is not of a shape. */
function misfits(value: unknown, shape: JsonShape, path: string): string[] {
  if (typeof shape === "string") {
    return shape.split(" | ").some((word) => isOf(value, word)) ? [] : [`${path} is no ${shape}`];
  }
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item, at) => misfits(item, shape[0], `${path}[${at}]`));
  }
  if (typeof value !== "object" || value === null) return [`${path} is no object`];
  const found = value as Record<string, unknown>;
  const names = Object.keys(shape).map((key) => key.replace(/\?$/, ""));
  const extra = Object.keys(found).filter((key) => !names.includes(key));
  const inner = Object.entries(shape).flatMap(([key, one]) => {
    const name = key.replace(/\?$/, "");
    if (Object.hasOwn(found, name)) return misfits(found[name], one, `${path}.${name}`);
    return key.endsWith("?") ? [] : [`${path}.${name} is missing`];
  });
  return [...extra.map((key) => `${path}.${key} is not in the table`), ...inner];
}

function isList(shape: JsonShape): shape is readonly [JsonShape] {
  return Array.isArray(shape);
}

function isOf(value: unknown, word: string): boolean {
  if (word === "unknown") return true;
  if (word.endsWith("[]")) {
    return Array.isArray(value) && value.every((item) => isOf(item, word.slice(0, -2)));
  }
  if (word === "null") return value === null;
  if (word === "true") return value === true;
  if (word.startsWith('"')) return value === JSON.parse(word);
  if (/^(?:object|\{|Record<)/.test(word)) return typeof value === "object" && value !== null;
  const kind: string = typeof value;
  return kind === word;
}

test("misfits() tells a value from its shape", () => {
  const shape = { a: "string | null", "b?": ["number"] } as const;
  assert.deepEqual(misfits({ a: null, b: [1] }, shape, "x"), []);
  assert.deepEqual(misfits({ a: 1, b: ["1"], c: 2 }, shape, "x"), [
    "x.c is not in the table",
    "x.a is no string | null",
    "x.b[0] is no number",
  ]);
  assert.deepEqual(misfits({}, shape, "x"), ["x.a is missing"]);
});

test("every command prints the JSON that the table says", { skip }, async () => {
  const here = ["--shadow", db!.url];
  await folder.write("new/readme.md", "");
  await printed("init", ["--yes"], "", `${folder.path}/new`);
  await folder.write(
    "models/mod.ts",
    `import { integer, model, text } from "${ROOT}/mod.ts";
export class Note extends model("notes", { id: integer().primaryKey(), body: text() }) {}
`,
  );
  await printed("permissions", ["generate"]);
  const made = await printed("makemigrations", here);
  assert.equal(made["name"], "0001_create_notes");
  await printed("lint");
  await printed("migrate", [], "--dry-run");
  await printed("migrate");
  for (const command of ["status", "doctor"]) await printed(command);
  for (const command of ["check", "diff"]) await printed(command, here);
  await printed("rollback", [], "--dry-run");
  await printed("rollback");
  await printed("rebuild", ["--out", "written"]);
  await printed("generate", ["--out", "written", "--with-objects"]);
  await printed("diagram", ["--out", "diagram.mmd"]);
  await printed("empty", ["--name", "more", "--sql"]);
  await printed("empty", ["--dry-run"], "--cache-sync");
  await printed("makemigrations", [...here, "--dry-run"], "--squash 0001..0002");
  await printed("makemigrations", ["--dir", "base", "--dry-run", ...here], "--baseline");
  for (const name of ["0001_a", "0002_b", "0002_c"]) {
    await folder.write(`branches/${name}.up.sql`, `create table ${name.slice(5)} (id int)`);
  }
  await printed("makemigrations", ["--dir", "branches", "--dry-run", ...here], "--merge");

  const all = COMMANDS.flatMap(({ name, json }) =>
    Object.keys(json).map((key) => `${name} ${key}`)
  );
  assert.deepEqual([...seen].sort(), all.sort());
});
