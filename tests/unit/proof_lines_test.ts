/** How many differences a message of a failed proof tells, and that it says of the rest. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { refuseDifferences, toldLines } from "../../migrations/make/proof.ts";

const lines = (count: number): string[] => Array.from({ length: count }, (_, at) => `line ${at}`);

test("toldLines() tells 20 lines, and how many more there are", () => {
  assert.equal(toldLines(["one"]), "\n  one");
  assert.equal(toldLines(lines(20)).split("\n").length, 21);
  assert.match(toldLines(lines(20)), /\n {2}line 19$/);
  assert.match(toldLines(lines(23)), /\n {2}line 19\n {2}and 3 more$/);
});

test("refuseDifferences() counts all of them", () => {
  refuseDifferences([], "up");
  assert.throws(() => refuseDifferences(lines(21), "down"), {
    code: "proof_failed",
    message: /^The way down does not lead to the state before\n {2}line 0\n[^]*\n {2}and 1 more$/,
    context: { direction: "down", differences: 21 },
  });
});
