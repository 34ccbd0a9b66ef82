/** Values and server texts of every type, for the round trip through a real server. */
import type { Range } from "../../src/codec/range.ts";

/** What one type is tried with. */
export interface Sample {
  /** The type's name as in `pg_type`, or as an extension brings it. */
  readonly type: string;
  /** The type in SQL, where it differs. */
  readonly sql?: string;
  /** The extension that brings it. */
  readonly extension?: string;
  /** The first major version that knows these samples; default: all. */
  readonly since?: number;
  /** Modifiers of the column. */
  readonly modifiers?: readonly string[];
  /** Values that come back as they went. */
  readonly values: readonly unknown[];
  /** Inputs that come back as another value. */
  readonly becomes?: readonly (readonly [input: unknown, value: unknown])[];
  /** Literals whose server text is decoded, encoded and printed again. */
  readonly texts?: readonly string[];
  /** Whether the type has arrays of its own; default true. */
  readonly arrays?: boolean;
}

const range = <Value>(
  lower: Value | null,
  upper: Value | null,
  bounds: "[]" | "[)" | "(]" | "()" = "[)",
): Range<Value> => ({
  lower,
  upper,
  lowerInclusive: bounds.startsWith("["),
  upperInclusive: bounds.endsWith("]"),
  empty: false,
});

const NOTHING: Range<never> = {
  lower: null,
  upper: null,
  lowerInclusive: false,
  upperInclusive: false,
  empty: true,
};

const instant = (text: string): Date => new Date(text);

const bare = (entries: Record<string, unknown>): Record<string, unknown> =>
  Object.assign(Object.create(null), entries);

const FOREVER = new Date(8.64e15);
const SINCE_EVER = new Date(-8.64e15);
const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

const HOSTILE = [
  "",
  " ",
  "NULL",
  "null",
  '"',
  "\\",
  "'",
  "{}",
  "{a,b}",
  "(a,b)",
  "[a,b]",
  "a,b;c",
  "\t\n\r\v\f",
  "\\N",
  "${x}",
  "`",
  "\u{1F600}e\u0301\u200D\uFEFF\uFFFF\u{10FFFF}",
  "__proto__",
  '\\"\\\\""',
];

const INSTANTS = [
  instant("2024-02-29T23:59:59.999Z"),
  instant("1970-01-01T00:00:00Z"),
  instant("1969-12-31T23:59:59.999Z"),
  instant("0001-01-01T00:00:00Z"),
  instant("0000-12-31T23:59:59.001Z"),
  instant("0000-02-29T00:00:00.010Z"),
  instant("-000043-03-15T12:00:00.100Z"),
  instant("-004712-01-01T00:00:00Z"),
  instant("0099-05-06T07:08:09.010Z"),
  instant("0999-12-31T23:59:59Z"),
  instant("1000-01-01T00:00:00Z"),
  instant("9999-12-31T23:59:59.999Z"),
  instant("+010000-01-01T00:00:00.500Z"),
  instant("+123456-07-08T09:10:11.012Z"),
  instant("+275760-09-12T23:59:59.999Z"),
  FOREVER,
  SINCE_EVER,
];

const DAYS = [
  "2024-02-29",
  "0001-01-01",
  "4713-01-01 BC",
  "5874897-12-31",
  "infinity",
  "-infinity",
];

const FLOATS = [0, -0, 1, -1.5, 0.1, 1e-7, 123456.78, NaN, Infinity, -Infinity];

