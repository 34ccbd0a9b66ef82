/** Every string that PostgreSQL can hold comes back as it went; every other one is refused. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import {
  array,
  bytea,
  enumeration,
  F,
  integer,
  json,
  jsonb,
  model,
  sql,
  text,
  transaction,
  value,
  varchar,
} from "../../mod.ts";
import { hostileStrings } from "../contract/hostile.ts";
import { hostileNames } from "../support/hostile.ts";
import { type ServerKind, serverKinds, testServer } from "../support/servers.ts";
import { randomString, seeded } from "../support/strings.ts";
import { place, script } from "./model_world.ts";

const SEED = Number(process.env["MATRX_TEST_SEED"] ?? 20_261_124);

/** How many random strings; and of how many strings one is put through every operator. */
const COUNTS: Readonly<Record<ServerKind, readonly [number, number]>> = {
  pg18: [10_000, 2],
  pg15: [2_000, 8],
  pglite: [1_000, 16],
};

const folder = process.env["MATRX_DATA"] ??
  join(import.meta.dirname ?? ".", "../../../shared/data");
const file = join(folder, "blns.json");
const naughty: readonly string[] = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as string[]).filter((each) => !each.includes("\0"))
  : [];

/** Those that are written by hand, whose every use is tried. */
const known = [...new Set([...hostileStrings, ...hostileNames, ...naughty])];

const utf8 = new TextEncoder();
const quoted = (label: string): string => `'${label.replaceAll("'", "''")}'`;
const labels = hostileNames.filter((_, index) => index % 8 === 0);

const TABLES = `
create type label as enum (${labels.map(quoted).join()});
create table texts (
  id int primary key, t text not null, v varchar, l text[], d jsonb, p json, b bytea, e label);
create index on texts (md5(t));
create table keyed (t text primary key, n int not null, note text);
create table canary (t text);
insert into canary values ('sings');
`;

