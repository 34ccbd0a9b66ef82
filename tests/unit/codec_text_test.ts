import assert from "node:assert/strict";
import { test } from "node:test";
import { enumCodec } from "../../src/codec/enum.ts";
import { json, jsonb, jsonText } from "../../src/codec/json.ts";
import { bool, uuid } from "../../src/codec/simple.ts";
import { checkText, textCodec } from "../../src/codec/text.ts";
import { bytea } from "../../src/codec/bytes.ts";
import { OrmError, ValidationError } from "../../src/errors/base.ts";

const refused = (call: () => unknown, pattern: RegExp): void => {
  assert.throws(call, (error) => {
    assert.ok(error instanceof ValidationError);
    assert.equal(error.code, "invalid_value");
    assert.match(`${error.message} (${error.hint ?? ""})`, pattern);
    return true;
  });
};

test("checkText() refuses what PostgreSQL cannot hold and gives the rest back", () => {
  for (const text of ["", "a", "\uFFFF", "\u{1F600}", "\u0001"]) {
    assert.equal(checkText(text, "text"), text);
  }
  refused(() => checkText("secret\0", "text"), /type text: the string holds U\+0000/);
  refused(() => checkText("\uD83D", "text"), /half of a surrogate pair/);
  refused(() => checkText("\uDE00\uD83D", "text"), /half of a surrogate pair/);
  refused(() => checkText(undefined, "text"), /expected a string, got undefined/);
  refused(() => checkText(1, "text"), /expected a string, got a number/);
});

test("an error never shows the value that was refused", () => {
  const calls = [
    () => textCodec("citext").encode("hunter2\0"),
    () => uuid.encode("hunter2"),
    () => enumCodec("mood", ["ok"]).encode("hunter2" as "ok"),
    () => jsonb.encode({ a: "hunter2\0" }),
  ];
  for (const call of calls) {
    assert.throws(call, (error) => {
      assert.ok(error instanceof OrmError);
      assert.doesNotMatch(JSON.stringify(error), /hunter2/);
      return true;
    });
  }
});

test("uuid.encode() writes every form that PostgreSQL reads in its own", () => {
  const usual = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
  const forms = [usual, usual.toUpperCase(), `{${usual}}`, usual.replaceAll("-", "")];
  for (const form of forms) assert.equal(uuid.encode(form), usual);
  for (const wrong of ["", "a0", `${usual}0`, usual.replace("a", "g")]) {
    refused(() => uuid.encode(wrong), /not a UUID/);
  }
});

test("bool.decode() reads the text of the output function and of a cast", () => {
  assert.deepEqual(["t", "f", "true", "false"].map(bool.decode), [true, false, true, false]);
  refused(() => bool.encode(1 as never), /expected a boolean, got a number/);
});

test("enumCodec() names its labels in the hint and reads labels that it does not know", () => {
  const mood = enumCodec("mood", ["sad", "it's", "__proto__"]);
  assert.equal(mood.encode("it's"), "it's");
  assert.equal(mood.encode("__proto__"), "__proto__");
  assert.equal(mood.decode("new"), "new");
  refused(() => mood.encode("toString" as "sad"), /Known labels: "sad", "it's", "__proto__"/);
  const many = enumCodec("many", Array.from({ length: 99 }, (_, i) => `l${i}`));
  refused(() => many.encode("x"), /"l39" and 59 more/);
});

test("jsonb.encode() refuses what has no JSON form in PostgreSQL", () => {
  refused(() => jsonb.encode(undefined), /no JSON form/);
  refused(() => jsonb.encode(() => 1), /no JSON form/);
  refused(() => jsonb.encode({ a: [1n] }), /a bigint is inside/);
  refused(() => jsonb.encode("\0"), /U\+0000/);
  refused(() => jsonb.encode({ "\\\0": 1 }), /U\+0000/);
  refused(() => jsonb.encode(["\uD83D"]), /surrogate/);
  const circle: unknown[] = [];
  circle.push(circle);
  refused(() => jsonb.encode(circle), /contains itself/);
});

test("jsonb.encode() takes an escaped backslash for what it is", () => {
  for (const value of ["\\u0000", "\\\\u0000", "\\ud800", { "\\u0000": "\\\\\\ud83d" }]) {
    assert.deepEqual(jsonb.decode(jsonb.encode(value)), value);
  }
  assert.equal(json.encode("\0"), '"\\u0000"');
});

test("jsonb.encode() lets the error of a toJSON method through", () => {
  const broken = {
    toJSON() {
      throw new RangeError("mine");
    },
  };
  assert.throws(() => jsonb.encode(broken), new RangeError("mine"));
});

test("jsonText keeps every digit", () => {
  const text = '{"n": 12345678901234567890.10}';
  assert.equal(jsonText.encode(jsonText.decode(text)), text);
});

test("bytea.decode() reads the hex and the escape format", () => {
  assert.deepEqual(bytea.decode("\\x"), new Uint8Array());
  assert.deepEqual(bytea.decode("\\x00fFaB"), Uint8Array.of(0, 255, 171));
  assert.deepEqual(bytea.decode("a\\\\\\000\\377"), Uint8Array.of(97, 92, 0, 255));
  assert.deepEqual(bytea.decode(""), new Uint8Array());
  assert.throws(() => bytea.decode("a\\"), /broken off/);
  assert.equal(bytea.encode(Uint8Array.of(0, 255, 171)), "\\x00ffab");
  assert.equal(bytea.encode(new Uint8Array(20_000)).length, 40_002);
  refused(() => bytea.encode([1] as never), /expected a Uint8Array, got an array/);
});
