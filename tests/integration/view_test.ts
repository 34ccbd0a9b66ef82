import assert from "node:assert/strict";
import { after, test } from "node:test";
import { BaseDTO, F, transaction, view, type WarningEvent } from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { script, shop } from "./model_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = shop(server);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());

  // deno-lint-ignore explicit-function-return-type -- what it gives is a bag of classes
  const filled = async (orders: number) => {
    const opened = await world.open();
    const { Customer, Order, LineItem, Tag, database, log } = opened;
    const [ann, bob] = await Customer.bulkCreate([{ name: "Ann" }, { name: "Bob" }]);
    const made = await Order.bulkCreate(
      Array.from({ length: orders }, (_, at) => ({
        customerId: at % 2 === 0 ? ann!.id : bob!.id,
        total: at,
        meta: { source: "web" },
      })),
    );
    await LineItem.bulkCreate(
      made.flatMap(({ id }) => [{ orderId: id, product: "a", qty: 1 }, {
        orderId: id,
        product: "b",
        qty: 2,
      }]),
    );
    await Tag.bulkCreate([{ id: 1, label: "new" }, { id: 2, label: "old" }]);
    await made[0]!.addM2m("tags", 1, 2);
    class OrderView extends view(Order, {
      prefetch: ["customerId", "lineItems", "tags"],
      exclude: ["meta"],
      inlineFk: { customerId: "customer", parentId: "parent" },
    }) {
      _calls = 0;

      async displayName(order: typeof OrderView.subject): Promise<string> {
        this._calls++;
        return await Promise.resolve(`${order.getRelated("customerId").name}: ${order.total}`);
      }

      async pieces(order: typeof OrderView.subject): Promise<bigint> {
        await this._wait();
        return order.getRelated("lineItems").reduce((sum, { qty }) => sum + BigInt(qty), 0n);
      }

      async _wait(): Promise<void> {
        await Promise.resolve();
      }

      helper(): string {
        return "no field";
      }

      get size(): number {
        return 1;
      }
    }
    log.length = 0;
    return { ...opened, made, ann: ann!, database, OrderView };
  };

  on("apply() puts computed fields and inlined rows on the row itself", async () => {
    const { made, OrderView, ann, log } = await filled(1);
    const [order] = made;
    const shaped = await OrderView.apply(order!);
    assert.equal(shaped, order as unknown);
    assert.equal(shaped.displayName, "Ann: 0.00");
    assert.equal(shaped.pieces, 3n);
    assert.equal(shaped.customer?.name, "Ann");
    assert.equal(shaped.customer?.shout, "ANN");
    assert.equal(shaped.parent, null);
    assert.equal(shaped.customerId, ann.id);
    assert.deepEqual(shaped.getRelated("tags").map(({ id }) => id), [1, 2]);
    assert.equal(shaped.isPaid, false);
    assert.ok(!("helper" in shaped) && !("size" in shaped) && !("_wait" in shaped));
    // a key that is NULL needs no statement
    assert.equal(log.length, 3);
    assert.equal(await OrderView.apply(null), null);
  });

  on("toDict() and toJSON() of a shaped row give what the view makes of it", async () => {
    const { made, OrderView, ann } = await filled(1);
    const shaped = await OrderView.apply(made[0]!);
    const dict = shaped.toDict();
    const { id, createdAt, customer, ...rest } = dict;
    assert.deepEqual(rest, {
      status: "draft",
      total: "0.00",
      labels: null,
      due: null,
      took: null,
      mood: null,
      data: null,
      doubled: "0.00",
      version: 1,
      parent: null,
      displayName: "Ann: 0.00",
      pieces: 3n,
    });
    assert.ok(createdAt instanceof Date);
    assert.deepEqual(customer, ann.toDict());
    const json = JSON.parse(JSON.stringify(shaped));
    assert.equal(json.pieces, "3");
    assert.equal(json.createdAt, createdAt.toISOString());
    assert.equal(json.customer.name, "Ann");
    assert.deepEqual(Object.keys(json).sort(), Object.keys(dict).sort());
    assert.equal(id, made[0]!.id);
  });

  on("applyAll() takes one statement for each relation, whatever the rows", async () => {
    for (const size of [1, 40]) {
      const { Order, OrderView, log } = await filled(size);
      const rows = await Order.filter().orderBy("total").all();
      log.length = 0;
      const shaped = await OrderView.applyAll([...rows, rows[0]!]);
      assert.equal(log.length, 3, log.join("\n"));
      assert.equal(shaped.length, size + 1);
      assert.equal(shaped[size], shaped[0]);
      assert.deepEqual(
        shaped.slice(0, size).map(({ displayName }) => displayName),
        rows.map(({ total }, at) => `${at % 2 === 0 ? "Ann" : "Bob"}: ${total}`),
      );
      assert.deepEqual(await OrderView.applyAll([]), []);
    }
  });

  on("writes of a shaped row see columns alone", async () => {
    const { made, OrderView, Order, log } = await filled(1);
    const shaped = await OrderView.apply(made[0]!);
    log.length = 0;
    await shaped.save();
    assert.deepEqual(log, []);
    shaped.status = "paid";
    await shaped.save();
    await shaped.update({ total: 5 });
    await Order.bulkUpdate([shaped], ["status"]);
    assert.ok(log.every((text) => !/display|pieces/.test(text)), log.join("\n"));
    const again = await Order.get({ id: shaped.id });
    assert.deepEqual([again.status, again.total, again.meta], ["paid", "5.00", { source: "web" }]);
    assert.equal(shaped.displayName, "Ann: 0.00");
    // @ts-expect-error no column
    await assert.rejects(shaped.update({ displayName: "x" }), { code: "unknown_field" });
  });

  on("two views of one row do not mix", async () => {
    const { made, OrderView, Order } = await filled(1);
    class Brief extends view(Order, { prefetch: { lineItems: (items) => items.limit(1) } }) {
      async short(order: typeof Brief.subject): Promise<string> {
        return await Promise.resolve(`#${order.getRelated("lineItems").length}`);
      }
    }
    const row = made[0]!;
    const [full, brief] = await Promise.all([OrderView.apply(row), Brief.apply(row)]);
    assert.notEqual(full as object, brief);
    assert.equal(full.displayName, "Ann: 0.00");
    assert.equal(full.getRelated("lineItems").length, 2);
    assert.ok(!("short" in full) && !("meta" in full.toDict()));
    assert.equal(brief.short, "#1");
    assert.ok(brief instanceof Order && !("displayName" in brief) && "meta" in brief.toDict());
    await brief.update({ status: "x" });
    assert.equal((await Order.get({ id: row.id })).status, "x");
    const again = await Brief.apply(brief);
    assert.equal(again as object, brief);
  });

  on("a base view's fields are inherited and may be replaced", async () => {
    const { made, OrderView } = await filled(1);
    class More extends OrderView {
      override async displayName(order: typeof More.subject): Promise<string> {
        return `${await super.displayName(order)}!`;
      }
      async extra(): Promise<number> {
        return await Promise.resolve(1);
      }
    }
    const shaped = await More.apply(made[0]!);
    assert.deepEqual([shaped.displayName, shaped.extra, shaped.pieces], ["Ann: 0.00!", 1, 3n]);
  });

  on("fields that a query added stay, and fetches of computed methods are joined", async () => {
    const { Order, log } = await filled(20);
    class Lines extends view(Order, {}) {
      async lines(order: typeof Lines.subject): Promise<number> {
        return (await order.fetchIfk("lineItems")).length;
      }
    }
    const rows = await Order.filter().annotate({ twice: F("total").times(2) }).all();
    log.length = 0;
    const shaped = await Lines.applyAll(rows);
    assert.equal(log.length, 1);
    assert.ok(shaped.every(({ lines, twice }) => lines === 2 && twice !== undefined));
    assert.equal(shaped[0]!.toDict().lines, 2);
    assert.ok("twice" in shaped[0]!.toDict());
  });

  on("a view inside a transaction reads there", async () => {
    const { made, OrderView, LineItem, Order } = await filled(1);
    const undo = new Error("undo");
    await assert.rejects(
      transaction(async (tx) => {
        await LineItem.using(tx).create({ orderId: made[0]!.id, product: "c", qty: 4 });
        const shaped = await OrderView.apply(await Order.using(tx).get({ id: made[0]!.id }));
        assert.equal(shaped.pieces, 7n);
        throw undo;
      }, { database: world.name }),
      undo,
    );
    assert.equal((await OrderView.apply(await Order.get({ id: made[0]!.id }))).pieces, 3n);
  });
}

