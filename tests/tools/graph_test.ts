import assert from "node:assert/strict";
import { test } from "node:test";
import { circles, type Edge, reach } from "../../tools/graph.ts";

function edge(from: string, to: string, kind: Edge["kind"] = "value"): Edge {
  return { from, to, kind };
}

test("circles() does find a circle of three and a file that imports itself", () => {
  const edges = [edge("a", "b"), edge("b", "c"), edge("c", "a"), edge("c", "d"), edge("e", "e")];
  assert.deepEqual(circles(edges), [["a", "b", "c"], ["e"]]);
});

test("circles() does find none when two ways lead to one file", () => {
  assert.deepEqual(circles([edge("a", "b"), edge("a", "c"), edge("b", "d"), edge("c", "d")]), []);
});

test("reach() does follow the kinds of edges that it is told", () => {
  const edges = [edge("a", "b"), edge("b", "c", "lazy"), edge("b", "d", "type")];
  assert.deepEqual([...reach(["a"], edges, ["value", "type"])].sort(), ["a", "b", "d"]);
  assert.deepEqual([...reach(["a"], edges, ["value", "lazy"])].sort(), ["a", "b", "c"]);
});
