import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { TypeRef } from "../../src/catalog/type_ref.ts";
import { arrayCodec } from "../../src/codec/array.ts";
import type { AnyCodec } from "../../src/codec/codec.ts";
import { compositeCodec } from "../../src/codec/composite.ts";
import { builtinFamily } from "../../src/codec/family.ts";
import { hstore } from "../../src/codec/hstore.ts";
import { jsonb } from "../../src/codec/json.ts";
import { BUILTIN_OIDS } from "../../src/codec/oids.ts";
import { multirangeCodec, rangeCodec } from "../../src/codec/range.ts";
import { codecByOid, codecFor } from "../../src/codec/registry.ts";
import { textCodec } from "../../src/codec/text.ts";
import type { Param, Rows } from "../../src/driver/port.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { type Sample, SAMPLES } from "./codec_samples.ts";

const EXTENSIONS = ["citext", "hstore", "ltree", "cube", "seg", "isn", "intarray", "vector"];

/** Where an extension must be there: elsewhere its types are left out. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  pg18: ["citext", "hstore", "ltree", "cube", "seg", "isn", "intarray"],
  pg15: ["citext", "hstore", "ltree", "cube", "seg", "isn", "intarray"],
  pglite: ["vector"],
};

/** How many random strings travel. */
const STRINGS = 10_000;

const sqlOf = (sample: Sample): string => sample.sql ?? sample.type;

function typeOf(sample: Sample, dimensions: number): TypeRef {
  const schema = sample.extension === undefined ? "pg_catalog" : "public";
  return { schema, name: sample.type, modifiers: sample.modifiers ?? [], dimensions };
}

const pieces = (text: string): string[] => [...text];

/** Strings of all planes with many characters that quoting must know; the same ones each time. */
function randomStrings(count: number): string[] {
  let state = 20_240_229;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const special = pieces(
    "\"\\'{}()[],;: \t\n\r\v\f=><NULLnull_proto%$`\u00A0\uFEFF\uFFFF\u0001\u007F\u{1F600}",
  );
  const character = (): string => {
    const kind = next();
    if (kind < 0.5) return special[below(special.length)]!;
    if (kind < 0.7) return String.fromCharCode(1 + below(126));
    if (kind < 0.9) return String.fromCharCode(128 + below(0xd800 - 128));
    return String.fromCodePoint(0xe000 + below(0x110000 - 0xe000));
  };
  return Array.from({ length: count }, () => Array.from({ length: below(12) }, character).join(""));
}