const pg18 = await testServer("pg18");
// the embedded database serves where the other server has no binaries
const server = pg18.skip === false ? pg18 : await testServer("pglite");
let hear: (warning: WarningEvent) => void;
const world = shop(server, { onWarning: (warning) => hear(warning) });
after(() => world.close());

/** The shop with two orders, whose warnings are collected. */
// deno-lint-ignore explicit-function-return-type -- what it gives is a bag of classes
async function warned() {
  const opened = await world.open();
  const warnings: WarningEvent[] = [];
  hear = (warning) => void warnings.push(warning);
  const { Customer, Order } = opened;
  const ann = await Customer.create({ name: "Ann" });
  const rows = await Order.bulkCreate([
    { customerId: ann.id, total: 1 },
    { customerId: ann.id, total: 2 },
  ]);
  return { ...opened, rows, warnings, ann };
}

test("a computed method that throws is a warning, and its key is left out", async () => {
  const { Order, rows, warnings } = await warned();
  const fault = new Error("no luck");
  class Failing extends view(Order, {}) {
    async bad(order: typeof Failing.subject): Promise<string> {
      if (order.total === "2.00") throw fault;
      return await Promise.resolve("good");
    }
    async fine(): Promise<number> {
      return await Promise.resolve(1);
    }
  }
  const shaped = await Failing.applyAll(rows);
  assert.deepEqual(shaped.map((row) => "bad" in row), [true, false]);
  assert.deepEqual(shaped.map(({ fine }) => fine), [1, 1]);
  assert.ok(!("bad" in shaped[1]!.toDict()));
  assert.deepEqual(warnings, [{
    database: world.name,
    code: "view_method_failed",
    message: "Failing.bad failed for a row of public.orders; its key is left out",
    source: "Failing",
    member: "bad",
    key: { id: rows[1]!.id },
    error: fault,
  }]);
  shaped[1]!.total = "3.00";
  assert.equal((await Failing.apply(shaped[1]!)).bad, "good");
  shaped[1]!.total = "2.00";
  assert.ok(!("bad" in await Failing.apply(shaped[1]!)));
});

