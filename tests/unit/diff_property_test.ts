/** What holds for the changes between any two catalogs; the catalogs are made at random. */
import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import {
  diff,
  type Hints,
  plan,
  type RenameHint,
  replay,
  reverseHints,
} from "../../migrations/mod.ts";
import { isCompared, isSame } from "../../migrations/diff/compare.ts";
import { renamesOf } from "../../migrations/diff/renames.ts";
import { renamedCatalog } from "../../migrations/diff/renamed.ts";
import { type Catalog, makeCatalog } from "../../src/catalog/catalog.ts";
import type { CatalogObject } from "../../src/catalog/types.ts";
import { randomCatalog } from "../support/random/catalog.ts";
import { Random } from "../support/random/random.ts";

const PAIRS = 500;
/** A plan takes longer than a diff. */
const PLANS = 60;
const SEED = seedOf();

// unit tests may not read the environment, where they run without permissions
function seedOf(): number {
  try {
    return Number(process.env["MATRX_TEST_SEED"] ?? 20_261_127);
  } catch {
    return 20_261_127;
  }
}

/** Facts that no change brings about, as `replay()` says. */
const STAYS: ReadonlySet<string> = new Set(["position", "estimatedRows", "local"]);

/** What two catalogs differ in, beside what no change brings about. */
function differences(found: Catalog, wanted: Catalog): string[] {
  const names = new Set([...found.objects.keys(), ...wanted.objects.keys()]);
  return [...names].filter((name) => {
    const [one, other] = [found.objects.get(name), wanted.objects.get(name)];
    // what is not described is left as it is
    if ((one ?? other)!.kind === "unmodelled") return false;
    return factsOf(one) !== factsOf(other);
  });
}

function factsOf(object: object | undefined): string {
  return JSON.stringify(object, (key, value) => STAYS.has(key) ? undefined : value);
}

/** Makes pairs of catalogs; what fails tells its seed. */
function forEachPair(
  check: (a: Catalog, b: Catalog, random: Random) => void,
  pairs: number = PAIRS,
): void {
  for (let at = 0; at < pairs; at++) {
    const seed = SEED + at;
    const random = new Random(seed);
    const options = {
      owner: "me",
      serverVersion: at % 2 === 0 ? 150018 : 180004,
      unmodelled: true,
    };
    const [a, b] = [randomCatalog(random, options), randomCatalog(random, options)];
    try {
      check(a, b, random);
    } catch (error) {
      throw new Error(`with MATRX_TEST_SEED=${seed}`, { cause: error });
    }
  }
}

test("replay() makes one catalog of another with their diff, and back", () => {
  const kinds = new Set<string>();
  forEachPair((a, b) => {
    for (const { kind } of a.objects.values()) kinds.add(kind);
    const [up, down] = [diff(a, b), diff(b, a)];
    const there = replay(a, up);
    assert.deepEqual(differences(there, b), []);
    assert.deepEqual(diff(there, b), []);
    const back = replay(there, down);
    assert.deepEqual(differences(back, a), []);
    assert.deepEqual(diff(a, a), []);
  });
  assert.equal(kinds.size, 40, [...kinds].sort().join(", "));
});

test("plan() is the same for the same catalogs, and names only what changes or stands on it", () => {
  forEachPair((a, b) => {
    const changes = diff(a, b);
    const steps = plan(changes, a, b).steps;
    assert.deepEqual(plan(diff(a, b), a, b).steps, steps);
    assert.deepEqual(plan([], a, a).steps, []);
    for (const { sql, object } of steps) {
      assert.notEqual(sql.trim(), "");
      assert.ok(
        object === "" || a.objects.has(object) || b.objects.has(object),
        `${object}: ${sql}`,
      );
    }
  }, PLANS);
});

test("diff() with a hint keeps what was renamed, and reverseHints() leads back", () => {
  let renamed = 0;
  forEachPair((a, _b, random) => {
    const hint = randomHint(a, random);
    if (hint === null) return;
    const hints: Hints = { renames: [hint] };
    const b = renamedTo(a, hint);
    const up = diff(a, b, hints);
    assert.deepEqual(up.map(({ action }) => action), ["rename"]);
    assert.deepEqual(differences(replay(a, up), b), []);
    const down = diff(b, a, reverseHints(hints));
    assert.deepEqual(down.map(({ action }) => action), ["rename"]);
    assert.deepEqual(differences(replay(b, down), a), []);
    renamed++;
  });
  assert.ok(renamed > PAIRS / 2, String(renamed));
});

test("diff() finds a change in every pair of objects that differ, and none in those that do not", () => {
  forEachPair((a, b) => {
    const changed = new Set(diff(a, b).map((one) => "after" in one ? one.after : one.before));
    for (const [name, object] of b.objects) {
      const before = a.objects.get(name);
      if (!isCompared(object, {}) || before === undefined) continue;
      assert.equal(changed.has(object), !isSame(before, object), name);
    }
  });
});

const PARTS = ["column", "constraint", "index", "trigger", "policy"] as const;

function randomHint(catalog: Catalog, random: Random): RenameHint | null {
  const found = [...catalog.objects.values()].filter((one) =>
    ["table", "view", "sequence", "enum", "domain", "composite", ...PARTS].includes(one.kind)
  );
  const one = random.of(found);
  if (one === undefined || !("schema" in one) || !("name" in one)) return null;
  const { name: from } = one;
  const schema = one.schema!;
  const to = 'new "name"';
  const part = PARTS.find((kind) => kind === one.kind);
  if (part !== undefined && "table" in one && typeof one.table === "string") {
    return { kind: part, schema, table: one.table, from, to };
  }
  switch (one.kind) {
    case "enum":
      if (random.once(2)) {
        return { kind: "label", schema, type: from, from: random.of(one.labels), to };
      }
      return { kind: "type", schema, from, to };
    case "domain":
    case "composite":
      return { kind: "type", schema, from, to };
    case "table":
    case "view":
    case "sequence":
      return { kind: one.kind, schema, from, to };
    default:
      return null;
  }
}

/** The catalog after a rename; a declaration that has the new name lets the hint be found. */
function renamedTo(a: Catalog, hint: RenameHint): Catalog {
  const aims = [...a.objects.values()].flatMap((one): CatalogObject[] => {
    if (hint.kind === "label") {
      if (one.kind !== "enum" || one.name !== hint.type) return [one];
      return [{ ...one, labels: one.labels.map((l) => l === hint.from ? hint.to : l) }];
    }
    const isIt = "name" in one && one.name === hint.from;
    return isIt ? [one, { ...one, name: hint.to } as CatalogObject] : [one];
  });
  const [rename] = renamesOf(a, makeCatalog(a.serverVersion, aims), { renames: [hint] });
  return renamedCatalog(a, rename!);
}
