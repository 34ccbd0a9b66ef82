import assert from "node:assert/strict";
import { test } from "node:test";
import { type Catalog, makeCatalog, objectsOf } from "../../src/catalog/catalog.ts";
import { identity, identityOf, isObjectKind } from "../../src/catalog/identity.ts";
import { checksumOf, fromSnapshot, toSnapshot } from "../../src/catalog/snapshot.ts";
import type { CatalogObject, EnumObject, TableObject } from "../../src/catalog/types.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { stableJson } from "../../src/util/stable_json.ts";

const hostile = [
  "__proto__",
  "constructor",
  'a"b',
  "a.b",
  "a' b",
  "line\nbreak",
  "${process.exit()}",
  "`",
  "\\",
  "😀",
  "\u2028",
  "toString",
  " ",
  "",
];

const table = (schema: string, name: string, over: Partial<TableObject> = {}): TableObject => ({
  kind: "table",
  schema,
  name,
  owner: "me",
  persistence: "permanent",
  partitionBy: null,
  partitionOf: null,
  inherits: [],
  storage: {},
  tablespace: null,
  accessMethod: "heap",
  clusterOn: null,
  replicaIdentity: "default",
  rowSecurity: { enabled: false, forced: false },
  foreign: null,
  ofType: null,
  estimatedRows: null,
  comment: null,
  extension: null,
  ...over,
});

const enumOf = (name: string, labels: readonly string[]): EnumObject => ({
  kind: "enum",
  schema: "public",
  name,
  owner: "me",
  labels,
  comment: null,
  extension: null,
});

function sample(): Catalog {
  const options = Object.fromEntries(hostile.map((name) => [name, name]));
  return makeCatalog(180004, [
    ...hostile.flatMap((a) =>
      hostile.map((b) => table(a, b, { comment: a + b, storage: options }))
    ),
    enumOf("e", hostile),
  ]);
}

const refuses = (code: string) => (error: unknown) =>
  error instanceof ConfigurationError && error.code === code && error.hint !== undefined;

test("fromSnapshot() gives back what toSnapshot() took, hostile names included", async () => {
  const catalog = sample();
  const read = await fromSnapshot(await toSnapshot(catalog));
  assert.deepEqual(read, catalog);
  const storage = objectsOf(read, "table")[0]!.storage;
  assert.deepEqual(Object.keys(storage).sort(), [...hostile].sort());
  assert.equal(Object.getOwnPropertyDescriptor(storage, "__proto__")?.value, "__proto__");
});

test("toSnapshot() does not depend on the order of objects or keys", async () => {
  const catalog = sample();
  const shuffled = makeCatalog(
    180004,
    Array.from(catalog.objects.values()).reverse().map((object) =>
      Object.fromEntries(Object.entries(object).reverse()) as unknown as CatalogObject
    ),
  );
  assert.equal(await toSnapshot(shuffled), await toSnapshot(catalog));
});

test("toSnapshot() writes JSON with one object a line and a SHA-256", async () => {
  const text = await toSnapshot(makeCatalog(150018, [table("s", "t"), enumOf("e", ["a"])]));
  assert.match(text, /^\{\n {2}"format": 1,\n {2}"checksum": "sha256:[0-9a-f]{64}",\n/);
  assert.equal(text.split("\n").length, 10);
  assert.equal(JSON.parse(text).objects.length, 2);
});

test("toSnapshot() writes a catalog without objects", async () => {
  const empty = makeCatalog(150018, []);
  assert.deepEqual(await fromSnapshot(await toSnapshot(empty)), empty);
});

test("checksumOf() sees a change of structure, not an estimate or a minor version", async () => {
  const plain = makeCatalog(180004, [table("s", "t")]);
  const sum = await checksumOf(plain);
  const estimated = makeCatalog(180006, [table("s", "t", { estimatedRows: 12 })]);
  assert.equal(await checksumOf(estimated), sum);
  assert.notEqual(await checksumOf(makeCatalog(170004, [table("s", "t")])), sum);
  assert.notEqual(
    await checksumOf(makeCatalog(180004, [table("s", "t", { comment: "" })])),
    sum,
  );
  assert.notEqual(await checksumOf(makeCatalog(180004, [])), sum);
});

test("fromSnapshot() refuses a changed file", async () => {
  const text = await toSnapshot(sample());
  await assert.rejects(
    fromSnapshot(text.replace('"owner":"me"', '"owner":"you"')),
    refuses("snapshot_checksum"),
  );
  await assert.rejects(
    fromSnapshot(text.replace("180004", "150004")),
    refuses("snapshot_checksum"),
  );
});

test("fromSnapshot() refuses another format", async () => {
  const text = await toSnapshot(sample());
  await assert.rejects(
    fromSnapshot(text.replace('"format": 1', '"format": 2')),
    refuses("snapshot_format"),
  );
});

test("fromSnapshot() refuses what is no snapshot", async () => {
  const head = `{"format":1,"checksum":"sha256:0","serverVersion":150000,"objects":`;
  const texts = [
    "",
    "{",
    "null",
    "[]",
    `{"format":1}`,
    `${head}{}}`,
    `${head}[null]}`,
    `${head}[{"kind":"__proto__"}]}`,
    `${head}[{"kind":"table"}]}`,
    `${head}[{"kind":"schema","name":1}]}`,
    `${head}[{"kind":"schema","name":"a"},{"kind":"schema","name":"a"}]}`,
  ];
  for (const text of texts) await assert.rejects(fromSnapshot(text), refuses("snapshot_invalid"));
});

test("identityOf() tells hostile names apart", () => {
  const names = hostile.flatMap((a) => hostile.map((b) => identityOf(table(a, b))));
  assert.equal(new Set(names).size, hostile.length ** 2);
  assert.notEqual(identity("table", ['a"."b']), identity("table", ["a", "b"]));
});

test("isObjectKind() knows kinds and nothing that objects inherit", () => {
  assert.equal(isObjectKind("materialized view"), true);
  for (const other of ["constructor", "__proto__", "toString", "", null, 1, {}]) {
    assert.equal(isObjectKind(other), false);
  }
});

test("stableJson() sorts keys at every depth and leaves out undefined", () => {
  const value = { b: [{ d: 1, c: null }], a: undefined, ["__proto__"]: "p" };
  assert.equal(stableJson(value), '{"__proto__":"p","b":[{"c":null,"d":1}]}');
});
