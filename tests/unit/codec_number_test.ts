import assert from "node:assert/strict";
import { test } from "node:test";
import type { AnyCodec } from "../../src/codec/codec.ts";
import { float8, int2, int4, int8, oid } from "../../src/codec/number.ts";
import { canonicalDecimal, numeric } from "../../src/codec/numeric.ts";
import { point } from "../../src/codec/geometry.ts";
import { ValidationError } from "../../src/errors/base.ts";

function refuses(codec: AnyCodec, values: readonly unknown[], pattern: RegExp): void {
  for (const value of values) {
    assert.throws(() => codec.encode(value), (error) => {
      assert.ok(error instanceof ValidationError, String(error));
      assert.match(error.message, pattern);
      return true;
    });
  }
}

test("whole numbers are refused outside of their type", () => {
  refuses(int2, [32_768, -32_769], /outside of -32768 to 32767/);
  refuses(int4, [2_147_483_648], /outside of/);
  refuses(oid, [-1, 4_294_967_296], /outside of/);
  refuses(int4, [1.5, NaN, Infinity], /not whole/);
  refuses(int4, ["1", 1n, null, undefined, true], /expected a number, got/);
  assert.equal(int4.encode(-0), "0");
});

test("int8 carries 64 bits and refuses numbers that lost some", () => {
  for (const value of [0n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    assert.equal(int8.decode(int8.encode(value)), value);
  }
  assert.equal(int8.encode(Number.MIN_SAFE_INTEGER), "-9007199254740991");
  assert.equal(int8.encode(-0), "0");
  refuses(int8, [2 ** 53, 0.5, NaN], /not a whole number that JavaScript holds exactly/);
  refuses(int8, [2n ** 63n, -(2n ** 63n) - 1n], /outside of/);
  refuses(int8, ["1", null], /expected a bigint or a number/);
});

test("float8 carries every number, with the sign of zero", () => {
  for (const value of [0, -0, NaN, Infinity, -Infinity, 0.1, 5e-324, 1.7976931348623157e308]) {
    assert.ok(Object.is(float8.decode(float8.encode(value)), value));
  }
  refuses(float8, ["1", 1n], /expected a number/);
});

test("canonicalDecimal() writes a decimal as the server prints it", () => {
  const cases: [string, string | undefined][] = [
    ["0", "0"],
    ["000", "0"],
    ["-0", "0"],
    ["-0.00", "0.00"],
    ["+1", "1"],
    ["007", "7"],
    ["1.", "1"],
    [".10", "0.10"],
    ["-.5", "-0.5"],
    ["1e3", "1000"],
    ["1.25e1", "12.5"],
    ["1.25E-1", "0.125"],
    ["125e-5", "0.00125"],
    ["0e5", "0"],
    ["1e999999", "1e999999"],
    ["nan", "NaN"],
    ["-INF", "-Infinity"],
    ["", undefined],
    [".", undefined],
    ["1,5", undefined],
    ["1 2", undefined],
    ["0x10", undefined],
    ["1e", undefined],
    ["--1", undefined],
  ];
  for (const [text, canonical] of cases) assert.equal(canonicalDecimal(text), canonical, text);
});

test("numeric loses no digit", () => {
  const long = "12345678901234567890123456789.98765432109876543210";
  assert.equal(numeric.encode(numeric.decode(long)), long);
  assert.equal(numeric.encode(2n ** 200n), String(2n ** 200n));
  assert.equal(numeric.encode(0.1), "0.1");
  assert.equal(numeric.encode(1e21), "1000000000000000000000");
  assert.equal(numeric.encode(1.5e-7), "0.00000015");
  refuses(numeric, ["abc", ""], /not a decimal number/);
  refuses(numeric, [NaN, Infinity, -Infinity], /not finite/);
  refuses(numeric, [null, {}, true], /expected a string, number or bigint/);
});

test("point carries its coordinates exactly", () => {
  for (const value of [{ x: -0, y: 1e-300 }, { x: NaN, y: -Infinity }]) {
    assert.deepEqual(point.decode(point.encode(value)), value);
  }
  refuses(point, [null, "(1,2)", [1, 2], { x: 1 }], /type point: expected/);
});
