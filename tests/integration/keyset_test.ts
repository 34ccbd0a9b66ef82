/** Pages by key: every row once, in the order of one query, forwards and backwards. */
import assert from "node:assert/strict";
import process from "node:process";
import { after, test } from "node:test";
import {
  array,
  bigint,
  boolean,
  bytea,
  count,
  date,
  decimal,
  doublePrecision,
  enumeration,
  F,
  inet,
  integer,
  interval,
  jsonb,
  lower,
  model,
  type Query,
  rowNumber,
  sql,
  text,
  timestamptz,
  uuid,
  window,
} from "../../mod.ts";
import { writeCursor } from "../../src/query/cursor.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { place } from "./model_world.ts";
import { Random } from "../support/random/random.ts";
import { trade } from "./query_world.ts";

const ROWS = 90;

/** Few values, NULLs and the odd ends of each type, so that many rows are equal in any one column. */
const TABLES = `
create type mood as enum ('sad', 'ok', 'happy');
create table kinds as
  select g as id,
    case when g % 7 = 0 then null else (g * 37 % 5)::bigint * 9007199254740993 end as big,
    case g % 6 when 0 then null when 1 then 'NaN' when 2 then 'infinity'
      else (g % 3)::text || '.10' end::numeric as amount,
    case g % 6 when 0 then null when 1 then 'infinity' when 2 then '-infinity'
      else '2024-01-01 00:00:00.000001+00'::timestamptz + (g % 3) * interval '1 microsecond' end
      as happened,
    case g % 8 when 0 then null else (array['a', 'B', 'ä', 'a b', 'Z', '', 'it''s'])[g * 3 % 7 + 1] end
      as name,
    (lpad(to_hex(g * 13 % 4), 8, '0') || '-0000-0000-0000-000000000000')::uuid as token,
    case g % 3 when 0 then null when 1 then true else false end as flag,
    (array['sad', 'ok', 'happy'])[g * 5 % 3 + 1]::mood as mood,
    case g % 4 when 0 then null when 1 then '{"a": 1}' when 2 then '[]' else '2' end::jsonb as doc,
    case g % 5 when 0 then null when 1 then 'infinity' else '2024-02-01' end::date as day,
    case g % 4 when 0 then null when 1 then '1 mon' else '30 days' end::interval as took,
    case g % 5 when 0 then null when 1 then 'NaN' when 2 then '-0' else (g % 3)::text end::float8
      as rate,
    case g % 4 when 0 then null else decode(to_hex(g % 3 + 16), 'hex') end as bytes,
    case g % 4 when 0 then null else ('10.0.0.' || g % 3)::inet end as host,
    case g % 4 when 0 then null else array['x', 'y' || g % 2] end as labels,
    g % 4 as rank
  from generate_series(1, ${ROWS}) g;
alter table kinds add primary key (id);
create table logs (id int primary key, at timestamptz not null, kind int not null, note text);
insert into logs select g, '2024-01-01'::timestamptz + g % 500 * interval '1 min', g % 9, 'n'
  from generate_series(1, 5000) g;
create index on logs (at, id);
create index on logs (kind desc, at);
analyze logs;
create table plain (n int);
`;

// deno-lint-ignore explicit-function-return-type explicit-module-boundary-types -- what it gives is a bag of classes
function kindModels(database: string) {
  class Kind extends model("kinds", {
    id: integer().primaryKey(),
    big: bigint().nullable(),
    amount: decimal().nullable(),
    happened: timestamptz().nullable(),
    name: text().nullable(),
    token: uuid(),
    flag: boolean().nullable(),
    mood: enumeration("mood", ["sad", "ok", "happy"]),
    doc: jsonb().nullable(),
    day: date().nullable(),
    took: interval().nullable(),
    rate: doublePrecision().nullable(),
    bytes: bytea().nullable(),
    host: inet().nullable(),
    labels: array(text()).nullable(),
    rank: integer(),
  }, { database }) {}

  class Log extends model("logs", {
    id: integer().primaryKey(),
    at: timestamptz(),
    kind: integer(),
    note: text().nullable(),
  }, { database }) {}

  class Plain extends model("plain", { n: integer().nullable() }, { database }) {}

  return { Kind, Log, Plain };
}

