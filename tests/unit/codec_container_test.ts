import assert from "node:assert/strict";
import { test } from "node:test";
import { arrayCodec } from "../../src/codec/array.ts";
import { textArray } from "../../src/codec/array_text.ts";
import { compositeCodec } from "../../src/codec/composite.ts";
import { box } from "../../src/codec/geometry.ts";
import { hstore } from "../../src/codec/hstore.ts";
import { jsonb } from "../../src/codec/json.ts";
import { int4 } from "../../src/codec/number.ts";
import { multirangeCodec, type Range, rangeCodec } from "../../src/codec/range.ts";
import { textCodec } from "../../src/codec/text.ts";
import { halfvecCodec, sparsevecCodec, vectorCodec } from "../../src/codec/vector.ts";
import { QueryError, ValidationError } from "../../src/errors/base.ts";

const text = textCodec("text");
const texts = arrayCodec(text);
const ints = arrayCodec(int4);

test("arrayCodec() reads what the server prints", () => {
  const cases: [string, unknown][] = [
    ["{}", []],
    ["{a}", ["a"]],
    ["{a,NULL,b}", ["a", null, "b"]],
    [`{"NULL","",NULL}`, ["NULL", "", null]],
    [`{"a,b","{}","\\"","\\\\"," "}`, ["a,b", "{}", '"', "\\", " "]],
    [`{{a,"b"},{NULL,d}}`, [["a", "b"], [null, "d"]]],
    ["{{{a}},{{b}}}", [[["a"]], [["b"]]]],
    ["[0:1]={a,b}", ["a", "b"]],
    [`[-1:0][5:5]={{"[0:1]={"},{b}}`, [["[0:1]={"], ["b"]]],
    [`{"\\n",x}`, ["n", "x"]],
  ];
  for (const [printed, value] of cases) assert.deepEqual(texts.decode(printed), value, printed);
  assert.deepEqual(ints.decode("{1,-2,NULL}"), [1, -2, null]);
});

test("arrayCodec() refuses text that is no array", () => {
  for (const wrong of ["", "a", "{", "{a", `{"a}`, `{"a\\"}`, "{{a}", "[0:1]", "{a}x"]) {
    assert.throws(() => texts.decode(wrong), QueryError, wrong);
  }
});

test("arrayCodec() quotes what the server would take for something else", () => {
  const cases: [unknown[], string][] = [
    [[], "{}"],
    [["a", null], "{a,NULL}"],
    [["null", "NULL", "nulls", ""], `{"null","NULL",nulls,""}`],
    [['"', "\\", "a b", "{", "}", ","], `{"\\"","\\\\","a b","{","}",","}`],
    [[["a"], [null]], "{{a},{NULL}}"],
    [[[]], "{}"],
    [[[[], []]], "{}"],
  ];
  for (const [value, written] of cases) assert.equal(texts.encode(value as string[]), written);
  assert.equal(
    arrayCodec(box).encode(["(1,1),(0,0)", "(2,2),(0,0)"]),
    `{"(1,1),(0,0)";"(2,2),(0,0)"}`,
  );
  assert.deepEqual(arrayCodec(box).decode("{(1,1),(0,0);(2,2),(0,0)}"), [
    "(1,1),(0,0)",
    "(2,2),(0,0)",
  ]);
});

test("arrayCodec() refuses ragged arrays, holes and wrong elements", () => {
  const ragged = [
    [["a"], []],
    [["a"], ["b", "c"]],
    ["a", ["b"]],
    [["a"], "b"],
    [["a"], null],
    [null, ["a"]],
    [[["a"]], ["b"]],
    [["a"], [["b"]]],
    [[], ["a"]],
    ["a", []],
    [["a"], [[]]],
    [[], "a"],
  ];
  for (const value of ragged) {
    assert.throws(
      () => texts.encode(value as string[]),
      /differ in length or depth/,
      JSON.stringify(value),
    );
  }
  assert.throws(() => texts.encode(["a", undefined] as never), /got undefined/);
  assert.throws(() => texts.encode([, "a"] as never), /got undefined/); // deno-lint-ignore no-sparse-arrays
  assert.throws(() => texts.encode("a" as never), ValidationError);
  assert.throws(() => ints.encode([1.5]), /not whole/);
});

test("arrayCodec() tells elements that are arrays from dimensions", () => {
  const vectors = arrayCodec(vectorCodec(2));
  assert.deepEqual(vectors.decode(vectors.encode([[1, 2], null, [3, 4]])), [[1, 2], null, [3, 4]]);
  const square = [[[1, 2]], [[3, 4]]];
  assert.deepEqual(vectors.decode(vectors.encode(square)), square);
  const many = arrayCodec(multirangeCodec(int4));
  const range: Range<number> = {
    lower: 1,
    upper: 2,
    lowerInclusive: true,
    upperInclusive: false,
    empty: false,
  };
  for (const value of [[[range], []], [[[range, range]], [[]]], [[], null]]) {
    assert.deepEqual(many.decode(many.encode(value)), value);
  }
  for (const [dimensions, value] of [[1, [[1, [2]], [], {}]], [2, [[[1], []]]]] as const) {
    const values = arrayCodec(jsonb, { dimensions });
    assert.deepEqual(values.decode(values.encode(value)), value);
  }
  assert.equal(arrayCodec(jsonb).encode([[1, 2], [3]]), `{"[1,2]",[3]}`);
});

