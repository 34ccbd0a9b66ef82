/** DDLGenerator, IndexDef, SchemaDiff and TableFilter: what they write is run on a server. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { introspect } from "../../generator/introspect/introspect.ts";
import { DDLGenerator, diff, IndexDef, SchemaDiff, TableFilter } from "../../migrations/mod.ts";
import { integer, model, text } from "../../mod.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");
const skip = { skip: server.skip };

async function run(db: TestDatabase, ...scripts: readonly string[]): Promise<void> {
  const connection = await db.driver.acquire();
  try {
    for (const script of scripts) await connection.script(script);
  } finally {
    connection.release();
  }
}

const catalogOf = async (db: TestDatabase) => (await introspect(db.driver)).catalog;

test("DDLGenerator writes statements that a server takes, with quoted names", skip, async () => {
  await using db = await testDatabase(server);
  const ddl = new DDLGenerator();
  class Customer
    extends model("customers", { id: integer().primaryKey(), name: text().unique() }) {}
  const odd = 'Odd "table"';
  await run(
    db,
    ddl.createTable(Customer),
    ddl.createTable(odd, [
      { name: "id", type: "bigint", primaryKey: true },
      { name: "customer id", type: "integer", notNull: true },
      { name: "total", type: "text", default: "'1.5'" },
    ]),
    `insert into "Odd ""table""" values (1, 7, default)`,
    ddl.addColumn(odd, { name: "note", type: "varchar(20)", notNull: true, default: "'it''s'" }),
    ddl.alterColumn(odd, "total", { type: "numeric(12, 2)", default: "0" }),
    ddl.alterColumn(odd, "note", { rename: "Remark", notNull: false, default: null }),
    ddl.addIndex(odd, new IndexDef({ columns: ["total", { expression: '(lower("Remark"))' }] })),
    ddl.addIndex(
      odd,
      new IndexDef({
        name: "by_remark",
        columns: [{ column: "Remark", descending: true, opclass: "varchar_pattern_ops" }],
        unique: true,
        method: "btree",
        where: "total > 0",
        include: ["id"],
        with: { fillfactor: 70 },
      }),
    ),
    ddl.addConstraint(odd, "positive", "CHECK (total >= 0)"),
    `insert into customers values (7, 'x')`,
    ddl.addForeignKey(odd, "customer id", "customers", "id", { onDelete: "cascade" }),
  );
  const catalog = await catalogOf(db);
  const [index] = [...catalog.objects.values()].filter((one) =>
    one.kind === "index" && one.name === "by_remark"
  );
  assert.equal(
    index?.kind === "index" ? index.definition : "",
    `CREATE UNIQUE INDEX by_remark ON public."Odd ""table""" USING btree ("Remark" varchar_pattern_ops DESC) INCLUDE (id) WITH (fillfactor='70') WHERE (total > (0)::numeric)`,
  );
  assert.ok(
    catalog.objects.has(
      `constraint "public"."Odd ""table"""."fk_Odd ""table""_customer id_customers_id"`,
    ),
  );
  const { rows } = await db.driver.query({
    text: `select total::text, "Remark" from "Odd ""table"""`,
    params: [],
  });
  assert.deepEqual(rows, [["1.50", "it's"]]);
  await run(
    db,
    ddl.dropForeignKey(odd, "customer id", "customers"),
    ddl.dropConstraint(odd, "positive"),
    ddl.dropIndex(odd, "by_remark"),
    ddl.dropColumn(odd, "Remark"),
    ddl.renameTable(odd, "plain"),
    "create view v as select * from plain",
  );
  await assert.rejects(run(db, ddl.dropTable("plain")), /other objects depend on it/);
  await run(db, ddl.dropTable("plain", { cascade: true }), ddl.dropTable("customers"));
  assert.deepEqual(
    [...(await catalogOf(db)).objects.values()].filter(({ kind }) => kind === "table"),
    [],
  );
});

test("DDLGenerator writes the safe forms if asked, and vectors as pgvector takes them", () => {
  const ddl = new DDLGenerator({ schema: "crm", safe: true });
  const hnsw = new IndexDef({
    columns: ["embedding"],
    method: "hnsw",
    opclass: "vector_cosine_ops",
    with: { m: 16, ef_construction: 64 },
  });
  assert.equal(
    ddl.addIndex("docs", hnsw),
    `CREATE INDEX CONCURRENTLY "docs_embedding_idx" ON "crm"."docs" USING "hnsw" ` +
      `("embedding" "vector_cosine_ops") WITH ("m" = '16', "ef_construction" = '64')`,
  );
  assert.equal(ddl.dropIndex("docs", hnsw), `DROP INDEX CONCURRENTLY "crm"."docs_embedding_idx"`);
  assert.match(
    ddl.addForeignKey("docs", "owner_id", "auth.users"),
    /^ALTER TABLE "crm"."docs" ADD CONSTRAINT "fk_docs_owner_id_users_id" .*"auth"."users" \("id"\) NOT VALID;\nALTER .* VALIDATE/,
  );
  assert.throws(() => new IndexDef({ columns: [] }), { code: "invalid_index" });
});

test("SchemaDiff tells what differs and writes both directions", skip, async () => {
  await using db = await testDatabase(server);
  await using other = await testDatabase(server);
  await run(db, "create table a (id int primary key, n int); create table legacy (id int)");
  await run(other, "create table a (id int primary key, n bigint not null, t text)");
  const [live, declared] = [await catalogOf(db), await catalogOf(other)];
  const difference = new SchemaDiff(live, declared, {
    safe: false,
    manages: (object) => !("name" in object) || object.name !== "legacy",
  });
  assert.equal(difference.isEmpty, false);
  assert.deepEqual(difference.operations(), [
    { action: "alter", kind: "column", object: '"public"."a"."n"' },
    { action: "create", kind: "column", object: '"public"."a"."t"' },
  ]);
  await run(db, difference.upSql());
  const after = await catalogOf(db);
  assert.deepEqual(
    diff(after, declared).map((change) => change.action === "drop" ? change.before.kind : change),
    ["column", "table"],
  );
  await run(db, difference.downSql());
  assert.deepEqual(diff(await catalogOf(db), live), []);
  assert.ok(new SchemaDiff(live, live).isEmpty);
});

test(
  "TableFilter leaves what is looked at, and tells once of keys that lead out",
  skip,
  async () => {
    await using db = await testDatabase(server);
    await run(
      db,
      "create table a (id int primary key); create table b (id int primary key, a int references a)",
    );
    const catalog = await catalogOf(db);
    const filter = new TableFilter({ include: ["b"] });
    const told: string[] = [];
    const kept = filter.apply(catalog, (line) => told.push(line));
    filter.apply(catalog, (line) => told.push(line));
    assert.deepEqual(told, ["public.b references public.a, which is left out"]);
    assert.equal(kept.objects.has('table "public"."a"'), false);
    assert.throws(() => new TableFilter({ include: ["a"], exclude: ["b"] }), {
      code: "conflicting_options",
    });
    assert.throws(() => new TableFilter({ exclude: ["c"] }).apply(catalog), {
      code: "unknown_table",
    });
  },
);
