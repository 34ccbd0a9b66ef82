import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { hostileStrings } from "./hostile.ts";
import { ask, failure, one, type Subject } from "./subject.ts";

/** Text in, text out; columns; counts; strings of any kind. */
export function valuesSection(subject: Subject): void {
  const skip = subject.skip();
  const { name } = subject;
  const marks = subject.lacks.every(({ capability }) => capability !== "byteOrderMarks");
  const carried = (text: string): boolean => marks || !text.startsWith("\uFEFF");
  const hostile = hostileStrings.filter(carried);

  test(`${name}: query() gives values as the server's text`, { skip }, async () => {
    const { driver } = await subject.shared();
    const result = await ask(
      driver,
      `select $1::int8, $2::numeric, $3::float8, $4::bool, $5::bytea, $6::jsonb, $7::text[], $8::date,
        $9::interval, 0.1::float8 + 0.2::float8, null::text`,
      "9007199254740993",
      "0.10",
      "NaN",
      "true",
      "\\x00ff",
      '{"a": 1}',
      '{"x y",NULL}',
      "infinity",
      "1 day 02:03:04",
    );
    assert.deepEqual(result.rows, [[
      "9007199254740993",
      "0.10",
      "NaN",
      "t",
      "\\x00ff",
      '{"a": 1}',
      '{"x y",NULL}',
      "infinity",
      "1 day 02:03:04",
      "0.30000000000000004",
      null,
    ]]);
  });

  test(`${name}: query() names the columns and their types`, { skip }, async () => {
    const { driver } = await subject.shared();
    const { columns, rows } = await ask(
      driver,
      `select 1 as "a", 'x'::text as "a", true as "b ""c"`,
    );
    assert.deepEqual(columns, [
      { name: "a", typeOid: 23 },
      { name: "a", typeOid: 25 },
      { name: 'b "c', typeOid: 16 },
    ]);
    assert.deepEqual(rows, [["1", "x", "t"]]);
    const none = await ask(driver, "select 1 as n where false");
    assert.deepEqual(none, { columns: [{ name: "n", typeOid: 23 }], rows: [], affected: 0 });
  });

  test(`${name}: query() counts the rows of a command`, { skip }, async () => {
    const { driver } = await subject.shared();
    const create = await ask(driver, "create table counted (n int)");
    assert.deepEqual(create, { columns: [], rows: [], affected: 0 });
    const insert = await ask(driver, "insert into counted select generate_series(1, 5)");
    assert.equal(insert.affected, 5);
    const update = await ask(driver, "update counted set n = n where n > $1 returning n", "2");
    assert.equal(update.affected, 3);
    assert.equal(update.rows.length, 3);
    assert.equal((await ask(driver, "delete from counted where n = 99")).affected, 0);
    assert.equal((await ask(driver, "select n from counted")).affected, 5);
    await ask(driver, "drop table counted");
  });

  test(`${name}: query() tells the empty string from null`, { skip }, async () => {
    const { driver } = await subject.shared();
    const { rows } = await ask(
      driver,
      "select $1::text, $2::text, $1::text is null, $2::text is null",
      "",
      null,
    );
    assert.deepEqual(rows, [["", null, "f", "t"]]);
  });

  test(`${name}: query() carries hostile strings unchanged`, { skip }, async () => {
    const { driver } = await subject.shared();
    await carryAll(driver, hostile);
  });

  test(`${name}: query() carries the naughty strings unchanged`, {
    skip: skip !== false ? skip : naughtyFile === null ? "no blns.json (set MATRX_DATA)" : false,
  }, async () => {
    const { driver } = await subject.shared();
    const strings = JSON.parse(readFileSync(naughtyFile ?? "", "utf8")) as string[];
    await carryAll(driver, strings.filter((text) => !text.includes("\0") && carried(text)));
  });

  test(`${name}: query() carries a value of a million characters`, { skip }, async () => {
    const { driver } = await subject.shared();
    const long = "ä😀x".repeat(333_333);
    assert.equal(await one(driver, "select $1::text", long), long);
  });

  test(`${name}: query() takes any identifier in its text`, { skip }, async () => {
    const { driver } = await subject.shared();
    for (const text of hostile.filter((each) => each !== "")) {
      const id = new TextDecoder("utf-8", { ignoreBOM: true }).decode(
        new TextEncoder().encode(text).slice(0, 63),
      ).replace(
        /\uFFFD$/,
        "",
      );
      const { columns } = await ask(driver, `select 1 as "${id.replaceAll('"', '""')}"`);
      assert.equal(columns[0]?.name, id);
    }
  });

  for (const [what, bad] of [["NUL", "a\0b"], ["half a surrogate pair", "a\uD800b"]] as const) {
    test(`${name}: query() refuses ${what} before sending`, { skip }, async () => {
      const { driver } = await subject.shared();
      for (const work of [ask(driver, "select $1::text", bad), ask(driver, `select '${bad}'`)]) {
        const error = await failure(work);
        assert.equal((error as { code?: string }).code, "unsupported_character");
        assert.ok(!error.message.includes(bad));
      }
      assert.equal(await one(driver, "select 1"), "1");
    });
  }
}

async function carryAll(
  driver: Parameters<typeof ask>[0],
  strings: readonly string[],
): Promise<void> {
  const back = await Promise.all(
    strings.map((text) => ask(driver, "select $1::text, jsonb_build_array($1::text)", text)),
  );
  strings.forEach((text, i) => {
    assert.equal(back[i]?.rows[0]?.[0], text);
    assert.deepEqual(JSON.parse(back[i]?.rows[0]?.[1] ?? ""), [text]);
  });
}

const naughtyFile: string | null = [
  join(
    process.env.MATRX_DATA ?? join(import.meta.dirname ?? ".", "../../../shared/data"),
    "blns.json",
  ),
].find((path) => existsSync(path)) ?? null;
