import assert from "node:assert/strict";
import { test } from "node:test";
import {
  docComment,
  keyLiteral,
  objectLiteral,
  sqlLiteral,
  stringLiteral,
} from "../../generator/emit/literal.ts";
import { hostileNames } from "../support/hostile.ts";

test("stringLiteral() is a plain literal of the same text for every hostile text", () => {
  for (const text of hostileNames) {
    const literal = stringLiteral(text);
    assert.equal(JSON.parse(literal), text);
    assert.doesNotMatch(literal, /[\p{Cc}\p{Cf}\u2028\u2029]/u);
  }
});

test("sqlLiteral() uses a template when the text can stand in it as it is", () => {
  assert.equal(sqlLiteral("now()", "sql"), "sql`now()`");
  assert.equal(sqlLiteral("'it''s $1 and $'::text", "sql"), "sql`'it''s $1 and $'::text`");
});

test("sqlLiteral() uses a string when the text would not come through a template", () => {
  for (const text of ["a`b", "a\\b", "${x}", "a\nb", "a\rb", "a\u2028b", "a\u202eb", ""]) {
    assert.equal(sqlLiteral(text, "sql"), `sql.raw(${stringLiteral(text)})`);
  }
});

test("keyLiteral() computes a key that would set the prototype", () => {
  assert.equal(keyLiteral("__proto__"), `["__proto__"]`);
  assert.equal(keyLiteral("a b"), `"a b"`);
  assert.equal(keyLiteral("ok"), "ok");
});

test("objectLiteral() leaves out what is undefined", () => {
  assert.equal(objectLiteral([["a", "1"], ["b", undefined]]), "{ a: 1 }");
  assert.equal(objectLiteral([["b", undefined]]), "{}");
});

test("docComment() cannot be ended by the text in it", () => {
  for (const text of hostileNames) {
    const comment = docComment(text);
    if (comment === "") continue;
    assert.ok(comment.startsWith("/**") && comment.endsWith("*/\n"), comment);
    assert.equal(comment.indexOf("*/"), comment.length - 3, comment);
    assert.doesNotMatch(comment.slice(0, -1), /[\p{Cf}\u2028\u2029\r]/u);
  }
});

test("docComment() takes the force out of what tools obey", () => {
  assert.equal(docComment("@ts-expect-error"), "/** \\@ts-expect-error */\n");
  assert.equal(docComment("a\n@ts-ignore"), "/**\n * a\n * \\@ts-ignore\n */\n");
  assert.equal(docComment("deno-fmt-ignore"), "/** deno-fmt ignore */\n");
  assert.equal(docComment("me@example.com"), "/** me@example.com */\n");
});
