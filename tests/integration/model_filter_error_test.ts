import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  DatabaseError,
  FieldError,
  integer,
  model,
  MultipleObjectsReturnedError,
  type OrmError,
  Q,
  text,
  UndefinedObjectError,
  ValidationError,
} from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { place, shop } from "./model_world.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = shop(server);
  const odd = place(
    server,
    `create table "odd" ("id" int primary key, "__proto__" text, "constructor" text, "toString" text,
      "hasOwnProperty" text, "valueOf" int);`,
  );
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => world.close());
  after(() => odd.close());

  on("filter() names the nearest field, relation and operator", async () => {
    const { Order, log } = await world.open();
    const fails = (where: unknown, code: string, hint: RegExp): void =>
      assert.throws(() => Order.filter(where as never), (error: OrmError) => {
        assert.equal(error.code, code, JSON.stringify(where));
        assert.match(error.hint ?? "", hint);
        return true;
      });
    fails({ statu: "x" }, "unknown_field", /Did you mean "status"/);
    assert.throws(() => Order.filter().values("lineItems" as never), {
      code: "unknown_field",
      message: /"lineItems" .* is a relation, not a field/,
      hint: /prefetchRelated\(\{ lineItems: true \}\)/,
    });
    fails({ lineItem: {} }, "unknown_field", /Did you mean "lineItems"/);
    fails({ status: { startWith: "x" } }, "unknown_operator", /Did you mean "startsWith"/);
    fails({ total: { contains: "x" } }, "unknown_operator", /operators are eq/);
    fails({ customerId: { eqq: "x" } }, "unknown_operator", /Did you mean "eq"/);
    fails({ lineItems: { sum: {} } }, "unknown_operator", /some, none, every/);
    fails({ lineItems: { some: { qt: 1 } } }, "unknown_field", /"qty"/);
    fails({ customerId: { is: { nam: 1 } } }, "unknown_field", /"name"/);
    fails({ customerId: { is: {}, in: [] } }, "unknown_operator", /is, isNot/);
    assert.throws(() => Order.filter().orderBy("-statu" as never), { code: "unknown_field" });
    assert.throws(() => Order.filter().only("statu" as never), FieldError);
    assert.throws(() => Order.filter().selectRelated("customer" as never), {
      code: "unknown_relation",
    });
    assert.throws(() => Order.filter().prefetchRelated({ tagz: true } as never), {
      code: "unknown_relation",
    });
    assert.deepEqual(log, []);
  });

  on("filter() refuses what would silently match everything", async () => {
    const { Order, Customer, log } = await world.open();
    const ann = await Customer.create({ name: "Ann" });
    log.length = 0;
    const bad: unknown[] = [
      undefined,
      null,
      [],
      "x",
      1,
      new Date(),
      new Map([["status", "x"]]),
      Promise.resolve({}),
      ann,
      { status: undefined },
      { status: { eq: undefined } },
      { status: {} },
      { status: { in: [undefined] } },
      { status: { in: undefined } },
      { total: { between: [1, undefined] } },
      { total: { between: [1] } },
      { status: { gt: null } },
      { status: { in: "abc" } },
      { status: { in: ["a", null] } },
      { status: { isNull: "false" } },
      { status: { contains: 5 } },
      { status: new Date() },
      { total: { gte: {} } },
      { total: NaN + "x" },
      { meta: {} },
      { meta: { hasKey: 1 } },
      { meta: { hasAnyKey: "a" } },
      { lineItems: {} },
      { lineItems: { some: undefined } },
      { lineItems: { some: { qty: undefined } } },
      { customerId: { is: undefined } },
      Q({ status: undefined }),
      Q({ status: "a" }).or({ status: undefined }),
      Q(undefined as never),
      Q({ status: "a" }).and(undefined as never),
    ];
    for (const where of bad) {
      assert.throws(() => Order.filter(where as never), ValidationError, String(where));
      assert.throws(() => Order.exclude(where as never), ValidationError, String(where));
      await assert.rejects(async () => await Order.get(where as never), ValidationError);
    }
    assert.deepEqual(log, []);
  });

  on("filter() takes names of Object.prototype for unknown fields", async () => {
    const { Order } = await world.open();
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf"]) {
      const text = `{${JSON.stringify(name)}: {"status": "x"}}`;
      const where = JSON.parse(text);
      const unknown = { name: "FieldError", code: "unknown_field" };
      assert.throws(() => Order.filter(where), unknown, name);
      assert.throws(() => Order.filter({ lineItems: { some: where } }), unknown, name);
      await assert.rejects(async () => await Order.create(where), unknown);
      assert.throws(() => Order.filter({ status: where } as never), { code: "unknown_operator" });
      assert.throws(() => Order.filter({ lineItems: where } as never), {
        code: "unknown_operator",
      });
      assert.throws(() => Order.filter().orderBy(name as never), unknown);
      assert.throws(() => Order.filter().only(name as never), unknown);
      assert.throws(() => Order.filter().prefetchRelated(where), { code: "unknown_relation" });
    }
  });

  on("column() aliases columns named like parts of Object.prototype", async () => {
    await odd.open();
    class Odd extends model("odd", {
      id: integer().primaryKey(),
      proto: text().column("__proto__"),
      constructor_: text().column("constructor"),
      toString: text().column("toString"),
      hasOwnProperty: text().column("hasOwnProperty"),
      valueOf: integer().column("valueOf"),
    }, { database: odd.name }) {}
    const values = {
      id: 1,
      proto: "p",
      constructor_: "c",
      toString: "t",
      hasOwnProperty: "h",
      valueOf: 5,
    };
    const row = await Odd.create(values as never);
    assert.deepEqual(row.toDict(), values);
    row.proto = "q";
    await row.save();
    const found = await Odd.filter(
      { proto: "q", constructor_: { contains: "c" }, toString: "t", valueOf: { gt: 4 } } as never,
    ).orderBy("-proto").all();
    assert.equal(found.length, 1);
    assert.equal(found[0]!.constructor_, "c");
    assert.deepEqual(await Odd.filter().only("proto", "hasOwnProperty").all(), [
      { proto: "q", hasOwnProperty: "h" } as never,
    ]);
    assert.equal(await found[0]!.delete(), true);
  });

  on("getOrNull() gives null for no row and nothing else (W-046)", async () => {
    const { Customer, Order } = await world.open();
    assert.equal(await Customer.getOrNull({ name: "x" }), null);
    await assert.rejects(Customer.get({ name: "x" }), { name: "DoesNotExistError" });
    await Customer.create({ name: "x" });
    await Customer.create({ name: "x" });
    await assert.rejects(Customer.getOrNull({ name: "x" }), MultipleObjectsReturnedError);
    await assert.rejects(Customer.get({ name: "x" }), MultipleObjectsReturnedError);
    class Wrong extends model("customers", { id: text().primaryKey(), nope: text() }, {
      database: world.name,
    }) {}
    await assert.rejects(Wrong.getOrNull({ nope: "x" }), UndefinedObjectError);
    class Missing extends model("nowhere", { id: text().primaryKey() }, {
      database: world.name,
    }) {}
    await assert.rejects(Missing.getOrNull({ id: "x" }), DatabaseError);
    await assert.rejects(
      async () => await Order.getOrNull({ id: "not a uuid" }),
      ValidationError,
    );
    await assert.rejects(Customer.using("elsewhere").getOrNull({ name: "x" }), {
      name: "ConfigurationError",
    });
  });
}
