import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryStore } from "../../src/cache/memory.ts";
import { cacheLife, type CachePolicy } from "../../src/cache/policy.ts";
import type { CachePlace } from "../../src/cache/store.ts";
import { putCost } from "../support/cache_costs.ts";

const PLACE: CachePlace = { table: "t", scope: "s" };
const MISS = { ticket: "" };

test("memoryStore() does drop what was not read for longest", () => {
  const store = memoryStore({ maxEntries: 3 });
  for (const key of ["a", "b", "c"]) store.fill(PLACE, key, MISS, [key], Infinity);
  assert.deepEqual(store.read(PLACE, "a"), ["a"]);
  store.fill(PLACE, "d", MISS, ["d"], Infinity);
  assert.deepEqual(["a", "b", "c", "d"].map((key) => Array.isArray(store.read(PLACE, key))), [
    true,
    false,
    true,
    true,
  ]);
  assert.deepEqual(store.report("t"), { size: 3, evictions: 1 });
  assert.deepEqual(store.report("other"), { size: 0, evictions: 0 });
});

test("memoryStore() does keep scopes and tables apart, and remove from all scopes", () => {
  const store = memoryStore();
  const other = { table: "t", scope: "other" };
  const far = { table: "far", scope: "s" };
  for (const place of [PLACE, other, far]) store.fill(place, "k", MISS, [place.scope], Infinity);
  assert.deepEqual(store.read(other, "k"), ["other"]);
  store.remove("t", ["k", "unknown"]);
  assert.deepEqual(store.read(PLACE, "k"), MISS);
  assert.deepEqual(store.read(other, "k"), MISS);
  assert.deepEqual(store.read(far, "k"), ["s"]);
  store.clear("far");
  assert.deepEqual(store.read(far, "k"), MISS);
});

const LIVES: readonly (readonly [CachePolicy, number])[] = [
  ["instant", 60],
  ["short-term", 600],
  ["long-term", 14_400],
];

for (const [policy, seconds] of LIVES) {
  test(`memoryStore() does keep rows of policy ${policy} for ${seconds} s`, () => {
    let time = 5;
    const store = memoryStore({ clock: () => time });
    store.fill(PLACE, "k", MISS, ["v"], cacheLife({ cache: policy }, "m")!);
    time += seconds * 1_000 - 1;
    assert.deepEqual(store.read(PLACE, "k"), ["v"]);
    time += 1;
    assert.deepEqual(store.read(PLACE, "k"), MISS);
    assert.deepEqual(store.report("t"), { size: 0, evictions: 0 });
  });
}

test("memoryStore() does keep permanent rows for ever", () => {
  let time = 0;
  const store = memoryStore({ clock: () => time });
  store.fill(PLACE, "k", MISS, ["v"], cacheLife({ cache: "permanent" }, "m")!);
  time = 1e15;
  assert.deepEqual(store.read(PLACE, "k"), ["v"]);
});

test("cacheLife() does let seconds win, and refuse what it does not know", () => {
  assert.equal(cacheLife({ cache: "off" }, "m"), 0);
  assert.equal(cacheLife({}, "m"), null);
  assert.equal(cacheLife({ cache: "permanent", cacheTimeout: 2.5 }, "m"), 2_500);
  assert.equal(cacheLife({ cacheTimeout: 0 }, "m"), 0);
  for (
    const wrong of [{ cache: "forever" as "off" }, { cacheTimeout: -1 }, { cacheTimeout: NaN }]
  ) {
    assert.throws(() => cacheLife(wrong, "m"), { code: "invalid_cache_policy" });
  }
  assert.throws(() => memoryStore({ maxEntries: 0 }), { code: "invalid_argument" });
});

test("100,000 rows put in a cache do take a time that grows with their number", () => {
  putCost(10_000, 1);
  const [small, large] = [putCost(25_000, 2), putCost(100_000, 2)];
  console.log(`put 25,000 rows: ${small.toFixed(1)} ms, 100,000 rows: ${large.toFixed(1)} ms`);
  // four times the rows; a cost that grows with its square would be sixteen times
  assert.ok(large < small * 12, `${small} ms, then ${large} ms`);
});