test("rangeCodec() reads and writes every kind of bound", () => {
  const words = rangeCodec(text, "words");
  const range = (lower: string | null, upper: string | null, bounds: string): Range<string> => ({
    lower,
    upper,
    lowerInclusive: bounds.startsWith("["),
    upperInclusive: bounds.endsWith("]"),
    empty: false,
  });
  const cases: [string, Range<string>][] = [
    ["[a,b)", range("a", "b", "[)")],
    ["(,)", range(null, null, "()")],
    ["(,b]", range(null, "b", "(]")],
    [`["",a)`, range("", "a", "[)")],
    [`["a,b","c""d\\\\e"]`, range("a,b", 'c"d\\e', "[]")],
    [`("[","]")`, range("[", "]", "()")],
  ];
  for (const [printed, value] of cases) {
    assert.deepEqual(words.decode(printed), value);
    assert.equal(words.encode(value), printed);
  }
  assert.deepEqual(words.decode(`["a\\"b",c d]`), range('a"b', "c d", "[]"));
  const empty = words.decode("empty");
  assert.deepEqual(empty, { ...range(null, null, "()"), empty: true });
  assert.equal(words.encode(empty), "empty");
  assert.equal(words.encode(range(null, null, "[]")), "(,)");
  for (const wrong of ["", "a,b", "[a", "[a,b", "[a;b]", "[a,b)c", "[a,b,c)"]) {
    assert.throws(() => words.decode(wrong), QueryError, wrong);
  }
  assert.throws(() => words.encode("[a,b)" as never), /expected a range, got a string/);
});

test("rangeCodec() takes { lower, upper } for [lower, upper), and no part that is misspelled", () => {
  const numbers = rangeCodec(int4);
  assert.equal(numbers.encode({ lower: 1, upper: 5 }), "[1,5)");
  assert.equal(numbers.encode({ lower: 1 }), "[1,)");
  assert.equal(numbers.encode({ lower: null, upper: 5, upperInclusive: true }), "(,5]");
  assert.equal(numbers.encode({ empty: true }), "empty");
  assert.equal(numbers.encode({ lower: 1, lowerInclusive: false, upper: 2 }), "(1,2)");
  for (const wrong of [{}, { low: 1 }, { lower: 1, uper: 2 }, { lower: undefined, upper: 2 }]) {
    assert.throws(() => numbers.encode(wrong as never), /say \{ lower, upper \}/);
  }
});

test("multirangeCodec() reads what separates ranges", () => {
  const many = multirangeCodec(text);
  for (const printed of ["{}", "{[a,b)}", `{(,a}],["c,[d",)}`]) {
    assert.equal(many.encode(many.decode(printed)), printed);
  }
  for (const wrong of ["", "{", "[a,b)", "{[a,b)[c,d)}", "{[a,b),}"]) {
    assert.throws(() => many.decode(wrong), QueryError, wrong);
  }
  assert.throws(() => many.encode({} as never), /expected an array of ranges/);
});

test("compositeCodec() reads and writes records", () => {
  const pair = compositeCodec("pair", [{ name: "a", codec: int4 }, { name: "b", codec: text }]);
  const cases: [string, unknown][] = [
    ["(1,x)", { a: 1, b: "x" }],
    ["(,)", { a: null, b: null }],
    [`(1,"")`, { a: 1, b: "" }],
    [`(1,"a ""b"" \\\\ (c),")`, { a: 1, b: 'a "b" \\ (c),' }],
    [`(1,NULL)`, { a: 1, b: "NULL" }],
  ];
  for (const [printed, value] of cases) {
    assert.deepEqual(pair.decode(printed), value);
    assert.equal(pair.encode(value as Record<string, unknown>), printed);
  }
  assert.deepEqual(pair.decode(`(1,"a"b"c"\\,)`), { a: 1, b: "abc," });
  assert.throws(() => pair.decode("(1)"), /expected 2 attributes, got 1/);
  assert.throws(() => pair.decode("(1,2,3)"), /expected 2 attributes, got 3/);
  for (const wrong of ["", "(", "1,2", `(1,"a)`, "(1,a\\)"]) {
    assert.throws(() => pair.decode(wrong), QueryError, wrong);
  }
  assert.throws(() => pair.encode({ a: 1 }), /the attribute "b" is missing/);
  assert.throws(() => pair.encode([1, "x"] as never), /expected an object, got an array/);
  assert.deepEqual(compositeCodec("none", []).decode("()"), {});
  const one = compositeCodec("one", [{ name: "a", codec: text }]);
  assert.deepEqual(one.decode("()"), { a: null });
});

