import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { layOut } from "../../generator/diagram/layout.ts";
import type { Entity, Link } from "../../generator/diagram/entities.ts";
import { diagram } from "../../generator/diagram/diagram.ts";
import { introspect } from "../../generator/introspect/introspect.ts";
import { cpuOf, leastOf } from "../support/cpu.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { matrx, testFolder } from "./cli_support.ts";

const server = await testServer("pg18");

const SCHEMA = `
  create table customers (id int primary key, email varchar(80) not null unique);
  comment on table customers is '</script><script>document.title = "hostile"</script>';
  create table orders (
    id int primary key,
    customer_id int not null references customers,
    parent_id int references orders,
    at timestamptz
  );
  create table "odd ""name"" <b>" (
    "a & b" int primary key references orders,
    "]]>" text,
    "col" int[]
  );
  comment on column orders.at is 'when "it"
happened';
  create table events (id int, day date) partition by range (day);
  create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01');
  create view paid as select id from orders;
`;

const { skip } = server;
const db = skip === false ? await testDatabase(server) : undefined;
after(() => db?.[Symbol.asyncDispose]());
if (db !== undefined) {
  const connection = await db.driver.acquire();
  await connection.script(SCHEMA);
  connection.release();
}

/** Runs the command over the schema; gives the drawing. */
async function drawn(args: readonly string[], file = "diagram.html"): Promise<string> {
  await using folder = await testFolder();
  const ran = await matrx(["diagram", "--database", db!.url, ...args], { cwd: folder.path });
  assert.equal(ran.status, 0, ran.err);
  return args.includes("-") ? ran.out : await folder.read(file);
}

