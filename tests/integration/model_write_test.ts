import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  DoesNotExistError,
  type FieldError,
  model,
  OptimisticLockError,
  QueryError,
  sql,
  text,
  UniqueViolationError,
  uuid,
  ValidationError,
} from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { script, shop } from "./model_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = shop(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  on("create() reads back defaults, generated and identity columns", async () => {
    const { Customer, Order, LineItem, Tag } = await world.open();
    const ann = await Customer.create({ name: "Ann" });
    assert.match(ann.id, /^[0-9a-f-]{36}$/);
    assert.equal(ann.country, null);
    const order = await Order.create({ customerId: ann.id, total: "12.5" });
    assert.equal(order.total, "12.50");
    assert.equal(order.doubled, "25.00");
    assert.equal(order.status, "draft");
    assert.equal(order.version, 1);
    assert.ok(order.createdAt instanceof Date);
    const item = await LineItem.create({ orderId: order.id, product: "pen", qty: 1 });
    assert.equal(item.id, 1n);
    assert.equal((await Tag.create({ id: 7, label: "x" })).id, 7);
  });

  on("create() writes an explicit null and refuses what the server makes", async () => {
    const { Customer, Order, LineItem, database } = await world.open();
    const ann = await Customer.create({ name: "Ann", country: null });
    assert.equal(ann.country, null);
    await script(database, "alter table customers alter country set default 'FR'");
    assert.equal((await Customer.create({ name: "B", country: null })).country, null);
    assert.equal((await Customer.create({ name: "C" })).country, "FR");
    await script(database, "alter table customers alter country drop default");
    const generated = { name: "FieldError", code: "generated_column" };
    const values = { customerId: ann.id, total: 1, doubled: "2" };
    await assert.rejects(Order.create(values as never), generated);
    const item = { id: 5n, orderId: ann.id, product: "pen", qty: 1 };
    await assert.rejects(LineItem.create(item as never), generated);
    await assert.rejects(() => new LineItem(item as never).save(), generated);
    await assert.rejects(Customer.create({ nam: "x" } as never), (error: FieldError) => {
      assert.equal(error.code, "unknown_field");
      assert.match(error.hint ?? "", /"name"/);
      return true;
    });
  });

  on("default() of a value is never shared and a function runs for each row", async () => {
    const { database } = await world.open();
    await script(database, "create table bags (id int primary key, items jsonb, made text)");
    let made = 0;
    const { integer, jsonb } = await import("../../mod.ts");
    class Bag extends model("bags", {
      id: integer().primaryKey(),
      items: jsonb<string[]>().default(["a"]),
      made: text().default(() => `n${++made}`),
    }, { database: world.name }) {}
    const one = new Bag({ id: 1 });
    one.items.push("b");
    await one.save();
    const two = await Bag.create({ id: 2 });
    two.items.push("c");
    assert.deepEqual(new Bag({ id: 3 }).items, ["a"]);
    assert.deepEqual((await Bag.get({ id: 1 })).items, ["a", "b"]);
    assert.deepEqual((await Bag.get({ id: 2 })).items, ["a"]);
    assert.deepEqual([one.made, two.made], ["n1", "n2"]);
    await script(database, "drop table bags");
  });

  on("save() of a new row inserts it with the key that it was given", async () => {
    const { Customer, log } = await world.open();
    const id = crypto.randomUUID();
    const ann = new Customer({ id, name: "Ann" });
    await ann.save();
    assert.match(log.at(-1)!, /^insert/);
    assert.deepEqual(Object.keys(ann).sort(), ["country", "id", "name"]);
    assert.equal((await Customer.get({ id })).name, "Ann");
    ann.name = "Anna";
    await ann.save();
    assert.match(log.at(-1)!, /^update/);
    assert.equal(await Customer.count(), 1);
    await assert.rejects(() => new Customer({ id, name: "B" }).save(), UniqueViolationError);
    const serverMade = new Customer({ name: "C" });
    await serverMade.save();
    assert.match(serverMade.id, /^[0-9a-f-]{36}$/);
  });

  on("save() sends the columns that changed and nothing else", async () => {
    const { Customer, Order, log } = await world.open();
    const ann = await Customer.create({ name: "Ann" });
    const made = await Order.create({
      customerId: ann.id,
      total: "1.5",
      meta: { source: "web", deep: { list: [1] } },
      labels: ["a"],
      due: new Date("2024-05-06T07:08:09.123Z"),
      took: "PT90M",
      data: new Uint8Array([1, 2]),
    });
    for (const order of [made, await Order.get({ id: made.id })]) {
      log.length = 0;
      await order.save();
      assert.deepEqual(log, []);
    }
    const sent = async (change: (order: typeof made) => void): Promise<string[]> => {
      const order = await Order.get({ id: made.id });
      change(order);
      log.length = 0;
      await order.save();
      assert.equal(log.length, 1);
      const [, set] = / set (.*?) where /.exec(log[0]!)!;
      return [...set!.matchAll(/"(\w+)" = (?!\(?"version")/g)].map(([, name]) => name!);
    };
    assert.deepEqual(await sent((order) => void (order.status = "paid")), ["status"]);
    assert.deepEqual(await sent((order) => void order.meta!.deep!.list.push(2)), ["meta"]);
    assert.deepEqual(await sent((order) => void order.labels!.push("b")), ["labels"]);
    assert.deepEqual(await sent((order) => void order.due!.setUTCHours(1)), ["due"]);
    assert.deepEqual(await sent((order) => void (order.data![0] = 9)), ["data"]);
    assert.deepEqual(
      await sent((order) => {
        order.took = null;
        order.mood = "ok";
      }),
      ["took", "mood"],
    );
    const end = await Order.get({ id: made.id });
    assert.deepEqual(end.meta, { source: "web", deep: { list: [1, 2] } });
    assert.deepEqual(end.labels, ["a", "b"]);
    assert.equal(end.due!.toISOString(), "2024-05-06T01:08:09.123Z");
    assert.deepEqual([...end.data!], [9, 2]);
    assert.equal(end.version, 7);
  });

  on("save() keeps microseconds and other words of the server that were not changed", async () => {
    const { Customer, Order, database, log } = await world.open();
    const ann = await Customer.create({ name: "Ann" });
    const { id } = await Order.create({ customerId: ann.id, total: 1 });
    await script(
      database,
      `update orders set due = '2024-01-02 03:04:05.678901+00', took = '1 year 2 mons 03:04:05.6'`,
    );
    const order = await Order.get({ id });
    log.length = 0;
    await order.save();
    assert.deepEqual(log, []);
    order.status = "x";
    await order.save();
    const raw = await database.driver.query({
      text: "select due at time zone 'utc' from orders",
      params: [],
    });
    assert.equal(raw.rows[0]![0], "2024-01-02 03:04:05.678901");
  });

  on("save() refuses undefined and a changed generated column", async () => {
    const { Customer, Order } = await world.open();
    const ann = await Customer.create({ name: "Ann" });
    (ann as { name: unknown }).name = undefined;
    await assert.rejects(ann.save(), { code: "undefined_value", name: "ValidationError" });
    const order = await Order.create({ customerId: ann.id, total: 1 });
    (order as { doubled: string }).doubled = "9";
    await assert.rejects(order.save(), { code: "generated_column" });
  });

  on(
    "update() writes its columns, reads the row back and leaves other changes to save()",
    async () => {
      const { Customer, Order, log } = await world.open();
      const ann = await Customer.create({ name: "Ann" });
      const order = await Order.create({ customerId: ann.id, total: 1 });
      order.labels = ["mine"];
      log.length = 0;
      assert.equal(await order.update({ total: "3" }), order);
      assert.equal(log.length, 1);
      assert.ok(!log[0]!.includes('"labels" ='));
      assert.equal(order.doubled, "6.00");
      assert.deepEqual(order.labels, ["mine"]);
      await order.save();
      assert.deepEqual((await Order.get({ id: order.id })).labels, ["mine"]);
      log.length = 0;
      await order.update({});
      assert.deepEqual(log, []);
    },
  );

  on("update() gives a row its old values back when it fails", async () => {
    const { Customer, Order } = await world.open();
    const ann = await Customer.create({ name: "Ann" });
    const order = await Order.create({ customerId: ann.id, total: 1, status: "a" });
    await assert.rejects(order.update({ status: "b", customerId: crypto.randomUUID() }));
    assert.deepEqual([order.status, order.customerId, order.version], ["a", ann.id, 1]);
    await assert.rejects(order.update({ nope: 1 } as never), { code: "unknown_field" });
    await assert.rejects(order.update({ doubled: 1 } as never), { code: "generated_column" });
    await order.update({ status: "c" });
    assert.equal((await Order.get({ id: order.id })).status, "c");
  });

  on("update() of key columns finds the row by its old key", async () => {
    const { Seat, Tag } = await world.open();
    const tag = await Tag.create({ id: 1, label: "a" });
    await tag.update({ id: 2 });
    tag.id = 3;
    await tag.save();
    assert.deepEqual((await Tag.all()).map((one) => one.id), [3]);
    const seat = await Seat.create({ hall: "A", seat: 1 });
    seat.hall = "B";
    await seat.save();
    assert.deepEqual((await Seat.all()).map((one) => one.toDict()), [
      { hall: "B", seat: 1, note: null },
    ]);
  });

  on("update() and delete() of a composite key touch one row (W-002)", async () => {
    const { Seat } = await world.open();
    for (const hall of ["A", "B"]) {
      for (const seat of [1, 2]) await Seat.create({ hall, seat });
    }
    const one = await Seat.get({ hall: "A", seat: 2 });
    await one.update({ note: "mine" });
    assert.deepEqual(
      (await Seat.filter({ note: "mine" }).all()).map((row) => [row.hall, row.seat]),
      [["A", 2]],
    );
    assert.equal(await one.delete(), true);
    assert.equal(await one.delete(), false);
    assert.deepEqual(
      (await Seat.filter().orderBy("hall", "seat").all()).map((row) => `${row.hall}${row.seat}`),
      ["A1", "B1", "B2"],
    );
    await assert.rejects(one.update({ note: "x" }), DoesNotExistError);
    await assert.rejects(one.refresh(), DoesNotExistError);
  });

  on("save() of a table without a key creates and then says what is missing", async () => {
    const { Event } = await world.open();
    const event = await Event.create({ happened: "x" });
    event.n = 1;
    await assert.rejects(event.save(), { code: "no_primary_key", name: "QueryError" });
    await assert.rejects(event.delete(), QueryError);
    await assert.rejects(event.refresh(), QueryError);
    assert.equal(await Event.count(), 1);
    assert.equal((await Event.create({})).happened, null);
  });

  on("version() refuses stale rows and tells them from rows that are gone", async () => {
    const { Customer, Order } = await world.open();
    const ann = await Customer.create({ name: "Ann" });
    const order = await Order.create({ customerId: ann.id, total: 1 });
    const stale = await Order.get({ id: order.id });
    await order.update({ status: "a" });
    assert.equal(order.version, 2);
    stale.status = "b";
    await assert.rejects(stale.save(), OptimisticLockError);
    await assert.rejects(stale.update({ status: "b" }), OptimisticLockError);
    await assert.rejects(stale.delete(), OptimisticLockError);
    assert.equal(await Order.count(), 1);
    await stale.refresh();
    assert.equal(stale.status, "a");
    stale.status = "b";
    await stale.save();
    assert.equal(await stale.delete(), true);
    await assert.rejects(order.update({ status: "x" }), DoesNotExistError);
    order.status = "y";
    await assert.rejects(order.save(), DoesNotExistError);
    assert.equal(await order.delete(), false);
  });

  on("delete() and update() of a row that was never saved are refused", async () => {
    const { Customer } = await world.open();
    const ann = new Customer({ name: "Ann" });
    await assert.rejects(ann.delete(), { code: "row_not_saved" });
    await assert.rejects(ann.update({ name: "B" }), { code: "row_not_saved" });
    await assert.rejects(ann.refresh(), { code: "row_not_saved" });
  });

  on("refresh() reads the row again", async () => {
    const { Customer, database } = await world.open();
    const ann = await Customer.create({ name: "Ann" });
    await script(database, "update customers set name = 'Bea'");
    assert.equal(await ann.refresh(), ann);
    assert.equal(ann.name, "Bea");
  });

  on("create() takes SQL fragments as values, bound", async () => {
    const { Customer } = await world.open();
    const hostile = "x'); drop table customers; --";
    const ann = await Customer.create({ name: sql`upper(${hostile})` as never });
    assert.equal(ann.name, hostile.toUpperCase());
    ann.name = sql`lower(${hostile})` as never;
    await ann.save();
    assert.equal(ann.name, hostile);
  });

  on("create() of wrong values fails before it is sent", async () => {
    const { Customer, Order, log } = await world.open();
    const bad: unknown[] = [{ id: "nope" }, { id: {} }, { name: 5 }, { name: "a\0b" }, {
      name: "\ud800",
    }];
    for (const values of bad) {
      await assert.rejects(
        Customer.create({ name: "x", ...values as object } as never),
        ValidationError,
      );
    }
    await assert.rejects(Order.create({ customerId: "x", total: "1,5" } as never), ValidationError);
    assert.deepEqual(log, []);
    const proto = JSON.parse('{"name":"x","__proto__":{"id":"y"}}');
    await assert.rejects(Customer.create(proto), { code: "unknown_field" });
  });

  on("get() gives instances of the user's class whose own keys are the columns", async () => {
    const { database, Customer } = await world.open();
    await Customer.create({ name: "Ann" });
    let ran = 0;
    class Person extends model("customers", {
      id: uuid().primaryKey().default(sql`gen_random_uuid()`),
      name: text(),
    }, { database: world.name }) {
      extra = ++ran;
      constructor(values?: { name: string }) {
        super(values);
        ran += 10;
      }
      get shout(): string {
        return `${this.name}!`;
      }
    }
    class Vip extends Person {
      override get shout(): string {
        return `${super.shout}!`;
      }
    }
    const [row] = await Vip.filter({ name: "Ann" }).all();
    assert.equal(ran, 0);
    assert.ok(row instanceof Vip && row instanceof Person);
    assert.equal(row.shout, "Ann!!");
    const keys = ["id", "name"];
    assert.deepEqual(Object.keys(row), keys);
    assert.deepEqual(Reflect.ownKeys(row), keys);
    assert.deepEqual(Object.keys({ ...row }), keys);
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(row))), keys);
    assert.deepEqual(Object.keys(structuredClone({ ...row })), keys);
    const seen: string[] = [];
    for (const key in row) seen.push(key);
    assert.deepEqual(seen, keys);
    assert.deepEqual(row.toDict(), { id: row.id, name: "Ann" });
    assert.equal(new Vip({ name: "B" }).shout, "B!!");
    assert.equal(ran, 11);
    void database;
  });

  on("toJSON() says what JSON cannot", async () => {
    const { Customer, Order, LineItem } = await world.open();
    const ann = await Customer.create({ name: "Ann" });
    const order = await Order.create({
      customerId: ann.id,
      total: 1,
      data: new Uint8Array([255, 0]),
      due: new Date(0),
    });
    const item = await LineItem.create({ orderId: order.id, product: "p", qty: 1 });
    assert.equal(JSON.parse(JSON.stringify(item)).id, "1");
    const read = JSON.parse(JSON.stringify([order]))[0];
    assert.equal(read.data, "/wA=");
    assert.equal(read.due, "1970-01-01T00:00:00.000Z");
    assert.equal(order.toDict().due instanceof Date, true);
  });
}