test("compositeCodec() carries an attribute named __proto__ and inherits none", () => {
  const codec = compositeCodec("odd", [
    { name: "__proto__", codec: text },
    { name: "toString", codec: text },
  ]);
  const value = codec.decode("(a,b)");
  assert.equal(Object.getPrototypeOf(value), null);
  assert.deepEqual(Object.entries(value), [["__proto__", "a"], ["toString", "b"]]);
  assert.equal(codec.encode(value), "(a,b)");
  assert.throws(() => codec.encode({}), /"__proto__" is missing/);
});

test("hstore carries any key and sorts what it writes", () => {
  const value = hstore.decode(
    `"__proto__"=>"x", "a\\"b"=>NULL, ""=>"NULL", "c"=>"\\\\, \\"d\\"=>"`,
  );
  assert.equal(Object.getPrototypeOf(value), null);
  assert.deepEqual(
    { ...value },
    JSON.parse(`{"__proto__":"x","a\\"b":null,"":"NULL","c":"\\\\, \\"d\\"=>"}`),
  );
  assert.deepEqual(hstore.decode(hstore.encode(value)), value);
  assert.equal(hstore.encode({ b: "1", a: null }), hstore.encode({ a: null, b: "1" }));
  assert.deepEqual(Object.keys(hstore.decode("")), []);
  for (const wrong of ["a", `"a"`, `"a"=>`, `"a"=>"b`, `"a"=>"b" "c"=>"d"`, `"a"=>b`]) {
    assert.throws(() => hstore.decode(wrong), QueryError, wrong);
  }
  assert.throws(() => hstore.encode({ a: undefined } as never), /got undefined/);
  assert.throws(() => hstore.encode({ a: "\0" }), /U\+0000/);
  assert.throws(() => hstore.encode({ "\uD800": "a" }), /surrogate/);
});

test("vectorCodec() refuses a wrong length and numbers that are not finite", () => {
  const two = vectorCodec(2);
  assert.deepEqual(two.decode("[1,-2.5e-07]"), [1, -2.5e-7]);
  assert.equal(two.encode([1, -0]), "[1,-0]");
  assert.equal(two.encode(Float32Array.of(0.5, 2)), "[0.5,2]");
  assert.throws(() => two.encode([1]), /expected 2 dimensions, got 1/);
  assert.throws(() => halfvecCodec(3).encode([]), /expected 3 dimensions, got 0/);
  assert.throws(() => two.encode([1, NaN]), /no finite number/);
  assert.throws(() => two.encode([1, "2"] as never), /no finite number/);
  assert.throws(() => two.encode("[1,2]" as never), /expected an array of numbers/);
});

test("sparsevecCodec() checks places and keeps them in order", () => {
  const sparse = sparsevecCodec(5);
  const value = { dimensions: 5, indices: [1, 3], values: [1.5, -2] };
  assert.deepEqual(sparse.decode("{1:1.5,3:-2}/5"), value);
  assert.equal(sparse.encode(value), "{1:1.5,3:-2}/5");
  assert.equal(
    sparse.encode({ dimensions: 5, indices: [3, 1], values: [-2, 1.5] }),
    "{1:1.5,3:-2}/5",
  );
  assert.deepEqual(sparse.decode("{}/5"), { dimensions: 5, indices: [], values: [] });
  const wrong: [unknown, RegExp][] = [
    [{ dimensions: 4, indices: [], values: [] }, /expected 5 dimensions, got 4/],
    [{ dimensions: 5, indices: [0], values: [1] }, /outside of 1/],
    [{ dimensions: 5, indices: [6], values: [1] }, /outside of 1/],
    [{ dimensions: 5, indices: [1, 1], values: [1, 2] }, /twice/],
    [{ dimensions: 5, indices: [1], values: [] }, /differ in length/],
    [{ dimensions: 5, indices: [1], values: [NaN] }, /no finite number/],
    [{ dimensions: 0.5, indices: [], values: [] }, /no positive whole number/],
    [[1, 2], /expected \{ dimensions, indices, values \}/],
  ];
  for (const [input, pattern] of wrong) assert.throws(() => sparse.encode(input as never), pattern);
  assert.throws(() => sparse.decode("[1,2]"), QueryError);
});

test("textArray() writes any texts so that an array of text reads them back", () => {
  const hard = [
    ...[
      "",
      "a",
      " ",
      "null",
      "NULL",
      "{}",
      "a,b",
      '"',
      "\\",
      '\\"',
      '\\\\"',
      "Grüße",
      "😀",
      "\u2028",
    ],
    ...["line\n", "\t", "\u0001", "\u007f", "\\n", '"\n', "\\\n", "\\u0041"],
  ];
  const same = (list: readonly string[]): void =>
    assert.deepEqual(texts.decode(textArray(list)), list);
  same([]);
  // each by itself and beside each other one: what one needs must not change the other
  for (const one of hard) {
    same([one]);
    for (const other of hard) same([one, other, one + other]);
  }
  // the server reads the word in any case
  assert.equal(textArray([null, "a", null]), '{null,"a",null}');
  assert.equal(textArray([null, "a\n"]), '{null,"a\n"}');
});