type AnyQuery = Query<{ readonly id: number }, never>;

/** The ids of all pages of a query, forwards. */
async function forwards(query: AnyQuery, size: number): Promise<number[]> {
  const ids: number[] = [];
  let cursor: string | null = null;
  for (let more = true; more;) {
    const page = await query.limit(size).after(cursor).page();
    assert.equal(page.hasPrevious, cursor !== null);
    assert.ok(page.items.length === size || !page.hasNext);
    ids.push(...page.items.map(({ id }) => id));
    [cursor, more] = [page.endCursor, page.hasNext];
  }
  return ids;
}

/** The ids of all pages of a query from its end to its start. */
async function backwards(query: AnyQuery, size: number): Promise<number[]> {
  const last = await query.reverse().limit(1).page();
  const ids = last.items.map(({ id }) => id);
  let cursor = last.startCursor;
  for (let more = cursor !== null; more;) {
    const page = await query.limit(size).before(cursor).page();
    ids.unshift(...page.items.map(({ id }) => id));
    [cursor, more] = [page.startCursor, page.hasPrevious];
  }
  return ids;
}

const COLUMNS = [
  ...["big", "amount", "happened", "name", "token", "flag", "mood", "doc", "day", "took"],
  ...["rate", "bytes", "host", "labels", "rank"],
] as const;

