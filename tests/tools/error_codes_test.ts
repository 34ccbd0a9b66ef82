import assert from "node:assert/strict";
import { test } from "node:test";
import { codeParameters, errorCodes } from "../../tools/error_codes.ts";

test("errorCodes() does read the property of an error", () => {
  const source = 'throw new QueryError("a", { code: "no_row", hint: "b" });';
  assert.deepEqual([...errorCodes(source, new Map())], ["no_row"]);
});

test("errorCodes() does read both ends of a condition", () => {
  const source = 'new QueryError("a", {\n  code: many\n    ? "many_rows"\n    : "no_row",\n});';
  assert.deepEqual([...errorCodes(source, new Map())], ["many_rows", "no_row"]);
});

test("errorCodes() does follow a function that takes the code", () => {
  const source = "function fail(a: (b: string) => void, code: string): void {}\n" +
    'fail((b) => "not, a(code", "bad_url");\nother("nothing", "not_a_code");';
  const parameters = codeParameters(source);
  assert.deepEqual([...parameters], [["fail", 1]]);
  assert.deepEqual([...errorCodes(source, parameters)], ["bad_url"]);
});

test("codeParameters() does find no function when none takes a code", () => {
  assert.deepEqual([...codeParameters("function digit(code: number): number { return 1; }")], []);
});
