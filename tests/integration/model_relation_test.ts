import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  DoesNotExistError,
  foreignKey,
  integer,
  model,
  RelationError,
  text,
  transaction,
  ValidationError,
} from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { script, shop } from "./model_world.ts";

type Shop = Awaited<ReturnType<ReturnType<typeof shop>["open"]>>;

/** Two customers, three orders of the first, items and tags. */
// deno-lint-ignore explicit-function-return-type -- a bag of rows
async function filled({ Customer, Order, LineItem, Tag }: Shop) {
  const ann = await Customer.create({ name: "Ann", country: "US" });
  const bob = await Customer.create({ name: "Bob" });
  const tags = [];
  for (const [id, label] of ["a", "b", "c"].entries()) {
    tags.push(await Tag.create({ id: id + 1, label }));
  }
  const orders: InstanceType<typeof Order>[] = [];
  for (const total of [1, 2, 3]) {
    const parentId = orders[0]?.id ?? null;
    const order = await Order.create({ customerId: ann.id, total, parentId });
    orders.push(order);
    for (const product of ["pen", "ink"]) {
      await LineItem.create({ orderId: order.id, product, qty: total });
    }
    await order.addM2m("tags", ...tags.slice(0, total));
  }
  return { ann, bob, tags, first: orders[0]!, second: orders[1]!, third: orders[2]! };
}

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = shop(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  on("fetchFk(), fetchIfk(), fetchM2m() and their sums load and keep relations", async () => {
    const shop = await world.open();
    const { first, second, third, ann, bob } = await filled(shop);
    assert.equal(first.getRelated("customerId"), undefined);
    assert.equal(first.hasRelated("tags"), false);
    const customer = await first.fetchFk("customerId");
    assert.equal(customer?.shout, "ANN");
    assert.equal(first.getRelated("customerId"), customer);
    assert.equal(await first.fetchFk("parentId"), null);
    assert.equal(first.getRelated("parentId"), null);
    assert.equal((await second.fetchFk("parentId"))?.id, first.id);
    assert.deepEqual((await first.fetchIfk("lineItems")).map((one) => one.product), ["pen", "ink"]);
    assert.deepEqual((await third.fetchM2m("tags")).map((one) => one.label), ["a", "b", "c"]);
    assert.equal((await first.fetchRelated("children")).length, 2);
    assert.deepEqual(await bob.fetchIfk("orders"), []);
    assert.equal(bob.hasRelated("orders"), true);
    assert.deepEqual(bob.getRelated("orders"), []);
    assert.deepEqual(Object.keys(await second.fetchFks()), ["customerId", "parentId"]);
    assert.deepEqual(Object.keys(await second.fetchIfks()), ["children", "lineItems"]);
    assert.deepEqual(Object.keys(await second.fetchM2ms()), ["tags"]);
    const every = await second.fetchAllRelated();
    assert.equal(every.foreignKeys.customerId?.id, ann.id);
    assert.equal(every.inverseForeignKeys.lineItems.length, 2);
    assert.equal(every.manyToMany.tags.length, 2);
    second.setRelated("customerId", bob);
    assert.equal(second.getRelated("customerId"), bob);
    assert.throws(() => second.setRelated("tags", null as never), RelationError);
    assert.deepEqual(Object.keys(second), Object.keys(second.toDict()));
  });

  on("fetchFk() of a wrong kind or unknown name says what there is", async () => {
    const { first } = await filled(await world.open());
    const wrong = { name: "RelationError", code: "wrong_relation_kind" };
    await assert.rejects(async () => await first.fetchFk("tags" as never), wrong);
    await assert.rejects(async () => await first.fetchM2m("lineItems" as never), wrong);
    await assert.rejects(async () => await first.fetchIfk("customerId" as never), wrong);
    const unknown = { name: "RelationError", code: "unknown_relation" };
    await assert.rejects(async () => await first.fetchRelated("tag" as never), unknown);
    await assert.rejects(async () => await first.addM2m("status" as never, 1), unknown);
    await assert.rejects(async () => await first.addM2m("lineItems" as never, 1), wrong);
    assert.throws(() => first.getRelated("status" as never), unknown);
    assert.throws(() => first.hasRelated("__proto__" as never), unknown);
  });

  on("fetchFk() of a key that points nowhere throws", async () => {
    const { Customer, Order, database } = await world.open();
    const ann = await Customer.create({ name: "Ann" });
    const order = await Order.create({ customerId: ann.id, total: 1 });
    await script(database, "set session_replication_role = replica; delete from customers");
    await script(database, "reset session_replication_role");
    await assert.rejects(order.fetchFk("customerId"), DoesNotExistError);
    const [row] = await Order.filter().selectRelated("customerId").all();
    assert.throws(() => row!.getRelated("customerId"), DoesNotExistError);
  });

  on("selectRelated() joins in one statement and tells an absent row by its key", async () => {
    const shop = await world.open();
    const { Order, log } = shop;
    const { ann } = await filled(shop);
    log.length = 0;
    const rows = await Order.filter({ status: "draft", id: { isNull: false } })
      .selectRelated("customerId", "parentId").orderBy("total").all();
    assert.equal(log.length, 1);
    assert.equal(rows.length, 3);
    const [first, second] = rows;
    assert.equal(first!.getRelated("customerId")?.name, "Ann");
    assert.equal(first!.getRelated("customerId")?.country, "US");
    assert.equal(first!.getRelated("parentId"), null);
    assert.equal(second!.getRelated("parentId")?.total, "1.00");
    assert.equal(second!.getRelated("parentId")?.isPaid, false);
    assert.deepEqual(Object.keys(second!), Object.keys(second!.toDict()));
    const joined = second!.getRelated("parentId")!;
    joined.status = "paid";
    await joined.save();
    assert.equal(await Order.count({ status: "paid" }), 1);
    assert.equal((await Order.filter().selectRelated("customerId").first())?.customerId, ann.id);
    assert.equal(await Order.filter().selectRelated("customerId").count(), 3);
    assert.throws(() => Order.filter().selectRelated("tags" as never), {
      code: "relation_not_joinable",
    });
  });

  on("prefetchRelated() sends one statement for each relation and level", async () => {
    const shop = await world.open();
    const { Customer, log } = shop;
    await filled(shop);
    const load = () =>
      Customer.filter().prefetchRelated({
        orders: { lineItems: { orderId: true }, tags: true, parentId: true },
      }).orderBy("name").all();
    log.length = 0;
    const [ann, bob] = await load();
    assert.equal(log.length, 6);
    assert.deepEqual(bob!.getRelated("orders"), []);
    const orders = ann!.getRelated("orders");
    assert.equal(orders.length, 3);
    for (const order of orders) {
      const items = order.getRelated("lineItems");
      assert.deepEqual(items.map((item) => item.product), ["pen", "ink"]);
      assert.equal(items[0]!.getRelated("orderId")?.id, order.id);
      assert.equal(order.getRelated("tags").length, Number(order.total));
      assert.equal(order.getRelated("parentId") === null, order.total === "1.00");
    }
    log.length = 0;
    await Customer.filter({ name: "nobody" }).prefetchRelated({ orders: { tags: true } }).all();
    assert.equal(log.length, 1);
    const merged = await Customer.filter({ name: "Ann" }).prefetchRelated({ orders: true })
      .prefetchRelated({ orders: { tags: true } }).get();
    assert.equal(merged.getRelated("orders")[0]!.hasRelated("tags"), true);
  });

  on("prefetchRelated() and selectRelated() refuse partial rows before they are read", async () => {
    const { Order, log } = await world.open();
    const code = "partial_rows_without_relations";
    const partial = Order.filter().only("id");
    await assert.rejects(async () => await partial.selectRelated("customerId").all(), { code });
    await assert.rejects(async () => await partial.prefetchRelated({ tags: true }).all(), { code });
    assert.deepEqual(log, []);
    for (const tree of [{ tags: false }, { tags: undefined }, { tags: 1 }, { tags: null }]) {
      assert.throws(() => Order.filter().prefetchRelated(tree as never), ValidationError);
    }
  });

  on("addM2m(), removeM2m(), setM2m() and clearM2m() count what they did (W-069)", async () => {
    const { Customer, Order, Tag, database } = await world.open();
    const ann = await Customer.create({ name: "Ann" });
    const order = await Order.create({ customerId: ann.id, total: 1 });
    const tags = [];
    for (const id of [1, 2, 3, 4]) tags.push(await Tag.create({ id, label: `t${id}` }));
    const ids = async (): Promise<number[]> =>
      (await order.fetchM2m("tags")).map((tag) => tag.id).sort();
    assert.equal(await order.addM2m("tags", 1, tags[1]!, 2), 2);
    assert.equal(await order.addM2m("tags", 2, 3), 1);
    assert.equal(await order.addM2m("tags", 1, 2, 3), 0);
    assert.equal(await order.addM2m("tags"), 0);
    assert.equal(await order.removeM2m("tags"), 0);
    assert.equal(await order.removeM2m("tags", 1, 4), 1);
    assert.deepEqual(await ids(), [2, 3]);
    assert.equal(order.hasRelated("tags"), true);
    await script(database, "alter table order_tags add made timestamptz default clock_timestamp()");
    const made = async (): Promise<unknown> =>
      (await database.driver.query({
        text: "select made from order_tags where tag_id = 3",
        params: [],
      })).rows[0]?.[0];
    const before = await made();
    await order.setM2m("tags", [3, tags[3]!, 3]);
    assert.equal(order.hasRelated("tags"), false);
    assert.deepEqual(await ids(), [3, 4]);
    assert.equal(await made(), before);
    await assert.rejects(order.setM2m("tags", [1, 99]));
    assert.deepEqual(await ids(), [3, 4]);
    await order.setM2m("tags", []);
    assert.deepEqual(await ids(), []);
    await order.addM2m("tags", 1, 2);
    assert.equal(await tags[0]!.removeM2m("orders", order), 1);
    assert.equal(await order.clearM2m("tags"), 1);
    assert.equal(await order.clearM2m("tags"), 0);
    await assert.rejects(() => new Order({ customerId: ann.id, total: 1 }).addM2m("tags", 1), {
      name: /ValidationError|RelationError/,
    });
    await assert.rejects(order.addM2m("tags", new Tag({ label: "x" } as never)));
    await assert.rejects(order.addM2m("tags", ann as never), ValidationError);
    await script(database, "alter table order_tags drop made");
  });

  on("setM2m() joins the transaction around it and the one it was bound to", async () => {
    const { Customer, Order, Tag } = await world.open();
    const ann = await Customer.create({ name: "Ann" });
    const order = await Order.create({ customerId: ann.id, total: 1 });
    for (const id of [1, 2]) await Tag.create({ id, label: "t" });
    const stop = new Error("stop");
    const database = world.name;
    await assert.rejects(
      transaction(async () => {
        await order.setM2m("tags", [1, 2]);
        assert.equal((await order.fetchM2m("tags")).length, 2);
        throw stop;
      }, { database }),
      stop,
    );
    assert.equal((await order.fetchM2m("tags")).length, 0);
    await assert.rejects(
      transaction(async (tx) => {
        const inside = await Order.using(tx).get({ id: order.id });
        await inside.setM2m("tags", [1]);
        assert.equal(await inside.addM2m("tags", 2), 1);
        assert.equal((await inside.fetchM2m("tags")).length, 2);
        throw stop;
      }, { database }),
      stop,
    );
    assert.equal((await order.fetchM2m("tags")).length, 0);
    await transaction(async (tx) => {
      const inside = await Order.using(tx).get({ id: order.id });
      await inside.setM2m("tags", [2]);
    }, { database });
    assert.deepEqual((await order.fetchM2m("tags")).map((tag) => tag.id), [2]);
  });

  on("fetchAllRelated() inside a transaction queues its statements (W-081)", async () => {
    const shop = await world.open();
    const { second } = await filled(shop);
    await transaction(async (tx) => {
      const { Order, Customer } = shop;
      await Customer.create({ name: "inside" });
      const inside = await Order.using(tx).get({ id: second.id });
      const [all, count, names] = await Promise.all([
        inside.fetchAllRelated(),
        Order.count(),
        Customer.filter({ name: "inside" }).all(),
      ]);
      assert.equal(all.manyToMany.tags.length, 2);
      assert.equal(count, 3);
      assert.equal(names.length, 1);
    }, { database: world.name });
  });

  on("transaction() never captures the queries of another database (W-082)", async () => {
    const { Customer } = await world.open();
    const other = shop(server);
    const elsewhere = await other.open();
    try {
      class Away extends model("orders", {
        id: text().primaryKey(),
        customerId: foreignKey<InstanceType<typeof elsewhere.Customer>>(() => elsewhere.Customer),
      }, { database: world.name }) {}
      const there = await elsewhere.Customer.create({ name: "there" });
      await transaction(async (tx) => {
        await Customer.using(tx).create({ name: "here" });
        assert.equal(await elsewhere.Customer.count({ name: "there" }), 1);
        assert.equal(await elsewhere.Customer.count({ name: "here" }), 0);
        await elsewhere.Customer.create({ name: "kept" });
        throw new Error("stop");
      }, { database: world.name }).catch((error) => assert.equal(error.message, "stop"));
      assert.equal(await elsewhere.Customer.count({ name: "kept" }), 1);
      assert.equal(await Customer.count(), 0);
      const away = new Away({ id: "x", customerId: there.id });
      assert.equal((await away.fetchFk("customerId"))?.name, "there");
      assert.throws(() => Away.filter().selectRelated("customerId"), {
        code: "relation_of_another_database",
      });
      assert.throws(() => Away.filter({ customerId: { is: { name: "there" } } }), {
        code: "relation_of_another_database",
      });
    } finally {
      await other.close();
    }
  });

  on("inverseForeignKey() of a field that is no foreign key to this model is refused", async () => {
    const { Order } = await world.open();
    const { inverseForeignKey } = await import("../../mod.ts");
    class Odd extends model("tags", {
      id: integer().primaryKey(),
      orders: inverseForeignKey<InstanceType<typeof Order>>(() => Order, { fromField: "tags" }),
      others: inverseForeignKey<InstanceType<typeof Order>>(() => Order, {
        fromField: "customerId",
      }),
      plain: inverseForeignKey<InstanceType<typeof Order>>(() => Order, { fromField: "status" }),
    }, { database: world.name }) {}
    assert.throws(() => Odd.filter({ orders: { some: {} } }), { code: "invalid_relation" });
    assert.throws(() => Odd.filter({ others: { some: {} } }), { code: "invalid_relation" });
    assert.throws(() => Odd.filter({ plain: { some: {} } }), RelationError);
  });
}