test("a relation that cannot be loaded is a warning, and is left out", async () => {
  const { Order, rows, warnings, database } = await warned();
  await script(database, "alter table line_items rename to gone");
  class Broken extends view(Order, {
    prefetch: ["lineItems"],
    inlineFk: { customerId: "customer" },
  }) {}
  const [shaped] = await Broken.applyAll(rows);
  assert.equal(shaped!.customer?.name, "Ann");
  assert.equal(shaped!.hasRelated("lineItems"), false);
  assert.deepEqual(
    warnings.map(({ code, source, member, key }) => ({ code, source, member, key })),
    [{ code: "view_relation_failed", source: "Broken", member: "lineItems", key: null }],
  );
  await script(database, "alter table gone rename to line_items");
});

test("what the onWarning hook throws fails the call", async () => {
  const { Order, rows } = await warned();
  hear = ({ error }) => {
    throw error;
  };
  class Failing extends view(Order, {}) {
    async bad(): Promise<string> {
      return await Promise.reject(new Error("no luck"));
    }
  }
  await assert.rejects(Failing.apply(rows[0]!), { message: "no luck" });
});

test("BaseDTO wraps a row, falls through to it, and warns once for each class", async () => {
  const { Order, Customer, rows, warnings, ann } = await warned();
  class OrderDTO extends BaseDTO<InstanceType<typeof Order>> {
    title: string | null = null;
    nothing: string | null = null;
    lines: unknown[] = [];
    override async _initializeDto(order: InstanceType<typeof Order>): Promise<void> {
      this.title = `Order ${order.total}`;
      this.lines = await order.fetchIfk("lineItems");
    }
  }
  class CustomerDTO extends BaseDTO<InstanceType<typeof Customer>> {
    self: unknown = null;
    first: unknown = null;
  }
  // the warnings of a class go to the default database; here there may be another one
  const told: unknown[] = [];
  const { warn } = console;
  console.warn = (message: unknown) => void told.push(message);
  try {
    const dto = await OrderDTO.fromModel(rows[0]!);
    assert.equal(dto.id, rows[0]!.id);
    assert.deepEqual([dto.title, dto.status, dto.isPaid], ["Order 1.00", "draft", false]);
    assert.equal((await dto.fetchFk("customerId")).name, "Ann");
    assert.equal(rows[0]!.hasRelated("customerId"), true);
    assert.deepEqual(dto.toDict(), { id: dto.id, title: "Order 1.00", lines: [] });
    dto.status = "mine";
    assert.equal(rows[0]!.status, "draft");
    assert.equal(dto.toDict()["status"], "mine");
    const customer = await CustomerDTO.fromModel(ann);
    customer.self = customer;
    customer.first = rows[0];
    assert.deepEqual(customer.toDict(), {
      id: ann.id,
      self: { id: ann.id },
      first: rows[0]!.toDict(),
    });
    assert.equal(JSON.parse(JSON.stringify(customer)).first.id, rows[0]!.id);
    await OrderDTO.fromModel(rows[1]!);
  } finally {
    console.warn = warn;
  }
  const all = [...told, ...warnings.map(({ message }) => message)];
  assert.deepEqual(all, [
    "OrderDTO extends BaseDTO, which only keeps old code running: use view() instead",
    "CustomerDTO extends BaseDTO, which only keeps old code running: use view() instead",
  ]);
});
