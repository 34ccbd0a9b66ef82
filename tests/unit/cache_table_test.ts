import assert from "node:assert/strict";
import { test } from "node:test";
import { CacheGroup } from "../../src/cache/group.ts";
import { memoryStore } from "../../src/cache/memory.ts";
import { cacheOrigin } from "../../src/cache/origin.ts";
import type { CachedRow, CacheStore } from "../../src/cache/store.ts";
import { CachedTable } from "../../src/cache/table.ts";

interface Reads {
  readonly table: CachedTable;
  readonly group: CacheGroup;
  /** How many reads went to the database. */
  count: number;
  find(key: string): Promise<CachedRow | null>;
  findBy(name: string): Promise<CachedRow | null>;
}

/** A table of one row, `["1", name]`; reads of it wait for `gate`. */
function world(name: () => string | null, gate: () => Promise<void>, store?: CacheStore): Reads {
  const group = new CacheGroup("db");
  const own = store ?? memoryStore();
  const table = new CachedTable({
    store: own,
    place: { table: group.keyOf("t"), scope: "s" },
    lifeMs: Infinity,
    keyOf: (row) => `=${row[0]}`,
    isOpen: () => true,
  });
  group.addStore(own);
  group.addTable("t", table);
  const reads: Reads = {
    table,
    group,
    count: 0,
    find: async (key) => await table.find(key, load, false),
    findBy: (asked) => table.findBy({ key: asked, fits: (row) => row[1] === asked }, load, false),
  };
  const load = async (): Promise<CachedRow | null> => {
    reads.count++;
    const found = name();
    await gate();
    return found === null ? null : ["1", found];
  };
  return reads;
}

const open = (): Promise<void> => Promise.resolve();
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

test("CachedTable does read a row once for all who ask", async () => {
  const reads = world(() => "a", open);
  await Promise.all([reads.find("=1"), reads.find("=1"), reads.find("=1")]);
  assert.deepEqual(await reads.find("=1"), ["1", "a"]);
  assert.equal(reads.count, 1);
  assert.deepEqual(reads.table.counts, {
    hits: 1,
    misses: 1,
    shared: 2,
    invalidations: 0,
    failures: 0,
  });
});

test("CachedTable does not keep a row that was written while it was read", async () => {
  for (const keys of [["=1"], null]) {
    for (const by of ["find", "findBy"] as const) {
      let name = "old";
      let free = (): void => {};
      let gate = new Promise<void>((resolve) => free = resolve);
      const reads = world(() => name, () => gate);
      const ask = (): Promise<CachedRow | null> =>
        by === "find" ? reads.find("=1") : reads.findBy(name);
      const early = ask();
      await settled();
      if (by === "find") name = "new";
      await reads.group.invalidate([{ table: "t", keys }]);
      const [freeEarly, late] = [free, ask()];
      gate = open();
      freeEarly();
      assert.deepEqual(await early, ["1", "old"]);
      assert.deepEqual(await late, ["1", name], "who asks after the write does not join");
      await settled();
      assert.deepEqual(await ask(), ["1", name]);
      assert.equal(reads.count <= 3, true);
    }
  }
});

test("CachedTable does not keep a row under a key that the server writes otherwise", async () => {
  const reads = world(() => "a", open);
  await reads.find("=01");
  await reads.find("=01");
  assert.equal(reads.count, 2);
});

test("CachedTable does hold a link against its row", async () => {
  let name: string | null = "a";
  const reads = world(() => name, open);
  assert.deepEqual(await reads.findBy("a"), ["1", "a"]);
  assert.deepEqual(await reads.findBy("a"), ["1", "a"]);
  assert.equal(reads.count, 1);
  name = "b";
  await reads.group.invalidate([{ table: "t", keys: ["=1"] }]);
  assert.deepEqual(await reads.find("=1"), ["1", "b"]);
  name = null;
  assert.equal(await reads.findBy("a"), null, "the row that the link leads to has another name");
});

test("CachedTable does read past a cache whose rows are in doubt", async () => {
  const reads = world(() => "a", open);
  await reads.find("=1");
  await reads.group.doubt([{ table: "t", keys: null }]);
  assert.equal(reads.table.open, false);
});

test("a call that failed does not end those that come after it", async () => {
  let fails = true;
  const reads = world(() => {
    if (fails) throw new Error("no link");
    return "a";
  }, open);
  await assert.rejects(reads.find("=1"), /no link/);
  fails = false;
  assert.deepEqual(await reads.find("=1"), ["1", "a"]);
});

test("cacheOrigin() does tell databases, roles and settings apart", () => {
  const of = (url: string, name = "main"): ReturnType<typeof cacheOrigin> =>
    cacheOrigin({ name, url, driver: undefined });
  const base = of("postgres://ann:secret@host/db");
  assert.deepEqual(of("postgresql://ann:other@host/db?sslmode=require"), base);
  assert.equal(of("postgres://bob@host/db").database, base.database);
  assert.notEqual(of("postgres://bob@host/db").scope, base.scope);
  assert.notEqual(of("postgres://ann@host/db?options=-c%20app.tenant%3D1").scope, base.scope);
  assert.notEqual(of("postgres://ann@host/db", "other").scope, base.scope);
  assert.notEqual(of("postgres://ann@host/two").database, base.database);
  assert.notEqual(of("postgres://ann@other/db").database, base.database);
  assert.doesNotMatch(JSON.stringify(base), /secret/);
  assert.notEqual(of("pglite://memory").database, of("pglite://memory").database);
  const driver = {};
  const handed = (): string => cacheOrigin({ name: "m", url: "", driver }).database;
  assert.equal(handed(), handed());
});
