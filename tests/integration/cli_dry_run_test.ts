/** What a dry run prints: the SQL, what it locks and loses, in colours for a person alone. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { matrx, testFolder } from "./cli_support.ts";
import { migration } from "./migrate_world.ts";

const COLOURS = new RegExp("\u001b\\[\\d*m", "g");
const server = await testServer("pg18");

test("matrx migrate --dry-run tells what each statement does", { skip: server.skip }, async () => {
  await using db = await testDatabase(server);
  await using folder = await testFolder();
  const files: Readonly<Record<string, string>> = {
    "0001_shop.ts": migration(
      "create table orders (\n        id bigint primary key\n      );\n insert into orders values (1)",
      "drop table orders",
    ),
    "0002_more.ts": migration([
      "alter table orders alter id type text",
      "select 'a\n      b'",
      "update orders set id = 1 where id = 2",
    ], null),
    "0003_index.up.sql": "-- matrx: no transaction\ncreate index concurrently i on orders (id);",
  };
  for (const [name, text] of Object.entries(files)) await folder.write(name, text);
  const args = ["migrate", "--dry-run", "--database", db.url, "--dir", folder.path];
  const plain = await matrx(args, { env: { NO_COLOR: "1" }, terminal: true });
  assert.equal(plain.status, 0, plain.err);
  assert.equal(
    plain.out,
    `-- 0001_shop
BEGIN;
create table orders (
  id bigint primary key
);
insert into orders values (1);
COMMIT;

-- 0002_more
BEGIN;
-- locks orders (ACCESS EXCLUSIVE), writes every row
-- hazards: type-change; see matrx lint
alter table orders alter id type text;
select 'a
      b';
-- hazards: work-under-lock; see matrx lint
update orders set id = 1 where id = 2;
COMMIT;

-- 0003_index, each statement by itself
-- locks orders (SHARE UPDATE EXCLUSIVE), reads every row, outside of a transaction
create index concurrently i on orders (id);

-- Nothing was changed (--dry-run)
`,
  );
  assert.equal((await matrx(args)).out, plain.out);
  const shown = await matrx(args, { terminal: true });
  assert.ok(shown.out.includes("\u001b[34mcreate\u001b[0m \u001b[34mtable\u001b[0m orders (\n"));
  assert.ok(shown.out.includes("\u001b[2m-- locks orders (ACCESS EXCLUSIVE), writes every row"));
  assert.equal(shown.out.replace(COLOURS, ""), plain.out);
  const json = JSON.parse((await matrx([...args, "--json"], { terminal: true })).out);
  assert.deepEqual(json.migrations[1].facts[0].locks, [
    { mode: "ACCESS EXCLUSIVE", relation: "orders" },
  ]);
  const { rows } = await db.driver.query({ text: "select to_regclass('orders')", params: [] });
  assert.deepEqual(rows, [[null]]);
  await matrx(["migrate", "--to", "1", ...args.slice(2)]);
  const back = await matrx(["rollback", ...args.slice(1)]);
  assert.match(
    back.out,
    /-- 0001_shop, rolled back\nBEGIN;\n-- locks orders \(ACCESS EXCLUSIVE\), loses all rows of orders\n-- hazards: drop-table; see matrx lint\ndrop table orders;/,
  );
});
