import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { BUILTINS } from "../../generator/emit/builtin.ts";
import type { ModelMeta } from "../../src/schema/meta.ts";
import { assertReadsBack, metasOf } from "../support/compare.ts";
import { testDatabase } from "../support/database.ts";
import { catalogAfter, emptyFolder, generateInto, importFrom } from "../support/generated.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { typeCheck } from "./generate_support.ts";

/** A value of each type that has a factory, in SQL; types that need a value of their own. */
const VALUES: Readonly<Record<string, string>> = {
  uuid: "00000000-0000-4000-8000-000000000000",
  bool: "t",
  bytea: "\\x01",
  timestamptz: "2020-01-02 03:04:05.678Z",
  timestamp: "2020-01-02 03:04:05.678",
  date: "2020-01-02",
  time: "03:04:05",
  timetz: "03:04:05+00",
  interval: "1 day",
  jsonb: '{"a": 1}',
  json: '{"a": 1}',
  inet: "10.0.0.1/8",
  cidr: "10.0.0.0/8",
  macaddr: "08:00:2b:01:02:03",
  macaddr8: "08:00:2b:01:02:03:04:05",
  tsvector: "a",
  tsquery: "a",
  xml: "<a/>",
  point: "(1,2)",
};

function valueOf(type: string): string {
  if (type in VALUES) return VALUES[type]!;
  return /multirange$/.test(type) ? "{}" : /range$/.test(type) ? "empty" : "1";
}

/** Built-in types without a factory: they come and go as text. */
const AS_TEXT: Readonly<Record<string, string>> = {
  oid: "4294967295",
  name: "a",
  box: "(1,1),(0,0)",
  circle: "<(0,0),1>",
  line: "{1,2,3}",
  jsonpath: `$."a"`,
  pg_lsn: "0/1",
  xid8: "1",
};

const exact = `
  numeric(12,2) varchar(20) bpchar(3) timestamptz(3) timestamp(0) time(6) timetz(2) bit(4) varbit(9)
  int4[] text[][] numeric(5,-2)[] varchar(7)[] interval(3)`.trim().split(/\s+/)
  .concat("interval day to second(3)", "interval year", "bpchar", "timestamptz(3)[]");

const script = `
  create table every_type (${
  [...[...BUILTINS.keys()], ...Object.keys(AS_TEXT)].map((type) => `"${type}" "${type}"`).join(", ")
});
  insert into every_type values (${
  [...Array.from(BUILTINS.keys(), valueOf), ...Object.values(AS_TEXT)]
    .map((value) => `'${value.replaceAll("'", "''")}'`).join(", ")
});
  create table exact_types (${exact.map((type, index) => `c${index} ${type}`).join(", ")});
  create type mood as enum ('sad', 'ok');
  create domain name_list as text[] not null;
  create domain strict_mood as mood;
  create domain counted as int not null default 1;
  create domain recounted as counted check (value > 0);
  create domain stricter_mood as strict_mood check (value::mood <> 'sad');
  create type inner_type as (m mood, n numeric(4,1)[]);
  create type outer_type as ("In" inner_type, many inner_type[], d stricter_mood);
  create type float_range as range (subtype = float8);
  create table made_types (
    a mood, b mood[], c mood[][], d name_list, e stricter_mood, f stricter_mood[], g outer_type,
    h outer_type[], i float_range, j float_multirange, k float_range[], l every_type, m exact_types[],
    n recounted, o counted[]
  );`;

/** What a reader of the output writes; it does not compile when a type is less exact. */
const use = `
import { type EveryType, type MadeType, type Mood, moodLabels, type OuterType } from "./mod.ts";
import type { InsertOf, RowOf } from "LIBRARY";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const sure = <T extends true>(): T => true as T;

type Row = RowOf<EveryType>;
sure<Same<Row["int8"], bigint | null>>();
sure<Same<Row["numeric"], string | null>>();
sure<Same<Row["int4"], number | null>>();
sure<Same<Row["timestamptz"], Date | null>>();
sure<Same<Row["bytea"], Uint8Array | null>>();
sure<Same<Row["jsonb"], unknown>>();
sure<Same<Row["oid"], string | null>>();
type Made = RowOf<MadeType>;
sure<Same<Made["a"], "sad" | "ok" | null>>();
sure<Same<Made["b"], Mood[] | null>>();
sure<Same<Made["d"], string[]>>();
sure<Same<Made["f"], Mood[] | null>>();
sure<Same<Made["g"], OuterType | null>>();
sure<Same<OuterType["many"], { m: Mood | null; n: string[] | null }[] | null>>();
const made: InsertOf<MadeType> = { d: ["a"], e: "ok", g: { in_: null, many: [], d: moodLabels[0] } };
sure<Same<Made["n"], number>>();
// @ts-expect-error a label that the type does not have
const wrong: InsertOf<MadeType> = { d: [], a: "fine" };
// @ts-expect-error NULL in a domain that forbids it
const none: InsertOf<MadeType> = { d: null };
export { made, none, wrong };
`;

for (const kind of serverKinds) {
  const server = await testServer(kind);
  test(`generated columns have their exact types on ${kind}`, { skip: server.skip }, async () => {
    await using db = await testDatabase(server);
    await using folder = await emptyFolder();
    const catalog = await catalogAfter(db.driver, script);
    const plan = await generateInto(folder.path, catalog);
    assert.deepEqual(plan.notes.filter((note) => note.code === "unknown_type"), []);
    const models = await importFrom(folder.path);
    assert.equal(assertReadsBack(models, catalog), 3);

    const meta = metasOf(models).find(({ table }) => table === "every_type")!;
    const { rows } = await db.driver.query({
      text: `select ${
        meta.columns.map(({ name }) => `"${name}"::text`).join(", ")
      } from every_type`,
      params: [],
    });
    assertValues(meta, rows[0]!);
    const library = new URL("../../mod.ts", import.meta.url).href;
    await writeFile(join(folder.path, "use.ts"), use.replace("LIBRARY", library));
    await writeFile(
      join(folder.path, "mod.ts"),
      `export * from "./generated/mod.ts";\nexport { made } from "./use.ts";\n`,
    );
    const checked = await typeCheck(folder.path);
    assert.equal(checked.status, 0, checked.output);
  });
}

/** What \`typeof\` says of a value of a type that a file declares. */
const KINDS: Readonly<Record<string, string>> = {
  string: "string",
  number: "number",
  boolean: "boolean",
  bigint: "bigint",
  Date: "Date",
  Uint8Array: "Uint8Array",
};

function assertValues(meta: ModelMeta, row: readonly (string | null)[]): void {
  meta.columns.forEach((column, index) => {
    const value: unknown = column.codec.decode(row[index]!);
    const declared = BUILTINS.get(column.name)?.read ?? "string";
    const expected = KINDS[declared];
    if (expected === undefined) return;
    const actual = value instanceof Date || value instanceof Uint8Array
      ? value.constructor.name
      : typeof value;
    assert.equal(actual, expected, column.name);
  });
}
