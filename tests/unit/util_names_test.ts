import assert from "node:assert/strict";
import { test } from "node:test";
import { camelCase, capitalize, snakeCase } from "../../src/util/casing.ts";
import { nearest } from "../../src/util/nearest.ts";

test("snakeCase() opens a word at each capital", () => {
  const names = {
    createdAt: "created_at",
    userID: "user_id",
    HTTPCode: "http_code",
    already_snake: "already_snake",
    a1B2: "a1_b2",
    Ünder: "Ünder",
    "": "",
    __proto: "__proto",
  };
  for (const [name, snake] of Object.entries(names)) assert.equal(snakeCase(name), snake);
});

test("camelCase() turns column names around and keeps outer underscores", () => {
  const names = {
    created_at: "createdAt",
    UserID: "userId",
    _private: "_private",
    a__b: "aB",
    x_: "x_",
    ___: "___",
    "": "",
  };
  for (const [name, camel] of Object.entries(names)) assert.equal(camelCase(name), camel);
  assert.equal(capitalize("abc"), "Abc");
  assert.equal(capitalize("écran"), "écran");
});

test("nearest() finds what was meant and nothing else", () => {
  const names = ["status", "total", "createdAt", "id"];
  assert.equal(nearest("statu", names), "status");
  assert.equal(nearest("STATUS", names), "status");
  assert.equal(nearest("sttaus", names), "status");
  assert.equal(nearest("createAt", names), "createdAt");
  assert.equal(nearest("banana", names), undefined);
  assert.equal(nearest("", names), undefined);
  assert.equal(nearest("x", []), undefined);
  assert.equal(nearest("abc", ["abd", "abe"]), "abd");
});
