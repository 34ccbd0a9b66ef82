/** The files of docs/declared.md, run in a folder of their own. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const page = await readFile(new URL("../../docs/declared.md", import.meta.url), "utf8");
const folder = await mkdtemp(join(dirname(fileURLToPath(import.meta.url)), ".docs-"));
after(() => rm(folder, { recursive: true, force: true }));

const MODELS = `
import { check, foreignKey, integer, manyToMany, model, sql, text } from "@matrx/orm";
export class Order extends model("orders", {
  id: integer().identity().primaryKey(),
  status: text().default("new"),
  total: integer(),
  tags: manyToMany<Tag>(() => Tag, { through: "order_tags", source: "order_id", target: "tag_id" }),
}, { constraints: [check(sql\`total < \${1000}\`)] }) {}
export class Tag extends model("tags", { id: integer().primaryKey(), of: text() }) {}
`;

const TOUCH = `
create function touch() returns trigger language plpgsql as $$ begin return new; end $$;
create trigger touched before update on orders for each row execute function touch();
`;

test("docs/declared.md runs", {
  skip: "Deno" in globalThis ? false : "needs Deno",
}, async () => {
  await mkdir(join(folder, "models"));
  await mkdir(join(folder, "db/objects"), { recursive: true });
  await writeFile(join(folder, "models/mod.ts"), MODELS);
  await writeFile(join(folder, "models/touch.sql"), TOUCH);
  await writeFile(join(folder, "db/objects/extensions.sql"), "create extension citext;");
  for (const [, text = ""] of page.matchAll(/^```ts\n([^]*?)^```$/gm)) {
    const file = /^\/\/ ([\w./]+)/.exec(text)?.[1];
    assert.ok(file !== undefined, text);
    await writeFile(join(folder, file), text);
  }
  const { stdout } = await promisify(execFile)(process.execPath, ["run", "-A", "declared.ts"], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1" },
  });
  const declared = stdout.split("\n");
  for (
    const object of [
      'view "public"."open_orders"',
      'trigger "public"."orders"."touched"',
      'constraint "public"."orders"."orders_total_check"',
      'table "public"."order_tags"',
      'extension "citext"',
    ]
  ) assert.ok(declared.includes(object), `${object} is not among\n${stdout}`);
});