test("matrx diagram --out - prints Mermaid", { skip }, async () => {
  const text = await drawn(["--out", "-"]);
  const lines = text.split("\n");
  assert.equal(lines[0], "erDiagram");
  assert.equal(lines.filter((line) => line.endsWith("{")).length, 4, "partitions stand for none");
  assert.match(text, /e\d\["customers"\] \{\n {4}integer id PK\n {4}varchar\(80\) email UK\n/);
  assert.match(text, /integer parent_id FK "nullable"/);
  assert.match(text, /timestamptz at "nullable; when 'it' happened"/);
  assert.match(text, /\["odd 'name' #lt;b#gt;"\]/);
  assert.match(text, /integer a___b PK, FK "a & b"/);
  const id = (name: string) => text.match(new RegExp(`(e\\d+)\\["${name}`))![1]!;
  assert.ok(text.includes(`${id("customers")} ||--o{ ${id("orders")} : "customer_id"`));
  assert.ok(text.includes(`${id("orders")} |o--o{ ${id("orders")} : "parent_id"`));
  assert.ok(text.includes(`${id("orders")} ||--o| ${id("odd")} : "a #amp; b"`));
});

test("matrx diagram writes SVG that holds names as text", { skip }, async () => {
  const text = await drawn(["--out", "diagram.svg", "--views"], "diagram.svg");
  assert.match(text, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
  assert.ok(text.includes("odd &quot;name&quot; &lt;b&gt;"));
  assert.ok(!text.includes("<b>") && !text.includes("<script"));
  assert.match(text, /class="entity view"/);
  assert.equal(text.match(/class="link"/g)!.length, 3);
});

test("matrx diagram takes the columns and tables that are wanted", { skip }, async () => {
  const keys = await drawn(["--out", "-", "--columns", "keys"]);
  assert.ok(keys.includes("customer_id") && !keys.includes("email"));
  const some = await drawn(["--out", "-", "--include-tables", "cust*", "--columns", "none"]);
  assert.equal(some, `erDiagram\n  e0["customers"] {\n  }\n`);
});

test("matrx diagram refuses a file whose name says no format", async () => {
  const ran = await matrx(["diagram", "--database", "pglite://memory", "--out", "diagram.png"]);
  assert.equal(ran.status, 2);
  assert.match(ran.err, /\.html, \.svg or \.mmd, or give --format/);
});

test("matrx diagram says that a file cannot be written", { skip }, async () => {
  const ran = await matrx(
    ["diagram", "--database", db!.url, "--out", "no/such/folder/x.svg"],
  );
  assert.equal(ran.status, 1);
  assert.match(ran.err, /unwritable_output/);
});

const chromium = ["/usr/bin/chromium", "/usr/bin/google-chrome"].find((one) => existsSync(one));
const noBrowser = chromium === undefined ? "there is no Chromium on this machine" : false;

test("the page shows a table's columns and runs nothing of the database", {
  skip: skip === false ? noBrowser : skip,
}, async () => {
  await using folder = await testFolder();
  await folder.write("page.html", await drawn([]));
  const url = `${pathToFileURL(join(folder.path, "page.html")).href}#customers`;
  const { stdout } = await promisify(execFile)(chromium!, [
    ...["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000"],
    ...["--dump-dom", `--user-data-dir=${join(folder.path, "profile")}`, url],
  ], { maxBuffer: 1 << 26 });
  const panel = stdout.slice(stdout.indexOf('<aside id="panel"'));
  assert.match(panel, /^<aside id="panel"><button[^>]*>×<\/button><h2>customers<\/h2>/);
  assert.match(panel, /<td>email<\/td><td><div>character varying\(80\)<\/div><\/td><td>UK<\/td>/);
  assert.match(panel, /<h3>Referenced by<\/h3><div><a>orders<\/a>/);
  assert.match(panel, /<p>&lt;\/script&gt;&lt;script&gt;/);
  assert.match(stdout, /<title>public<\/title>/);
  assert.match(stdout, /class="entity table chosen" id="e0"/);
});

test("tables in a layout never cover each other", async () => {
  for (const count of [1, 2, 12, 40, 41, 150]) {
    const entities: Entity[] = Array.from({ length: count }, (_, index) => ({
      id: `e${index}`,
      schema: "public",
      name: `table_${index}`,
      kind: "table",
      comment: null,
      columns: Array.from({ length: index % 30 }, (_, at) => ({
        name: `column_${at}`.repeat(1 + at % 3),
        type: "integer",
        primary: at === 0,
        foreign: at === 1,
        unique: false,
        notNull: true,
        comment: null,
      })),
    }));
    const links: Link[] = entities.flatMap(({ id }, index) =>
      index % 7 === 0 ? [] : [{
        name: "fk",
        from: id,
        columns: ["column_0"],
        to: `e${(index * 31) % index}`,
        references: ["column_0"],
        optional: false,
        single: false,
      }]
    );
    const { boxes, width, height } = await layOut({ entities, links });
    assert.equal(boxes.size, count);
    const all = [...boxes.values()];
    for (const [index, one] of all.entries()) {
      assert.ok(one.x >= 0 && one.x + one.width <= width, `${count} tables`);
      assert.ok(one.y >= 0 && one.y + one.height <= height, `${count} tables`);
      for (const other of all.slice(index + 1)) {
        const apart = one.x + one.width <= other.x || other.x + other.width <= one.x ||
          one.y + one.height <= other.y || other.y + other.height <= one.y;
        assert.ok(apart, `${count} tables: ${JSON.stringify([one, other])}`);
      }
    }
  }
});

test("500 tables are drawn in less than 5 s of CPU", { skip }, async () => {
  await using db = await testDatabase(server);
  const connection = await db.driver.acquire();
  for (let from = 0; from < 500; from += 50) {
    await connection.script(
      Array.from({ length: 50 }, (_, index) => {
        const n = from + index;
        const parent = n === 0 ? "" : `, parent_id int references t${n >> 1}`;
        const columns = Array.from({ length: 12 }, (_, at) => `c${at} text`).join(", ");
        return `create table t${n} (id int primary key, ${columns}${parent});`;
      }).join("\n"),
    );
  }
  connection.release();
  const { catalog } = await introspect(db.driver, { schemas: ["public"] });
  const seconds = await leastOf(5, () =>
    cpuOf(async () => {
      const { tables, foreignKeys } = await diagram(catalog, { format: "html", title: "500" });
      assert.deepEqual([tables, foreignKeys], [500, 499]);
    }));
  console.log(`drawing 500 tables took ${seconds.toFixed(2)} s of CPU`);
  assert.ok(seconds < 5);
});