/** How many random orders; the embedded server is slow. */
const rounds = Number(process.env["MATRX_KEYSET_ROUNDS"] ?? 12);

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const where = place(server, TABLES);
  const { Kind, Log, Plain } = kindModels(where.name);
  const shop = trade(server);
  after(async () => {
    await where.close();
    await shop.close();
  });

  test(`pages by key do give every row once, for every type, on ${kind}`, {
    skip: server.skip,
  }, async () => {
    await where.open();
    for (const column of COLUMNS) {
      // the embedded server is slow, and sorts as the others do
      for (const nulls of kind === "pglite" ? ["last"] as const : ["first", "last"] as const) {
        const descending = nulls === "first";
        const query = Kind.filter().orderBy({ field: column, descending, nulls });
        const all = await query.orderBy("id").valuesList("id", { flat: true }).all();
        assert.equal(all.length, ROWS);
        assert.deepEqual(await forwards(query as never, 40), all, `${column} nulls ${nulls}`);
        assert.deepEqual(await backwards(query as never, 40), all, `${column} nulls ${nulls}`);
      }
    }
  });

  test(`pages by key do hold in any order while rows are inserted on ${kind}`, {
    skip: server.skip,
  }, async () => {
    await where.open();
    const seed = Number(process.env["MATRX_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
    const random = new Random(seed);
    let next = 1000;
    for (let round = 0; round < (kind === "pglite" ? rounds / 4 : rounds); round++) {
      const terms = Array.from({ length: 1 + random.below(3) }, () => {
        const nulls = random.of(["first", "last", undefined] as const);
        const field = random.of(COLUMNS);
        return { field, descending: random.once(2), ...(nulls === undefined ? {} : { nulls }) };
      });
      const note = `seed ${seed}, ${JSON.stringify(terms)}`;
      let query = Kind.filter({ rank: { lt: 4 } }).orderBy(...terms);
      if (random.once(3)) query = query.reverse();
      const tied = query.orderBy("id").valuesList("id", { flat: true });
      const size = 1 + random.below(30);
      const before = await tied.all();
      assert.deepEqual(await forwards(query as never, size), before, note);
      assert.deepEqual(await backwards(query as never, size), before, note);
      const seen: number[] = [];
      for await (const page of query.limit(size).pages()) {
        seen.push(...[...page].map((row) => row.id));
        const like = await Kind.get({ id: random.of(before) });
        await Kind.create({ ...like.toDict(), id: next++ });
      }
      const old = new Set(before);
      assert.deepEqual(seen.filter((id) => old.has(id)), before, note);
      assert.equal(new Set(seen).size, seen.length, note);
      await Kind.deleteWhere({ id: { gte: 1000 } });
    }
  });

  test(`pages by key do follow expressions and related rows on ${kind}`, {
    skip: server.skip,
  }, async () => {
    const { Ord } = await shop.open();
    const orders: readonly Query<{ readonly id: number }, never>[] = [
      Ord.filter().orderBy({ custId: "nick" }, "-qty"),
      Ord.filter().orderBy({ custId: { regionId: { field: "name", nulls: "first" } } }),
      Ord.filter().orderBy({ custId: "-name" }).selectRelated("custId").filter({ qty: { gt: 2 } }),
      Ord.filter().orderBy(lower("status").desc(), F("qty").times(-1)),
      Ord.filter().orderBy(sql`coalesce(rate, ${3})`),
      Ord.filter().annotate({ twice: F("qty").times(2) }).orderBy("-twice"),
      Ord.filter().annotate({ rest: F("qty").modulo(3) }).orderBy("rest").prefetchRelated({
        items: true,
      }),
      Ord.filter({ status: "paid" }).union(Ord.filter({ status: "draft" })).orderBy("status"),
      Ord.filter().orderBy("status").only("id", "qty"),
      Ord.filter().orderBy("status").values("id") as never,
    ] as never;
    for (const query of orders) {
      const all = (await (query as AnyQuery).orderBy("id" as never).all()).map(({ id }) => id);
      assert.deepEqual(await forwards(query, 6), all);
      assert.deepEqual(await backwards(query, 7), all);
    }
    const flat = await Ord.filter().orderBy("-qty").valuesList("status", { flat: true }).limit(2)
      .page();
    assert.deepEqual([...flat], ["draft", "draft"]);
    const rest = await Ord.filter().orderBy("-qty").valuesList("qty", { flat: true })
      .after(flat.endCursor).limit(2).page();
    assert.deepEqual(rest.items, [18, 17]);
  });

  test(`after() and before() do choose rows for every read on ${kind}`, {
    skip: server.skip,
  }, async () => {
    const { Ord } = await shop.open();
    const query = Ord.filter().orderBy("qty").limit(5);
    const page = await query.after((await query.page()).endCursor).page();
    assert.deepEqual(page.items.map((row) => row.qty), [6, 7, 8, 9, 10]);
    assert.ok(page.items[0] instanceof Ord);
    const ids = async (rest: Promise<readonly { readonly qty: number }[]>): Promise<number[]> =>
      (await rest).map((row) => row.qty);
    const open = Ord.filter().orderBy("qty");
    assert.deepEqual(await ids(open.after(page.endCursor).limit(2).all()), [11, 12]);
    assert.deepEqual(await ids(open.before(page.startCursor).limit(2).all()), [1, 2]);
    assert.equal((await open.before(page.startCursor).last())?.qty, 5);
    assert.equal((await open.after(page.endCursor).first())?.qty, 11);
    assert.equal((await open.after(page.endCursor).last())?.qty, 20);
    const between = open.after(page.cursorAt(1)).before(page.cursorAt(4));
    assert.deepEqual(await ids(between.all()), [8, 9]);
    const streamed = [];
    for await (const row of between) streamed.push(row.qty);
    assert.deepEqual(streamed, [8, 9]);
    const inside = await between.limit(1).page();
    assert.deepEqual([inside.hasPrevious, inside.hasNext, inside.items.length], [true, true, 1]);
    const none = await open.limit(3).before((await open.limit(1).page()).startCursor).page();
    assert.deepEqual([none.items, none.hasPrevious, none.hasNext], [[], false, true]);
    assert.deepEqual([none.startCursor, none.endCursor], [null, null]);
    const empty = await Ord.filter({ id: 0 }).limit(3).page();
    assert.deepEqual([empty.items, empty.hasPrevious, empty.hasNext], [[], false, false]);
    assert.equal((await Array.fromAsync(Ord.filter({ id: 0 }).limit(3).pages())).length, 1);
    const back = await Array.fromAsync(open.limit(3).before(page.startCursor).pages());
    assert.deepEqual(back.map((one) => one.items.map((row) => row.qty)), [[3, 4, 5], [1, 2]]);
    const cursor = page.endCursor;
    const refused = { code: "invalid_cursor_query" };
    await assert.rejects(open.after(cursor).count(), refused);
    await assert.rejects(open.after(cursor).exists(), refused);
    await assert.rejects(open.after(cursor).aggregate({ n: count() }), refused);
    await assert.rejects(open.after(cursor).update({ status: "x" }), refused);
    await assert.rejects(open.after(cursor).delete(), refused);
    assert.throws(() => open.after(cursor).toSql(), refused);
    assert.throws(() => Ord.filter({ id: { in: open.after(cursor).values("id") } }), refused);
  });

  test(`a cursor that is wrong is refused before anything is sent on ${kind}`, {
    skip: server.skip,
  }, async () => {
    await where.open();
    const query = Kind.filter().orderBy("-happened", "name").limit(5);
    const { endCursor } = await query.page();
    const cursor = endCursor!;
    assert.match(cursor, /^[\w-]+$/);
    where.log.length = 0;
    const wrong = { code: "invalid_cursor" };
    const other = { code: "cursor_of_another_order" };
    for (let index = 0; index < cursor.length; index++) {
      const letter = cursor[index] === "A" ? "B" : "A";
      const changed = cursor.slice(0, index) + letter + cursor.slice(index + 1);
      await assert.rejects(query.after(changed).page(), { name: "ValidationError" }, changed);
    }
    for (const text of ["", "x", "{}", cursor.slice(0, -3), cursor + "AAAA", "\u{1f600}"]) {
      await assert.rejects(query.after(text).page(), wrong, text);
    }
    await assert.rejects(
      Kind.filter().orderBy("happened", "name").limit(5).after(cursor).page(),
      other,
    );
    await assert.rejects(
      Kind.filter().orderBy("name", "-happened").limit(5).after(cursor).page(),
      other,
    );
    await assert.rejects(Kind.filter().orderBy("-happened").limit(5).before(cursor).page(), other);
    await assert.rejects(Log.filter().orderBy("-at", "note").limit(5).after(cursor).page(), other);
    // made by hand: whole and of this order, but no value of the column
    const [mark] = JSON.parse(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
    const forged = writeCursor(mark, ["yesterday'; drop table kinds; --", "x", "1"]);
    await assert.rejects(query.after(forged).page(), wrong);
    assert.throws(() => query.after(undefined as never), { code: "invalid_argument" });
    assert.throws(() => query.before(5 as never), { code: "invalid_argument" });
    const page = { code: "invalid_page" };
    await assert.rejects(Kind.filter().page(), page);
    await assert.rejects(Kind.filter().limit(0).page(), page);
    await assert.rejects(Kind.filter().limit(3).offset(1).page(), page);
    const keyless = { code: "no_keyset" };
    await assert.rejects(Plain.filter().orderBy("n").limit(2).page(), keyless);
    await assert.rejects(Kind.filter().distinct().limit(2).page(), keyless);
    await assert.rejects(Kind.filter().groupBy("rank").limit(2).page(), keyless);
    const numbered = Kind.filter().annotate({ place: window(rowNumber(), { orderBy: ["id"] }) });
    await assert.rejects(numbered.orderBy("place").limit(2).page(), keyless);
    assert.deepEqual(where.log, []);
  });

  test(`pages by key do use an index on ${kind}`, { skip: server.skip }, async () => {
    await where.open();
    const upwards = Log.filter().orderBy("at", "id").limit(20);
    const cursor = (await upwards.after((await upwards.page()).endCursor).page()).endCursor;
    const plan = await upwards.after(cursor).explain();
    assert.match(plan, /Index Cond: \(ROW\(t?0?\.?at, t?0?\.?id\) > ROW\(/, plan);
    assert.doesNotMatch(plan, /Sort|Filter|Seq Scan/, plan);
    const mixed = Log.filter().orderBy("-kind", "at").limit(20);
    const other = (await mixed.page()).endCursor;
    const mixedPlan = await mixed.after(other).explain();
    assert.match(mixedPlan, /Index Cond: \(kind <= /, mixedPlan);
    assert.doesNotMatch(mixedPlan, /Seq Scan/, mixedPlan);
  });
}
