import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { generate, SchemaManager } from "../../generator/mod.ts";
import { objectsOf } from "../../src/catalog/catalog.ts";
import { fromSnapshot } from "../../src/catalog/snapshot.ts";
import { closeAll, registerDatabase } from "../../src/connect.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { testDatabase } from "../support/database.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { testFolder } from "./cli_support.ts";

afterEach(closeAll);

const isError = (code: string) => (error: unknown): boolean =>
  error instanceof ConfigurationError && error.code === code;

for (const kind of serverKinds) {
  const server = await testServer(kind);
  test(`SchemaManager writes a snapshot and models on ${kind}`, { skip: server.skip }, async () => {
    await using db = await testDatabase(server, { folder: true });
    const connection = await db.driver.acquire();
    await connection.script(`
      create table owners (id int primary key);
      create table cats (id int primary key, owner_id int references owners, name text);
      create schema yard; create table yard.trees (id int primary key, cat_id int references cats);`);
    connection.release();
    await db.driver.close();
    await using folder = await testFolder();
    registerDatabase({ name: "main", url: db.url });
    const manager = new SchemaManager({
      database: "main",
      schema: ["public", "yard"],
      out: join(folder.path, "db"),
      excludeTables: ["owners"],
    });
    assert.throws(() => manager.schema, isError("not_initialized"));
    await manager.initialize();
    assert.deepEqual(manager.schema.names, ["public", "yard"]);

    const path = await manager.schema.generateSchemaFiles();
    assert.equal(path, join(folder.path, "db/generated/schema.json"));
    const catalog = await fromSnapshot(await readFile(path, "utf8"));
    // filters hold for the models alone
    assert.deepEqual(objectsOf(catalog, "table").map(({ name }) => name), [
      "cats",
      "owners",
      "trees",
    ]);
    const elsewhere = join(folder.path, "a/b.json");
    assert.equal(await manager.schema.generateSchemaFiles(elsewhere), elsewhere);
    assert.equal(await readFile(elsewhere, "utf8"), await manager.schema.toSnapshot());

    const result = await manager.schema.generateModels();
    assert.deepEqual(result.models.map(({ className }) => className), ["Cat", "Tree"]);
    assert.deepEqual(result.notes.map(({ code }) => code), ["foreign_key_without_model"]);
    const text = await folder.read("db/generated/cat.ts");
    assert.doesNotMatch(text, /database:/, "the first database needs no name");
    const again = await generate({
      schema: ["public", "yard"],
      out: join(folder.path, "db"),
      excludeTables: ["owners"],
    });
    assert.ok(again.files.every(({ action }) => action === "keep"), "nothing changed");
  });
}

test("SchemaManager refuses both filters, and an empty list of schemas", async () => {
  assert.throws(
    () => new SchemaManager({ includeTables: ["a"], excludeTables: ["b"] }),
    isError("conflicting_options"),
  );
  registerDatabase({ name: "main", url: "postgres://nobody@127.0.0.1:1/x" });
  await assert.rejects(new SchemaManager({ schema: [] }).initialize(), isError("invalid_option"));
  await assert.rejects(
    new SchemaManager({ database: "mian" }).initialize(),
    isError("unknown_database"),
  );
});

test("generate() names a database that is not the first one", async () => {
  const server = await testServer("pglite");
  await using db = await testDatabase(server, { folder: true });
  await db.driver.query({ text: "create table cats (id int primary key)", params: [] });
  await db.driver.close();
  await using folder = await testFolder();
  registerDatabase({ name: "first", url: "postgres://nobody@127.0.0.1:1/x" });
  registerDatabase({ name: "second", url: db.url });
  await generate({ database: "second", out: folder.path });
  assert.match(await folder.read("generated/cat.ts"), /database: "second"/);
});
