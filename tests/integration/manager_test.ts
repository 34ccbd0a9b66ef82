import assert from "node:assert/strict";
import { after, test } from "node:test";
import { manager, transaction, type ValidationError, view } from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { shop } from "./model_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = shop(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  // deno-lint-ignore explicit-function-return-type -- what it gives is a bag of classes
  const filled = async () => {
    const opened = await world.open();
    const { Customer, Order, Seat, Tag, log } = opened;
    const [ann, bob] = await Customer.bulkCreate([{ name: "Ann" }, { name: "Bob" }]);
    const orders = await Order.bulkCreate([
      { customerId: ann!.id, total: 1 },
      { customerId: ann!.id, total: 2, status: "paid" },
      { customerId: bob!.id, total: 3, status: "paid" },
    ]);
    await Tag.bulkCreate([{ id: 1, label: "new" }, { id: 2, label: "old" }]);
    class OrderView extends view(Order, { inlineFk: { customerId: "customer" } }) {
      async title(order: typeof OrderView.subject): Promise<string> {
        return await Promise.resolve(`${order.getRelated("customerId").name} ${order.total}`);
      }
    }
    class Brief extends view(Order) {
      async short(order: typeof Brief.subject): Promise<string> {
        return await Promise.resolve(order.status);
      }
    }
    class OrderManager extends manager(Order, { view: OrderView, validate: true }) {
      readonly told: string[] = [];
      override onInit(): void {
        this.told.push("init");
      }
      override onLoad(item: InstanceType<typeof Order>): void {
        this.told.push(`load ${item.total}`);
      }
      override beforeCreate(
        values: Parameters<OrderManager["createItem"]>[0],
      ): Parameters<OrderManager["createItem"]>[0] {
        this.told.push("before create");
        return { ...values, status: values.status ?? "open" };
      }
      override afterCreate(item: InstanceType<typeof Order>): void {
        this.told.push(`created ${item.status}`);
      }
      override beforeUpdate(item: InstanceType<typeof Order>): void {
        this.told.push(`before update ${item.status}`);
      }
      override afterUpdate(item: InstanceType<typeof Order>): void {
        this.told.push(`updated ${item.status}`);
      }
      override beforeDelete(item: InstanceType<typeof Order>): void {
        if (item.status === "kept") throw new Error("It is kept");
      }
      override afterDelete(): void {
        this.told.push("deleted");
      }
    }
    class SeatManager extends manager(Seat) {}
    const orderManager = new OrderManager();
    log.length = 0;
    return {
      ...opened,
      ann: ann!,
      bob: bob!,
      orders,
      Brief,
      orderManager,
      seatManager: new SeatManager(),
    };
  };

  on("a manager loads rows by key and by condition, shaped by its view", async () => {
    const { orderManager, orders, Brief, log } = await filled();
    const [first, second, third] = orders.map(({ id }) => id);
    assert.equal((await orderManager.loadById(first!)).title, "Ann 1.00");
    assert.equal((await orderManager.loadItem({ total: 2 })).customer?.name, "Ann");
    assert.equal(await orderManager.loadItemOrNull({ total: 9 }), null);
    await assert.rejects(orderManager.loadItem({ total: 9 }), { code: "does_not_exist" });
    await assert.rejects(orderManager.loadById(crypto.randomUUID()), { code: "does_not_exist" });
    await assert.rejects(orderManager.loadItem({ status: "paid" }), {
      code: "multiple_objects_returned",
    });
    log.length = 0;
    const items = await orderManager.loadItems({ status: "paid" }, { orderBy: "-total" });
    assert.deepEqual(items.map(({ title }) => title), ["Bob 3.00", "Ann 2.00"]);
    assert.equal(log.length, 2);
    assert.equal((await orderManager.loadItems()).length, 3);
    const page = await orderManager.loadItems({}, { orderBy: ["total"], limit: 1, offset: 1 });
    assert.deepEqual(page.map(({ total }) => total), ["2.00"]);
    assert.equal((await orderManager.filterItems({ total: { gt: 1 } })).length, 2);
    const byIds = await orderManager.loadItemsByIds([third!, first!, third!, crypto.randomUUID()]);
    assert.deepEqual(byIds.map(({ title }) => title), ["Bob 3.00", "Ann 1.00"]);
    assert.deepEqual(await orderManager.loadItemsByIds([]), []);
    assert.equal((await orderManager.loadFirst({}, { orderBy: "total" }))?.title, "Ann 1.00");
    assert.equal((await orderManager.loadLast({}, { orderBy: "total" }))?.title, "Bob 3.00");
    assert.equal(await orderManager.loadFirst({ total: 9 }), null);
    const dict = await orderManager.getItemDict(orders[0]!.id);
    assert.deepEqual([dict.title, dict.customer?.name, "customerId" in dict], [
      "Ann 1.00",
      "Ann",
      false,
    ]);
    const dicts = await orderManager.loadItemsDict({ status: "paid" }, { orderBy: "-total" });
    assert.deepEqual(dicts.map(({ title }) => title), ["Bob 3.00", "Ann 2.00"]);
    const [plain] = await orderManager.loadItemsDict({ total: 1 }, { view: null });
    assert.equal(plain!.customerId, orders[0]!.customerId);
    assert.equal(await orderManager.count({ status: "paid" }), 2);
    assert.equal(await orderManager.exists(second!), true);
    assert.equal(await orderManager.exists(crypto.randomUUID()), false);
    assert.equal(await orderManager.exists({ total: 3 }), true);
    const bare = await orderManager.loadById(first!, { view: null });
    assert.ok(!("title" in bare));
    assert.equal((await orderManager.loadById(second!, { view: Brief })).short, "paid");
    assert.equal(orderManager.told.filter((one) => one === "init").length, 1);
    // @ts-expect-error no such option
    await assert.rejects(orderManager.loadItems({}, { limt: 1 }), { code: "unknown_option" });
    // @ts-expect-error a filter must be given
    await assert.rejects(orderManager.filterItems(undefined), { code: "invalid_filter" });
  });

  on("a manager loads relations with rows, each in one statement", async () => {
    const { orderManager, orders, log } = await filled();
    const key = orders[0]!.id;
    await orders[0]!.addM2m("tags", 1);
    log.length = 0;
    const one = await orderManager.getItemWithRelated(key, "customerId");
    assert.equal(one.getRelated("customerId").name, "Ann");
    assert.equal(one.title, "Ann 1.00");
    // the view asks for the same relation, which is there already
    assert.equal(log.length, 2);
    const deep = await orderManager.getItemWithRelated(key, { customerId: { orders: true } });
    assert.equal(deep.getRelated("customerId").getRelated("orders").length, 2);
    log.length = 0;
    const all = await orderManager.getItemsWithRelated("tags", { status: { ne: "x" } });
    assert.deepEqual(all.map((row) => row.getRelated("tags").length).sort(), [0, 0, 1]);
    assert.equal(log.length, 3);
    const every = await orderManager.getItemWithAllRelated(key);
    assert.deepEqual(every.getRelated("tags").map(({ label }) => label), ["new"]);
    assert.equal(every.getRelated("parentId"), null);
    assert.deepEqual(every.getRelated("children"), []);
    await assert.rejects(orderManager.getItemWithRelated(key, "nope" as "tags"), {
      code: "unknown_relation",
    });
  });

  on("a manager writes, and its hooks hear of it", async () => {
    const { orderManager, ann, Order, log } = await filled();
    const made = await orderManager.createItem({ customerId: ann.id, total: 5 });
    assert.deepEqual([made.title, made.status], ["Ann 5.00", "open"]);
    const changed = await orderManager.updateItem(made.id, { total: 6 });
    assert.equal(changed.title, "Ann 6.00");
    assert.deepEqual(orderManager.told, [
      "init",
      "before create",
      "load 5.00",
      "created open",
      "before update open",
      "load 6.00",
      "updated open",
    ]);
    const many = await orderManager.createItems([
      { customerId: ann.id, total: 7 },
      { customerId: ann.id, total: 8 },
    ], { batchSize: 1 });
    assert.deepEqual(many.map(({ title }) => title), ["Ann 7.00", "Ann 8.00"]);
    many[0]!.status = "kept";
    assert.equal(await orderManager.updateItems(many, ["status"]), 2);
    await assert.rejects(orderManager.deleteItem(many[0]!.id), { message: "It is kept" });
    assert.equal(await orderManager.deleteItem(many[1]!.id), true);
    await assert.rejects(orderManager.deleteItem(many[1]!.id), { code: "does_not_exist" });
    assert.equal(await orderManager.deleteItems([changed]), 1);
    assert.equal(await orderManager.updateWhere({ status: "paid" }, { status: "sent" }), 2);
    assert.equal(await orderManager.deleteWhere({ status: "sent" }), 2);
    const { id } = await Order.create({ customerId: ann.id, total: 1, status: "up" });
    const upserted = await orderManager.upsertItem(
      { id, customerId: ann.id, total: 2 },
      { conflict: ["id"], update: ["total"] },
    );
    assert.equal(upserted.title, "Ann 2.00");
    const [again] = await orderManager.upsertItems([{ id, customerId: ann.id, total: 3 }], {
      conflict: ["id"],
      view: null,
    });
    assert.deepEqual([again!.total, "title" in again!], ["3.00", false]);
    assert.equal((await orderManager.getOrCreate({ id })).title, "Ann 3.00");
    const fresh = await orderManager.getOrCreate({ status: "new" }, {
      customerId: ann.id,
      total: 4,
    });
    assert.equal(fresh.title, "Ann 4.00");
    log.length = 0;
    await assert.rejects(
      orderManager.createItem({ customerId: "nope", total: "x", status: null } as never),
      (error: ValidationError) => {
        assert.equal(error.code, "invalid_input");
        assert.deepEqual(error.issues.map(({ path }) => path[0]).sort(), ["customerId", "total"]);
        return true;
      },
    );
    await assert.rejects(
      orderManager.createItems([{ customerId: ann.id, total: 1 }, { total: "x" } as never]),
      (error: ValidationError) => {
        assert.deepEqual(error.issues.map(({ path }) => path.join(".")).sort(), [
          "1.customerId",
          "1.total",
        ]);
        return true;
      },
    );
    await assert.rejects(orderManager.updateItem(id, { total: "x" }), { code: "invalid_input" });
    await assert.rejects(orderManager.updateWhere({}, { total: "x" }), { code: "invalid_input" });
    assert.deepEqual(log, []);
  });

  on("a manager ties many-to-many rows by key", async () => {
    const { orderManager, orders } = await filled();
    const { id } = orders[0]!;
    assert.equal(await orderManager.addM2m(id, "tags", 1, 2), 2);
    assert.equal(await orderManager.removeM2m(id, "tags", 1), 1);
    await orderManager.setM2m(id, "tags", [1]);
    const row = await orderManager.getItemWithRelated(id, "tags");
    assert.deepEqual(row.getRelated("tags").map((tag) => tag.id), [1]);
    assert.equal(await orderManager.clearM2m(id, "tags"), 1);
  });

  on("a manager finds rows of keys over several columns", async () => {
    const { seatManager } = await filled();
    await seatManager.createItem({ hall: "A", seat: 1 });
    await seatManager.createItem({ hall: "A", seat: 2, note: "x" });
    const seat = await seatManager.loadById({ hall: "A", seat: 2 });
    assert.equal(seat.note, "x");
    const both = await seatManager.loadItemsByIds([{ hall: "A", seat: 2 }, { hall: "A", seat: 1 }]);
    assert.deepEqual(both.map((one) => one.seat), [2, 1]);
    for (const key of [{ hall: "A" }, { hall: "A", seat: 1, note: "x" }, "A"]) {
      await assert.rejects(seatManager.loadById(key as never), { code: "invalid_key" });
    }
  });

  on("a manager joins transactions, by themselves and by using()", async () => {
    const { orderManager, ann, Order } = await filled();
    const undo = new Error("undo");
    await assert.rejects(
      transaction(async (tx) => {
        await orderManager.using(tx).createItem({ customerId: ann.id, total: 50 });
        await orderManager.createItem({ customerId: ann.id, total: 51 });
        assert.equal(await orderManager.using(tx).count({ total: { gte: 50 } }), 2);
        throw undo;
      }, { database: world.name }),
      undo,
    );
    assert.equal(await Order.count({ total: { gte: 50 } }), 0);
    assert.equal(orderManager.told.filter((one) => one === "init").length, 1);
  });
}
