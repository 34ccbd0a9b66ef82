import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  DoesNotExistError,
  materializedViewModel,
  MultipleObjectsReturnedError,
  Q,
  QueryError,
  sql,
  text,
  ValidationError,
  viewModel,
} from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { script, shop } from "./model_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = shop(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  const tags = async () => {
    const { Tag, Event, log } = await world.open();
    for (const [id, label] of ["b", "a", "c", "a", "d"].entries()) {
      await Tag.create({ id: id + 1, label });
    }
    for (
      const [n, happened] of [[3, "x"], [null, "y"], [1, null], [null, null], [2, "z"]] as const
    ) {
      await Event.create({ n, happened });
    }
    log.length = 0;
    return { Tag, Event, log };
  };

  on("filter() and its kin leave the query that they are called on as it was", async () => {
    const { Tag } = await tags();
    const base = Tag.filter({ label: "a" });
    const before = base.toSql();
    const made = [
      base.filter({ id: 2 }),
      base.exclude({ id: 2 }),
      base.orderBy("-id"),
      base.limit(1),
      base.offset(1),
      base.only("id"),
      base.defer("label"),
      base.reverse(),
      base.prefetchRelated({ orders: true }),
      base.using("nowhere"),
    ];
    assert.deepEqual(base.toSql(), before);
    assert.equal(new Set([base, ...made]).size, made.length + 1);
    assert.deepEqual((await base.all()).map((tag) => tag.id).sort(), [2, 4]);
    assert.equal(await base.filter({ id: 2 }).count(), 1);
    assert.equal(await base.exclude({ id: 2 }).count(), 1);
    assert.equal(await base.exclude().count(), 2);
    assert.equal(await base.exclude({}).count(), 0);
    assert.equal(await Tag.filter({ id: { gt: 1 } }, Q({ label: "a" })).count(), 2);
  });

  on("orderBy() takes names, directions, places of NULLs and fragments, and adds up", async () => {
    const { Tag, Event } = await tags();
    const ids = async (query: { all(): Promise<{ id: number }[]> }): Promise<number[]> =>
      (await query.all()).map((tag) => tag.id);
    assert.deepEqual(await ids(Tag.filter().orderBy("label", "-id")), [4, 2, 1, 3, 5]);
    assert.deepEqual(await ids(Tag.filter().orderBy("-label").orderBy("id")), [5, 3, 1, 2, 4]);
    assert.deepEqual(await ids(Tag.filter().orderBy("label", "id").reverse()), [5, 3, 1, 4, 2]);
    assert.deepEqual(await ids(Tag.filter().orderBy(sql`id % ${2}`, "id")), [2, 4, 1, 3, 5]);
    assert.deepEqual(
      await ids(Tag.filter().orderBy({ field: "id", descending: true })),
      [5, 4, 3, 2, 1],
    );
    const ns = async (query: { all(): Promise<{ n: number | null }[]> }): Promise<unknown[]> =>
      (await query.all()).map((event) => event.n);
    const first = Event.filter().orderBy({ field: "n", nulls: "first" });
    assert.deepEqual(await ns(first), [null, null, 1, 2, 3]);
    assert.deepEqual(await ns(first.reverse()), [3, 2, 1, null, null]);
    assert.equal((await first.first())?.n, null);
    assert.equal((await first.last())?.n, 3);
    assert.equal((await Event.filter().orderBy("n").last())?.n, null);
    assert.equal((await Event.filter().orderBy("-n").first())?.n, null);
    for (const term of [5, null, {}, { field: 5 }, []]) {
      assert.throws(() => Tag.filter().orderBy(term as never), ValidationError);
    }
    for (const nulls of ["middle", "first; drop table tags", 1, {}]) {
      assert.throws(
        () => Tag.filter().orderBy({ field: "id", nulls } as never),
        ValidationError,
        String(nulls),
      );
    }
  });

  on("limit() and offset() refuse what is no number of rows", async () => {
    const { Tag, log } = await tags();
    for (const bad of [-1, 1.5, NaN, Infinity, "1", null, undefined, 2 ** 53, 1n, "1; drop"]) {
      assert.throws(() => Tag.filter().limit(bad as never), { code: "invalid_limit" });
      assert.throws(() => Tag.filter().offset(bad as never), { code: "invalid_limit" });
    }
    assert.deepEqual(log, []);
    const sorted = Tag.filter().orderBy("id");
    assert.deepEqual((await sorted.limit(2).offset(1).all()).map((tag) => tag.id), [2, 3]);
    assert.deepEqual(await sorted.limit(0).all(), []);
    assert.equal(await sorted.limit(2).count(), 2);
    assert.equal(await sorted.offset(4).count(), 1);
    assert.equal(await sorted.limit(0).count(), 0);
    assert.equal(await sorted.limit(0).exists(), false);
    assert.equal(await sorted.offset(5).exists(), false);
    assert.equal(await sorted.offset(4).exists(), true);
    assert.equal(await sorted.limit(0).first(), null);
    assert.equal(await sorted.limit(0).getOrNull(), null);
    assert.equal((await sorted.offset(1).first())?.id, 2);
    await assert.rejects(sorted.limit(2).last(), ValidationError);
  });

  on("first(), last(), get() and getOrNull() choose their row", async () => {
    const { Tag, Event } = await tags();
    assert.equal((await Tag.first())?.id, 1);
    assert.equal((await Tag.last())?.id, 5);
    assert.equal((await Tag.first({ label: "a" }))?.id, 2);
    assert.equal((await Tag.last({ label: "a" }))?.id, 4);
    assert.equal((await Tag.filter().orderBy("label", "id").first())?.id, 2);
    assert.equal(await Tag.first({ id: 99 }), null);
    assert.equal(await Tag.last({ id: 99 }), null);
    assert.equal((await Event.first()) === null, false);
    await assert.rejects(Event.last(), { name: "QueryError", code: "no_order" });
    assert.equal((await Tag.get({ id: 3 })).label, "c");
    await assert.rejects(Tag.get({ label: "a" }), MultipleObjectsReturnedError);
    await assert.rejects(Tag.filter({ label: "a" }).getOrNull(), MultipleObjectsReturnedError);
    await assert.rejects(Tag.get({ id: 99 }), DoesNotExistError);
    assert.equal((await Tag.filter({ label: "a" }).orderBy("id").limit(1).get()).id, 2);
    assert.equal((await Tag.all()).length, 5);
    assert.equal(await Tag.exists(), true);
    assert.equal(await Tag.count(), 5);
  });

  on("only() and defer() give plain data", async () => {
    const { Tag } = await tags();
    const [row] = await Tag.filter({ id: 1 }).only("label", "label").all();
    assert.deepEqual(row, { label: "b" });
    assert.equal(row instanceof Tag, false);
    assert.equal((row as { save?: unknown }).save, undefined);
    assert.deepEqual(await Tag.filter({ id: 1 }).defer("label").all(), [{ id: 1 } as never]);
    assert.deepEqual(await Tag.filter().only("id").orderBy("label", "-id").first(), { id: 4 });
    assert.throws(() => Tag.filter().only(), { code: "no_columns" });
    assert.throws(() => Tag.filter().defer("id", "label"), { code: "no_columns" });
  });

  on("all() stops when its signal does", async () => {
    const { Tag } = await tags();
    await assert.rejects(Tag.all({ signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  });

  on("viewModel() reads and materializedViewModel() refreshes", async () => {
    const { Tag, database } = await world.open();
    await script(
      database,
      `create or replace view labels as select label, count(*)::int as n from tags group by label;
       drop materialized view if exists kept;
       create materialized view kept as select label from tags;
       create unique index on kept (label)`,
    );
    class Labels extends viewModel("labels", { label: text() }, { database: world.name }) {}
    class Kept extends materializedViewModel("kept", { label: text().primaryKey() }, {
      database: world.name,
    }) {}
    await Tag.create({ id: 1, label: "a" });
    assert.deepEqual((await Labels.filter({ label: "a" }).all()).map((row) => row.toDict()), [
      { label: "a" },
    ]);
    assert.equal(await Kept.count(), 0);
    await Kept.refresh();
    assert.equal(await Kept.count(), 1);
    await Tag.create({ id: 2, label: "b" });
    await Kept.refresh({ concurrently: true });
    assert.equal((await Kept.last())?.label, "b");
    for (const name of ["save", "update", "delete", "addM2m"]) {
      assert.equal(name in Labels.prototype, false);
    }
    assert.equal("create" in Labels, false);
    await assert.rejects(
      (Labels as unknown as { refresh(): Promise<void> }).refresh(),
      QueryError,
    );
    await assert.rejects((Tag as unknown as { refresh(): Promise<void> }).refresh(), QueryError);
    await script(database, "drop view labels; drop materialized view kept");
  });
}