/** An object with one entry of any name, which `{ [name]: value }` would not make of "__proto__". */
const entry = (name: string, value: unknown): object => Object.fromEntries([[name, value]]);

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const where = place(server, TABLES);
  after(() => where.close());
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);

  class Text extends model("texts", {
    id: integer().primaryKey(),
    t: text(),
    v: varchar().nullable(),
    l: array(text().nullable()).nullable(),
    d: jsonb<unknown>().nullable(),
    p: json<unknown>().nullable(),
    b: bytea().nullable(),
    e: enumeration("label", labels).nullable(),
  }, { database: where.name }) {}

  class Keyed extends model("keyed", {
    t: text().primaryKey(),
    n: integer(),
    note: text().nullable(),
  }, { database: where.name }) {}

  const below = seeded(SEED);
  const [usual, step] = COUNTS[kind];
  const runs = Number(process.env["MATRX_STRING_RUNS"] ?? usual);
  const random = Array.from({ length: runs }, () => randomString(below));
  const all = [...new Set([...known, ...random])];
  const rows = all.map((t, id) => ({
    id,
    t,
    v: t,
    l: [t, null, `${t}x`, ""],
    d: { ...entry(t, t), list: [t, entry(t, null)] },
    p: [entry(t, t)],
    b: utf8.encode(t),
  }));
  const { log } = where;

  const checked = async (): Promise<void> => {
    const database = await where.open();
    const { rows } = await database.driver.query({ text: "select t from canary", params: [] });
    assert.deepEqual(rows, [["sings"]]);
  };

  on(`bulkCreate() and all() carry ${runs} random strings and ${known.length} others`, async () => {
    const database = await where.open();
    await script(database, "truncate texts");
    const back = await Text.bulkCreate(rows);
    const read = await Text.filter().orderBy("id").all();
    for (const [index, row] of rows.entries()) {
      const context = `seed ${SEED}, ${index}`;
      assert.deepEqual(read[index]!.toDict(), { ...row, e: null }, context);
      assert.equal(back[index]!.t, row.t, context);
      assert.equal(JSON.stringify(back[index]!.d), JSON.stringify(read[index]!.d), context);
    }
    // the server has the same characters, whatever happens on the way back
    const [same] = await Text.rawSql<{ n: bigint }>(
      sql`select count(*) as n from texts where b = convert_to(t, 'UTF8') and v = t
        and l[1] = t and l[3] = t || 'x' and d ? t and d #>> array['list', '0'] = t and p -> 0 ->> t = t`,
    );
    assert.equal(Number(same?.n), rows.length);
    await checked();
  });

  on("every operator finds each string, and those that hold it", async () => {
    const database = await where.open();
    await script(database, "truncate texts");
    const few = rows.filter((row) => row.id % 2 === 0).slice(0, 500);
    await Text.bulkCreate(few);
    const some = few.filter((_, index) => index % step === 0);
    for (let at = 0; at < some.length; at += 25) {
      await Promise.all(
        some.slice(at, at + 25).map(async ({ id, t, b }) => {
          const ids = async (filter: object): Promise<number[]> =>
            (await Text.filter(filter as never).orderBy("id").values("id").all()).map((row) =>
              row.id
            );
          const context = JSON.stringify(t);
          const holding = (holds: (text: string) => boolean): number[] =>
            few.filter((row) => holds(row.t)).map((row) => row.id);
          const exact: readonly object[] = [
            { t },
            { v: { eq: t } },
            { t: { in: [t, `${t}\u0001never`] } },
            { l: { has: t, contains: [t, `${t}x`] }, t },
            { b },
            { d: { contains: entry(t, t) } },
            { d: { path: [t], eq: t }, t },
            { d: { path: ["list", 0], eq: t } },
            { p: { path: [0, t], in: [t] }, t },
            { d: { jsonPath: { path: "$.list[0] ? (@ == $it)", vars: { it: t } } } },
            { d: { path: [t], iexact: t }, t },
          ];
          for (const filter of exact) assert.deepEqual(await ids(filter), [id], context);
          assert.deepEqual(
            await ids({ t: { contains: t } }),
            holding((it) => it.includes(t)),
            context,
          );
          assert.deepEqual(
            await ids({ v: { startsWith: t } }),
            holding((it) => it.startsWith(t)),
            context,
          );
          assert.deepEqual(
            await ids({ t: { endsWith: t } }),
            holding((it) => it.endsWith(t)),
            context,
          );
          assert.ok((await ids({ d: { hasKey: t } })).includes(id), context);
          const shown = await Text.filter({ id }).annotate({ it: value(t) }).filter(
            { it: t } as never,
          )
            .values("it").all();
          assert.deepEqual(shown, [{ it: t }], context);
          assert.deepEqual(
            await Text.rawSql(sql`select ${t}::text as it, ${[t]}::text[] as list`),
            [
              { it: t, list: [t] },
            ],
          );
        }),
      );
    }
    await checked();
  });

  on("rows of one string are created, changed and deleted one by one", async () => {
    const database = await where.open();
    await script(database, "truncate texts");
    const some = rows.filter((row) => row.id % (5 * step) === 0).slice(0, 80);
    for (const [index, row] of some.entries()) {
      const next = some[(index + 1) % some.length]!;
      const label = labels[index % labels.length]!;
      const made = await Text.create({ ...row, e: label });
      assert.deepEqual(made.toDict(), { ...row, e: label });
      made.t = next.t;
      made.d = next.d;
      await made.save();
      await made.update({ l: next.l, p: next.p, b: next.b, v: null });
      const again = await Text.get({ id: row.id, e: label });
      const { id, v, e, ...changed } = again.toDict();
      assert.deepEqual([id, v, e], [row.id, null, label]);
      assert.deepEqual(changed, { t: next.t, l: next.l, d: next.d, p: next.p, b: next.b });
      assert.equal(await Text.updateWhere({ t: next.t }, { v: row.t }), 1);
      assert.equal((await again.refresh()).v, row.t);
      assert.equal(await Text.deleteWhere({ v: row.t, e: { in: [label] } }), 1);
    }
    await checked();
  });

  on("upserts and bulk changes know rows by their strings", async () => {
    const database = await where.open();
    await script(database, "truncate keyed");
    const keys = all.slice(0, 8_000 / step);
    const given = keys.map((t, n) => ({ t, n }));
    await Keyed.bulkUpsert(given, { conflict: ["t"] });
    const back = await Keyed.bulkUpsert(
      given.map(({ t, n }) => ({ t, n: n + 1, note: t })),
      { conflict: ["t"] },
    );
    assert.deepEqual(
      back.map((row) => [row.t, row.n, row.note]),
      keys.map((t, n) => [t, n + 1, t]),
    );
    assert.equal(await Keyed.count(), keys.length);
    const found = await Keyed.inBulk(keys);
    assert.deepEqual([...found.keys()].sort(), [...keys].sort());
    const got = await Promise.all(keys.slice(0, 1_500).map((t) => Keyed.get({ t })));
    assert.deepEqual(got.map(({ t }) => t), keys.slice(0, 1_500));
    for (const row of back) row.note = `${row.t}!`;
    assert.equal(await Keyed.bulkUpdate(back, ["note"]), keys.length);
    assert.equal(await Keyed.count({ note: { endsWith: "!" } }), keys.length);
    for (const t of keys.filter((_, index) => index % 50 === 0)) {
      assert.equal((await Keyed.getOrCreate({ t }, { n: 0 })).created, false);
      assert.equal((await Keyed.updateOrCreate({ t }, { n: 7, note: t })).row.note, t);
    }
    assert.equal(await Keyed.bulkDelete(back), keys.length);
    await checked();
  });

  on("strings that PostgreSQL cannot hold are refused before anything is sent", async () => {
    await where.open();
    await Text.filter().all();
    const codes = ["invalid_value", "unsupported_character"];
    for (const bad of ["a\0b", "\0", "\ud800", "\udc00x", "a\ud83d", "\ude00\ud83d"]) {
      const row = { id: -1, t: "x" };
      const calls: Record<string, () => Promise<unknown>> = {
        text: () => Text.create({ id: -1, t: bad }),
        varchar: () => Text.create({ ...row, v: bad }),
        array: () => Text.create({ ...row, l: ["x", bad] }),
        jsonb: () => Text.create({ ...row, d: [{ a: bad }] }),
        "jsonb key": () => Text.create({ ...row, d: { a: { [bad]: 1 } } }),
        enum: () => Text.create({ ...row, e: bad as never }),
        bulkCreate: () => Text.bulkCreate([row, { id: -2, t: bad }]),
        bulkUpsert: () => Keyed.bulkUpsert([{ t: bad, n: 1 }], { conflict: ["t"] }),
        upsert: () => Keyed.upsert({ t: "x", n: 1, note: bad }, { conflict: ["t"] }),
        getOrCreate: () => Keyed.getOrCreate({ t: bad }, { n: 1 }),
        updateOrCreate: () => Keyed.updateOrCreate({ t: "x" }, { n: 1, note: bad }),
        eq: () => Text.filter({ t: bad }).all(),
        in: () => Text.filter({ t: { in: ["x", bad] } }).all(),
        contains: () => Text.filter({ t: { contains: bad } }).all(),
        like: () => Text.filter({ t: { like: bad } }).all(),
        regex: () => Text.filter({ t: { regex: bad } }).all(),
        has: () => Text.filter({ l: { has: bad } }).all(),
        "array contains": () => Text.filter({ l: { contains: [bad] } }).all(),
        "json eq": () => Text.filter({ d: { eq: bad } }).all(),
        "json contains": () => Text.filter({ d: { contains: { [bad]: bad } } }).all(),
        hasKey: () => Text.filter({ d: { hasKey: bad } }).all(),
        hasAnyKey: () => Text.filter({ d: { hasAnyKey: [bad] } }).all(),
        path: () => Text.filter({ d: { path: ["a", bad], eq: 1 } }).all(),
        "path eq": () => Text.filter({ d: { path: ["a"], eq: bad } }).all(),
        jsonPath: () => Text.filter({ d: { jsonPath: `$.a ? (@ == "${bad}")` } }).all(),
        "jsonPath vars": () =>
          Text.filter({ d: { jsonPath: { path: "$.a", vars: { a: bad } } } }).all(),
        get: () => Keyed.get({ t: bad }),
        inBulk: () => Keyed.inBulk(["x", bad]),
        updateWhere: () => Text.updateWhere({ t: "x" }, { v: bad }),
        deleteWhere: () => Text.deleteWhere({ t: bad }),
        value: () => Text.filter().annotate({ it: value(bad) }).all(),
        sql: () => Text.rawSql(sql`select ${bad}::text`),
        "sql.id": () => Text.rawSql(sql`select 1 as ${sql.id(bad)}`),
        "sql.raw": () => Text.rawSql(sql`select ${sql.raw(`'${bad}'`)}`),
        "annotation's name": () => Text.filter().annotate({ [bad]: F("id") }).all(),
      };
      for (const [name, call] of Object.entries(calls)) {
        log.length = 0;
        // a call may refuse at once or by its promise
        await assert.rejects(async () => await call(), (error: Error & { code?: string }) => {
          assert.ok(codes.includes(error.code ?? ""), `${name}: ${error.code} ${error.message}`);
          assert.ok(!error.message.includes(bad), `${name}: the message shows the value`);
          return true;
        }, name);
        assert.ok(log.every((text) => !text.includes("insert") || !text.includes("$1")), name);
      }
      // one bad key of a turn fails alone
      const [good, wrong] = await Promise.allSettled([
        Keyed.getOrNull({ t: "there is none" }),
        Keyed.getOrNull({ t: bad }),
      ]);
      assert.deepEqual([good.status, wrong.status], ["fulfilled", "rejected"]);
      // a refusal sends nothing, so that a transaction goes on
      await transaction(async (tx) => {
        await assert.rejects(Text.using(tx).create({ id: -1, t: bad }), { code: "invalid_value" });
        assert.equal(await Text.using(tx).count({ id: -1 }), 0);
      }, { database: where.name });
    }
    await checked();
  });
}