for (const kind of serverKinds) {
  const server = await testServer(kind);
  describe(`codecs on ${kind}`, { skip: server.skip }, () => {
    let db: TestDatabase;
    let version = 0;
    const present = new Set<string>();

    const run = (text: string, params: readonly Param[] = []): Promise<Rows> =>
      db.driver.query({ text, params });

    /** Sends texts as one type and gives back what the server prints. */
    async function sent(sql: string, texts: readonly Param[]): Promise<readonly Param[]> {
      if (texts.length === 0) return [];
      const columns = texts.map((_, i) => `$${i + 1}::${sql}`).join(", ");
      return (await run(`select ${columns}`, texts)).rows[0]!;
    }

    async function same(sql: string, codec: AnyCodec, values: readonly unknown[]): Promise<void> {
      const texts = values.map((value) => codec.encode(value));
      const back = await sent(sql, texts);
      back.forEach((text, i) => {
        assert.notEqual(text, null);
        assert.deepEqual(codec.decode(text!), values[i], `${sql}: value ${i} went as ${texts[i]}`);
      });
      // the server's own text comes back as it was
      assert.deepEqual(
        await sent(sql, back.map((text) => codec.encode(codec.decode(text!)))),
        back,
      );
    }

    before(async () => {
      db = await testDatabase(server);
      version = Math.floor(Number((await run("show server_version_num")).rows[0]![0]) / 10_000);
      for (const [name] of (await run("select name from pg_available_extensions")).rows) {
        if (!EXTENSIONS.includes(name!)) continue;
        await run(`create extension if not exists ${name}`);
        present.add(name!);
      }
      // money is printed by the session's locale
      const [[money]] = (await run("show lc_monetary")).rows as [[string]];
      assert.match(money, /^(C|en_US)/);
    });
    after(async () => {
      await db?.[Symbol.asyncDispose]();
    });

    test("the extensions that this server must have are there", () => {
      for (const name of EXPECTED[kind]!) assert.ok(present.has(name), name);
    });

    const known = (sample: Sample): boolean =>
      (sample.extension === undefined || present.has(sample.extension)) &&
      version >= (sample.since ?? 0);

    SAMPLES.forEach((sample) => {
      const sql = sqlOf(sample);
      test(`codecFor() carries ${sql} both ways`, async (t) => {
        if (!known(sample)) return t.skip("not on this server");
        const codec = codecFor(typeOf(sample, 0));
        await same(sql, codec, sample.values);
        const inputs = sample.becomes ?? [];
        const back = await sent(sql, inputs.map(([input]) => codec.encode(input)));
        back.forEach((text, i) =>
          assert.deepEqual(codec.decode(text!), inputs[i]![1], `${sql} ${i}`)
        );
        const printed = await sent(sql, sample.texts ?? []);
        const again = await sent(sql, printed.map((text) => codec.encode(codec.decode(text!))));
        assert.deepEqual(again, printed);
      });

      test(`codecFor() carries arrays of ${sql} both ways`, async (t) => {
        if (!known(sample) || sample.arrays === false) return t.skip("not on this server");
        const { values } = sample;
        const pairs = values.map((value) => [value, null]);
        const flat = codecFor(typeOf(sample, 1));
        const square = codecFor(typeOf(sample, 2));
        const cube = codecFor(typeOf(sample, 3));
        // a null element is SQL NULL, so JSON's null is left out
        const solid = values.filter((value) => value !== null);
        await same(`${sql}[]`, flat, [[], solid, [null, ...solid, null], solid.slice(0, 1)]);
        await same(`${sql}[]`, square, [[], pairs, [solid, solid], [[null], [null]]]);
        await same(`${sql}[]`, cube, [[], [pairs, pairs], [[[null]]]]);
      });

      test(`compositeCodec() carries ${sql} both ways`, async (t) => {
        if (!known(sample)) return t.skip("not on this server");
        const fields = [
          { name: "one", codec: codecFor(typeOf(sample, 0)) },
          { name: "many", codec: codecFor(typeOf(sample, 1)) },
          { name: "__proto__", codec: textCodec("text") },
        ];
        await run(`create type sample as (one ${sql}, many ${sql}[], "__proto__" text)`);
        try {
          const codec = compositeCodec("sample", fields);
          const solid = sample.values.filter((value) => value !== null);
          const values = [...solid, null].map((one) =>
            Object.fromEntries([["one", one], ["many", [...solid, null]], ["__proto__", " "]])
          ).map((value) => Object.setPrototypeOf(value, null));
          await same("sample", codec, values);
          await same("sample[]", arrayCodec(codec), [values]);
        } finally {
          await run("drop type sample");
        }
      });
    });

    test("arrayCodec() reads arrays with bounds of their own", async () => {
      const rows = await run("select '[0:1]={1,2}'::int[], '[2:3][-1:0]={{1,2},{NULL,4}}'::int[]");
      const codec = codecByOid(rows.columns[0]!.typeOid);
      const [one, two] = rows.rows[0]!;
      assert.match(one!, /^\[0:1\]=/);
      assert.deepEqual(codec.decode(one!), [1, 2]);
      assert.deepEqual(codec.decode(two!), [[1, 2], [null, 4]]);
    });

    test("rangeCodec() carries a range of text with any characters both ways", async () => {
      await run(`create type words as range (subtype = text, collation = "C")`);
      const [empty, ...strings] = [...new Set(randomStrings(600))].sort(byCodePoint);
      assert.equal(empty, "");
      const range = (lower: string | null, upper: string | null) => ({
        lower,
        upper,
        lowerInclusive: lower !== null,
        upperInclusive: false,
        empty: false,
      });
      const ranges = strings.slice(1).map((upper, i) => range(i === 0 ? "" : strings[i]!, upper));
      const text = textCodec("text");
      await same("words", rangeCodec(text, "words"), [
        ...ranges,
        range(null, " "),
        range("\\", null),
      ]);
      const apart = ranges.filter((_, i) => i % 2 === 0);
      const [[name]] =
        (await run("select rngmultitypid::regtype from pg_range where rngtypid = 'words'::regtype"))
          .rows as [[string]];
      const many = multirangeCodec(text, name);
      await same(name, many, [[], apart]);
      await same(`${name}[]`, arrayCodec(many), [[apart, [], null], [[[]], [apart]]]);
    });

    test("every setting of intervalstyle and bytea_output that codecs know reads the same", async () => {
      const link = await db.driver.acquire();
      const interval = codecFor({ schema: null, name: "interval", modifiers: [], dimensions: 1 });
      try {
        for (const style of ["postgres", "iso_8601"]) {
          await link.script(`set intervalstyle = ${style}`);
          const values = ["P1Y2M3DT4H5M6.5S", "-P1Y", "P1M-1DT2H", "-PT0.5S", "PT0S", "PT-1H2M"];
          const { rows } = await link.query({
            text: "select $1::interval[]",
            params: [interval.encode(values)],
          });
          assert.deepEqual(interval.decode(rows[0]![0]!), [...values.slice(0, 5), "-PT58M"]);
        }
        // two readers that share no code agree on any mix of signs
        const parts =
          "make_interval(months => (i * 7919) % 31 - 15, days => (i * 104729) % 19 - 9)" +
          " + (i::int8 * 15485863 * (i % 7) % 200000000000 - 99999999) * interval '1 microsecond'";
        const printed: string[] = [];
        for (const style of ["postgres", "iso_8601"]) {
          await link.script(`set intervalstyle = ${style}`);
          const { rows } = await link.query({
            text: `select array_agg(${parts} order by i) from generate_series(1, 3000) i`,
            params: [],
          });
          printed.push(rows[0]![0]!);
        }
        assert.notEqual(printed[0], printed[1]);
        const [postgres, iso] = printed.map((text) => interval.decode(text));
        assert.equal(iso!.length, 3000);
        assert.deepEqual(postgres, iso);
        await link.script("set intervalstyle = postgres");
        const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
        for (const output of ["escape", "hex"]) {
          await link.script(`set bytea_output = ${output}`);
          const codec = codecByOid(17);
          const { rows } = await link.query({
            text: "select $1::bytea",
            params: [codec.encode(bytes)],
          });
          assert.deepEqual(codec.decode(rows[0]![0]!), bytes);
        }
      } finally {
        link.release();
      }
    });

    test("timestamptz reads the same in every time zone", async () => {
      const link = await db.driver.acquire();
      try {
        const codec = codecByOid(1184);
        for (
          const zone of ["UTC", "Asia/Kolkata", "America/St_Johns", "Asia/Tokyo", "America/Lima"]
        ) {
          await link.script(`set timezone = '${zone}'`);
          for (
            const iso of [
              "2024-07-01T23:30:15.250Z",
              "1850-01-01T00:00:00Z",
              "0000-05-06T07:08:09Z",
            ]
          ) {
            const date = new Date(iso);
            const { rows } = await link.query({
              text: "select $1::timestamptz",
              params: [codec.encode(date)],
            });
            assert.deepEqual(codec.decode(rows[0]![0]!), date, `${zone}: ${rows[0]![0]}`);
          }
        }
      } finally {
        await link.script("reset timezone");
        link.release();
      }
    });

    test(`${STRINGS} random strings travel as text, arrays, jsonb, hstore and records`, async () => {
      const text = textCodec("text");
      // PGlite's own reader may drop a byte order mark in front of a value
      const [[marked]] = (await run("select U&'\\FEFFa'")).rows as [[string]];
      assert.ok(marked === "\uFEFFa" || kind === "pglite");
      const strings = randomStrings(STRINGS)
        .map((string) => marked === "a" && string.startsWith("\uFEFF") ? `a${string}` : string);
      for (let from = 0; from < STRINGS; from += 1000) {
        const some = strings.slice(from, from + 1000);
        assert.deepEqual(await sent("text", some.map(text.encode)), some);
      }
      await same("text[]", arrayCodec(text), [strings, pairsOf(strings)]);
      const record = Object.fromEntries(strings.map((key, i) => [key, strings[STRINGS - 1 - i]!]));
      await same("jsonb", jsonb, [strings, record]);
      if (present.has("hstore")) {
        await same("hstore", hstore, [Object.assign(Object.create(null), record)]);
      }
      const parts = compositeCodec("pair", [{ name: "a", codec: text }, {
        name: "b",
        codec: text,
      }]);
      await run("create type pair as (a text, b text)");
      const values = pairsOf(strings).map(([a, b]) => ({ a: a!, b: b! }));
      await same("pair[]", arrayCodec(parts), [values]);
    });

    test("builtinFamily() and codecByOid() know every built-in type", async () => {
      const { rows } = await run(
        `select t.typname, t.oid, t.typarray from pg_type t
          where t.typnamespace = 'pg_catalog'::regnamespace and t.typtype in ('b', 'r', 'm')
            and not exists (select from pg_type e where e.typarray = t.oid)
            and t.typname <> '_cstring'`,
      );
      assert.ok(rows.length > 80);
      assert.deepEqual(rows.filter(([name]) => builtinFamily(name!) === undefined), []);
      const listed = new Map(BUILTIN_OIDS.map(([name, own, array]) => [name, [own, array].join()]));
      for (const [name, own, array] of rows) {
        assert.equal(listed.get(name!), `${own},${array}`, name!);
        assert.equal(codecByOid(Number(own)).name, name);
        if (array !== "0") assert.equal(codecByOid(Number(array)).name, `${name}[]`);
      }
    });
  });
}

function pairsOf<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: items.length / 2 }, (_, i) => items.slice(2 * i, 2 * i + 2));
}

/** Sorts as the collation C does: by UTF-8 bytes. */
function byCodePoint(a: string, b: string): number {
  const left = pieces(a);
  const right = pieces(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