/** The samples, by type. */
export const SAMPLES: readonly Sample[] = [
  { type: "bool", values: [true, false] },
  { type: "int2", values: [0, -32_768, 32_767] },
  { type: "int4", values: [0, -2_147_483_648, 2_147_483_647] },
  { type: "oid", values: [0, 4_294_967_295] },
  {
    type: "int8",
    values: [0n, -9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n, 9_007_199_254_740_993n],
    becomes: [[Number.MAX_SAFE_INTEGER, 9_007_199_254_740_991n], [-0, 0n]],
  },
  { type: "float4", values: [...FLOATS.map(Math.fround), 3.4028235e38, 1e-45].map(shortest) },
  {
    type: "float8",
    values: [...FLOATS, Number.MAX_VALUE, Number.MIN_VALUE, Number.EPSILON, 2 ** 53 + 2, 1e21],
  },
  {
    type: "numeric",
    values: [
      ...["0", "1.10", "-0.00001", "NaN", "Infinity", "-Infinity", "0.000"],
      ...["123456789012345678901234567890.123456789012345678901234567890", `1${"0".repeat(900)}`],
    ],
    becomes: [
      [12n ** 60n, String(12n ** 60n)],
      [0.1, "0.1"],
      [1e21, "1000000000000000000000"],
      [1e-10, "0.0000000001"],
      [-0, "0"],
      ["1e3", "1000"],
      ["+007.50", "7.50"],
      [".5", "0.5"],
      ["5.", "5"],
      ["1.5e-3", "0.0015"],
      ["12.345e1", "123.45"],
      ["-1E+2", "-100"],
      ["-0.0", "0.0"],
      [" inf ", "Infinity"],
    ],
    texts: ["1e-500", "1e500", "-0.0"],
  },
  { type: "numeric", sql: "numeric(12,2)", values: ["12.00", "-0.01", "NaN"] },
  { type: "money", values: ["$1,234.56", "-$0.01"] },
  { type: "text", values: HOSTILE },
  { type: "varchar", values: HOSTILE },
  { type: "bpchar", sql: "bpchar", values: HOSTILE },
  { type: "bpchar", sql: "char(3)", values: ["abc", "   "], becomes: [["a", "a  "]] },
  { type: "char", sql: `"char"`, values: ["", "a", " ", '"'] },
  { type: "name", values: HOSTILE },
  { type: "citext", extension: "citext", values: HOSTILE },
  { type: "xml", values: ["<a>1</a>", '<a b="c">\'&amp;</a>', "<a/>", "<x>\u{1F600}</x>"] },
  {
    type: "uuid",
    values: ["00000000-0000-0000-0000-000000000000", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
    becomes: [["{A0EEBC999C0B4EF8BB6D6BB9BD380A11}", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"]],
  },
  { type: "bytea", values: [new Uint8Array(), bytes, bytes.slice(100, 101)] },
  {
    type: "timestamptz",
    values: INSTANTS,
    becomes: [["2024-01-02 03:04:05.678+02", instant("2024-01-02T01:04:05.678Z")]],
    texts: ["2024-01-02 03:04:05.1+05:30", "0001-01-01 BC", "12345-06-07 08:09:10.5"],
  },
  { type: "timestamp", values: INSTANTS, texts: ["4713-11-24 00:00:00.5 BC", "99999-01-01"] },
  {
    type: "date",
    values: DAYS,
    becomes: [
      [instant("2024-02-29T23:59:59.999Z"), "2024-02-29"],
      [instant("0000-02-29T00:00:00Z"), "0001-02-29 BC"],
      [instant("+012345-01-02T00:00:00Z"), "12345-01-02"],
      [instant("0099-01-02T00:00:00Z"), "0099-01-02"],
      [FOREVER, "infinity"],
      [SINCE_EVER, "-infinity"],
    ],
  },
  { type: "time", values: ["00:00:00", "23:59:59.999999", "24:00:00"] },
  { type: "timetz", values: ["00:00:00+00", "23:59:59.999999-11:30", "12:00:00+01:02:03"] },
  {
    type: "interval",
    values: [
      ...["PT0S", "P1Y2M3DT4H5M6.5S", "-P1Y2M3DT4H5M6.5S", "P1Y-3DT4H", "P1M-1DT-2H"],
      ...["-PT0.000001S", "PT0.000001S", "PT1000H", "P-1MT0.5S", "P178000000Y", "-P11M", "P400D"],
      ...["PT2562047788H54.775807S", "-PT2562047788H54.775808S", "PT-0.5S".replace("PT-", "-PT")],
    ],
    becomes: [
      [{}, "PT0S"],
      [{ years: 1, months: -14, days: 3 }, "P-2M3D"],
      [{ weeks: 2, hours: -25, minutes: 30 }, "P14DT-24H-30M"],
      [{ seconds: 1.000001, milliseconds: 0.5, microseconds: -2 }, "PT1.000499S"],
      [{ seconds: -0.1 }, "-PT0.1S"],
      [{ seconds: 6.5 }, "PT6.5S"],
      ["P14M", "P1Y2M"],
      ["PT90M", "PT1H30M"],
      ["-P2W", "-P14D"],
      ["1 year -2 mons +3 days -04:05:06.7", "P10M3DT-4H-5M-6.7S"],
      ["PT1.1234560S", "PT1.123456S"],
    ],
    texts: ["1 mon -1 day", "-1 year -2 mons +3 days -04:05:06", "@ 1 minute ago", "-00:00:01.5"],
  },
  { type: "interval", since: 17, values: ["infinity", "-infinity"] },
  { type: "interval", sql: "interval day to second(3)", values: ["P3DT0.123S", "-PT1M"] },
  {
    type: "json",
    values: [null, 1, "a", [], {}, [1, [2]], { "a b": [null, true, 1.5e300] }, "\0", '\\u0000"'],
  },
  {
    type: "jsonb",
    values: [
      ...[null, 1, "a", [], {}, [1, [2]], { b: 1, a: [null, { c: "\\u0000" }] }],
      ...[JSON.parse('{"__proto__":{"x":1}}'), ...HOSTILE, Object.fromEntries(HOSTILE.map(twice))],
    ],
  },
  { type: "jsonpath", values: ['$."a"[*]?(@ > 1)', "strict $"] },
  { type: "inet", values: ["192.168.0.1", "10.0.0.1/8", "::1", "2001:db8::/32"] },
  { type: "cidr", values: ["10.0.0.0/8", "2001:db8::/32"] },
  { type: "macaddr", values: ["08:00:2b:01:02:03"] },
  { type: "macaddr8", values: ["08:00:2b:01:02:03:04:05"] },
  { type: "bit", sql: "bit(4)", values: ["0101", "1111"] },
  { type: "varbit", values: ["", "1", "0101010101"] },
  { type: "point", values: [{ x: 1, y: -2.5 }, { x: NaN, y: Infinity }, { x: -0, y: 1e-300 }] },
  { type: "line", values: ["{1,-1,0}"] },
  { type: "lseg", values: ["[(0,0),(1,1)]"] },
  { type: "box", values: ["(1,1),(0,0)", "(2,2),(-1,-1)"] },
  { type: "path", values: ["[(0,0),(1,1)]", "((0,0),(1,1))"] },
  { type: "polygon", values: ["((0,0),(1,1),(2,0))"] },
  { type: "circle", values: ["<(0,0),2.5>"] },
  { type: "tsvector", values: ["", "'a':1A 'b c':2,3 'it''s'", "'\\\\x'"] },
  { type: "tsquery", values: ["'a' & !'b c'", "'it''s' <-> 'x':*A"] },
  { type: "pg_lsn", values: ["0/0", "16/B374D848"] },
  { type: "xid", values: ["0", "4294967295"] },
  { type: "xid8", values: ["18446744073709551615"] },
  { type: "cid", values: ["7"] },
  { type: "tid", values: ["(0,1)"] },
  { type: "txid_snapshot", values: ["10:20:10,14,15"] },
  { type: "pg_snapshot", values: ["10:20:10,14,15"] },
  { type: "regclass", values: ["pg_class", "pg_type"] },
  { type: "regtype", values: ["integer", "timestamp with time zone", "text[]"] },
  { type: "regproc", values: ["now"] },
  { type: "regprocedure", values: ["abs(integer)"] },
  { type: "regoper", values: ["||/"] },
  { type: "regoperator", values: ["+(integer,integer)"] },
  { type: "regrole", values: ["postgres"] },
  { type: "regnamespace", values: ["pg_catalog"] },
  { type: "regconfig", values: ["english"] },
  { type: "regdictionary", values: ["simple"] },
  { type: "regcollation", values: [`"C"`] },
  { type: "refcursor", values: ["c 1"] },
  { type: "aclitem", values: ["postgres=r/postgres"] },
  { type: "int2vector", values: ["1 2 3", ""] },
  { type: "oidvector", values: ["1 2 3"] },
  {
    type: "int4range",
    values: [range(1, 5), range<number>(null, 5, "()"), range(1, null), NOTHING],
    becomes: [[range(1, 4, "[]"), range(1, 5)], [range(1, null, "[]"), range(1, null)]],
  },
  { type: "int8range", values: [range(-(2n ** 63n), 2n ** 63n - 1n), range(null, null, "()")] },
  { type: "numrange", values: [range("1.50", "2", "(]"), range("-Infinity", "NaN", "[]")] },
  {
    type: "tsrange",
    values: [range(INSTANTS[0], FOREVER, "[]"), range(SINCE_EVER, INSTANTS[6], "(]")],
  },
  { type: "tstzrange", values: [range(INSTANTS[1], INSTANTS[0]), range(INSTANTS[7], null)] },
  { type: "daterange", values: [range("2024-02-28", "2024-03-01"), range(null, "infinity", "()")] },
  {
    type: "int4multirange",
    values: [[], [range(1, 3), range(5, 7)], [range<number>(null, 1, "()"), range(3, null)]],
  },
  { type: "int8multirange", values: [[range(1n, 3n)]] },
  { type: "nummultirange", values: [[range("1.0", "2.00", "[]"), range("3", null, "()")]] },
  { type: "tsmultirange", values: [[range(INSTANTS[1], INSTANTS[0])]] },
  {
    type: "tstzmultirange",
    values: [[range(INSTANTS[1], INSTANTS[0]), range(INSTANTS[11], FOREVER)]],
  },
  { type: "datemultirange", values: [[range("2024-01-01", "2024-02-01")]] },
  {
    type: "hstore",
    extension: "hstore",
    values: [
      bare({}),
      bare({ a: "1", b: null, "": "", "NULL": "NULL" }),
      Object.assign(JSON.parse(`{"__proto__":"x","constructor":null}`)),
      bare(Object.fromEntries(HOSTILE.map(twice))),
    ].map(hostile),
    texts: [`"a"=>"b\\"c", d=>NULL, "e f"=>"\\\\"`],
  },
  { type: "ltree", extension: "ltree", values: ["", "Top.Science.Astronomy"] },
  { type: "lquery", extension: "ltree", values: ["Top.*.Astro@*", "a|b.*{1,2}"] },
  { type: "ltxtquery", extension: "ltree", values: ["Europe & Russia@* & !Transport"] },
  { type: "cube", extension: "cube", values: ["(1, 2, 3)", "(0),(1)"] },
  { type: "seg", extension: "seg", values: ["1.5 .. 2", "~3"] },
  { type: "isbn13", extension: "isn", values: ["978-0-393-04002-9"] },
  { type: "query_int", extension: "intarray", values: ["1 & ( 2 | 3 )"] },
  { type: "vector", extension: "vector", values: [[1, -2.5, 0], [0.1, 1e-7, -0]] },
  { type: "vector", sql: "vector(2)", extension: "vector", modifiers: ["2"], values: [[1, 2]] },
  { type: "halfvec", extension: "vector", values: [[1, -2.5, 0.099975586]] },
  {
    type: "sparsevec",
    extension: "vector",
    values: [
      { dimensions: 5, indices: [1, 3], values: [1.5, -2] },
      { dimensions: 3, indices: [], values: [] },
    ],
    becomes: [[
      { dimensions: 9, indices: [9, 2, 4], values: [9, 2, 0] },
      { dimensions: 9, indices: [2, 9], values: [2, 9] },
    ]],
  },
];

function twice(text: string): [string, string] {
  return [text, text];
}

/** The shortest decimal that means the same float of 32 bits, which is what the server prints. */
function shortest(value: number): number {
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Object.is(Math.fround(short), Math.fround(value))) return short;
  }
  return value;
}

/** A copy without a prototype that keeps a key named `__proto__`. */
function hostile(source: object): object {
  const copy = Object.create(null);
  for (const key of Object.keys(source)) copy[key] = (source as Record<string, unknown>)[key];
  return copy;
}
