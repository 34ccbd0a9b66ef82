import assert from "node:assert/strict";
import { test } from "node:test";
import { DoesNotExistError } from "../../mod.ts";

test("an error of a missing row costs no walk along the stack", () => {
  const make = (n: number): number => {
    const start = performance.now();
    for (let at = 0; at < n; at++) new DoesNotExistError("none", { code: "does_not_exist" });
    return performance.now() - start;
  };
  const deep = (depth: number): number => depth === 0 ? make(2_000) : deep(depth - 1);
  make(2_000);
  const [flat, far] = [0, 1_000].map((depth) =>
    Math.min(...Array.from({ length: 5 }, () => deep(depth)))
  );
  assert.ok(far! < 10 * flat! + 20, `${far} ms at depth, ${flat} ms without`);
  const error = new DoesNotExistError("none", { code: "does_not_exist" });
  assert.deepEqual(Object.keys(error.context), []);
});
