import assert from "node:assert/strict";
import { test } from "node:test";
import { tally } from "../../tools/tally.ts";

test("tally() does add steps to tests", () => {
  const output = "a ... ok\n\nok | 5 passed (7 steps) | 0 failed | 2 ignored (1s)\n";
  assert.deepEqual(tally(output), { passed: 12, failed: 0, ignored: 2 });
});

test("tally() does read failures", () => {
  const output = "FAILED | 5 passed (1 step) | 2 failed (1 step) (1s)\n\nerror: Test failed\n";
  assert.deepEqual(tally(output), { passed: 6, failed: 3, ignored: 0 });
});

test("tally() does count nothing when nothing ran", () => {
  assert.deepEqual(tally("error: No test modules found"), { passed: 0, failed: 0, ignored: 0 });
});
