import assert from "node:assert/strict";
import { after, test } from "node:test";
import { count, integer, model, Page, Paginator, sum, text, viewModel } from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { ORDERS, trade } from "./query_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = trade(server, "create view names as select name from custs;");
  class Name extends viewModel("names", { name: text() }, { database: world.name }) {}
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  on("getPage() does give a page and what there is to know of it", async () => {
    const { Ord, log } = await world.open();
    const query = Ord.filter().orderBy("status");
    const paginator = new Paginator(query, { pageSize: 6 });
    assert.equal(paginator.totalPages, null);
    const second = await paginator.getPage(2);
    const all = await query.orderBy("id").all();
    assert.deepEqual(second.items.map(({ id }) => id), all.slice(6, 12).map(({ id }) => id));
    assert.ok(second.items[0] instanceof Ord && second instanceof Page);
    assert.deepEqual(
      [second.number, second.pageSize, second.totalCount, second.totalPages, second.length],
      [2, 6, ORDERS, 4, 6],
    );
    assert.deepEqual(
      [second.hasNext, second.hasPrevious, second.nextNumber, second.previousNumber],
      [true, true, 3, 1],
    );
    assert.deepEqual([second.startIndex, second.endIndex], [7, 12]);
    assert.equal(paginator.totalPages, 4);
    const last = await paginator.page(4);
    assert.deepEqual([last.startIndex, last.endIndex, last.hasNext], [19, 20, false]);
    assert.deepEqual([last.nextNumber, last.previousNumber], [null, 3]);
    assert.deepEqual([...last].map(({ id }) => id), all.slice(18).map(({ id }) => id));
    assert.equal(log.filter((sent) => sent.includes("count(*)")).length, 1, "counted once");
    assert.doesNotMatch(query.toSql().text, /"id"$|limit/, "the query itself is as it was");
  });

  on("getPage() does refuse a page that is not there", async () => {
    const { Ord, log } = await world.open();
    const paginator = new Paginator(Ord.filter(), { pageSize: 6 });
    for (const number of [0, -1, 1.5, NaN, "2"]) {
      await assert.rejects(paginator.getPage(number as number), { code: "invalid_page" });
    }
    assert.deepEqual(log, []);
    await assert.rejects(paginator.getPage(5), { code: "page_out_of_range" });
    log.length = 0;
    await assert.rejects(paginator.getPage(5), { code: "page_out_of_range" });
    assert.deepEqual(log, [], "the count is known");
    const none = await new Paginator(Ord.filter({ id: 0 })).getPage(1);
    assert.deepEqual(
      [none.items, none.totalPages, none.totalCount, none.hasNext, none.startIndex, none.endIndex],
      [[], 1, 0, false, 0, 0],
    );
    await assert.rejects(new Paginator(Ord.filter({ id: 0 })).getPage(2), {
      code: "page_out_of_range",
    });
  });

  on("a paginator does count anew when it is asked to", async () => {
    const { Item } = await world.open();
    const before = await Item.count();
    const paginator = new Paginator(Item.filter(), { pageSize: 25 });
    assert.equal(await paginator.count(), before);
    const [first] = await Item.filter().orderBy("id").limit(1).all();
    await Item.create({ ...first!.toDict(), id: 1000 });
    assert.equal((await paginator.getPage(1)).totalCount, before);
    paginator.refresh();
    assert.equal(paginator.totalPages, null);
    assert.equal((await paginator.getPage(1)).totalCount, before + 1);
    const pages = [];
    for await (const page of paginator) pages.push(page);
    assert.deepEqual(pages.map((page) => page.length), [25, 25, 11]);
    assert.equal(new Set(pages.flatMap((page) => [...page].map(({ id }) => id))).size, before + 1);
    await Item.deleteWhere({ id: 1000 });
    assert.equal((await Array.fromAsync(paginator)).at(-1)?.totalCount, before);
  });

  on("a paginator does go with every kind of query", async () => {
    const { Ord, Cust, Mark } = await world.open();
    const read = async <Item>(paginator: Paginator<Item>): Promise<Item[]> =>
      (await Array.fromAsync(paginator)).flatMap((page) => [...page]);
    const slice = Ord.filter().orderBy("-qty").offset(3).limit(8);
    const sliced = new Paginator(slice, { pageSize: 3 });
    assert.deepEqual((await read(sliced)).map(({ id }) => id), [17, 16, 15, 14, 13, 12, 11, 10]);
    assert.equal((await sliced.getPage(3)).length, 2);
    await assert.rejects(sliced.getPage(4), { code: "page_out_of_range" });
    const loaded = await new Paginator(
      Ord.filter().prefetchRelated({ items: true }).selectRelated("custId"),
      { pageSize: 5 },
    ).getPage(1);
    assert.equal(loaded.items[0]!.getRelated("items").length, 3);
    assert.ok(loaded.items[0]!.getRelated("custId") instanceof Cust);
    const flat = Ord.filter().valuesList("status", { flat: true });
    assert.equal((await read(new Paginator(flat, { pageSize: 7 }))).length, ORDERS);
    const kinds = Ord.filter().values("status").distinct();
    assert.deepEqual(await read(new Paginator(kinds, { pageSize: 1 })), [
      { status: "draft" },
      { status: "paid" },
    ]);
    const groups = Ord.filter().groupBy("custId").annotate({ n: count(), most: sum("qty") })
      .orderBy("-most");
    const grouped = await read(new Paginator(groups, { pageSize: 1 }));
    assert.deepEqual(grouped.map(({ custId }) => custId).sort(), [1, 2]);
    const first = Ord.filter().distinct("custId");
    assert.equal((await read(new Paginator(first, { pageSize: 1 }))).length, 2);
    const both = Ord.filter({ id: 1 }).union(Ord.filter({ id: 2 }));
    assert.equal((await read(new Paginator(both, { pageSize: 1 }))).length, 2);
    const names = Mark.filter().values("label").union(Mark.filter().values("label"));
    assert.deepEqual(
      (await read(new Paginator(names, { pageSize: 2 }))).map(({ label }) => label),
      ["blue", "green", "red"],
    );
    const turned = await new Paginator(Ord.filter().reverse(), { pageSize: 2 }).getPage(1);
    assert.deepEqual(turned.items.map(({ id }) => id), [20, 19]);
    const view = new Paginator(Name.filter().orderBy("name"), { pageSize: 2 });
    assert.deepEqual((await view.getPage(2)).items.map(({ name }) => name), ["Cy"]);
    assert.throws(() => new Paginator(Name.filter()), { code: "no_order" });
  });
}

test("new Paginator() does check what it is given", () => {
  class Thing extends model("things", { id: integer().primaryKey() }) {}
  for (const pageSize of [0, -1, 2.5, "5", NaN]) {
    assert.throws(() => new Paginator(Thing.filter(), { pageSize: pageSize as number }), {
      code: "invalid_page",
    });
  }
  assert.throws(() => new Paginator(Thing.filter(), { size: 5 } as never), {
    code: "unknown_option",
  });
  assert.throws(() => new Paginator(Thing as never), { code: "invalid_argument" });
});
