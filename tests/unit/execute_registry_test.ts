import assert from "node:assert/strict";
import { test } from "node:test";
import type { Driver } from "../../src/driver/port.ts";
import type { QueryEvent } from "../../src/execute/database_config.ts";
import { Databases, type OpenDriver } from "../../src/execute/registry.ts";
import { sessionFor } from "../../src/execute/session.ts";
import { DatabaseError } from "../../src/errors/database.ts";
import { FakeServer } from "./execute_fake.ts";

const memory = { name: "main", url: "pglite://memory" };

const never: OpenDriver = () => Promise.reject(new Error("opened too early"));

function opener(driver: Driver): OpenDriver & { calls: number } {
  const open = Object.assign(() => {
    open.calls++;
    return Promise.resolve(driver);
  }, { calls: 0 });
  return open;
}

test("register() opens nothing, and the first use opens once", async () => {
  const databases = new Databases();
  const open = opener(new FakeServer().driver);
  databases.register(memory, open);
  assert.equal(open.calls, 0);
  const session = sessionFor(null, undefined, databases);
  await Promise.all([1, 2, 3].map(() => session.run({ text: "select 1", params: [] })));
  assert.equal(open.calls, 1);
});

test("register() tries again after the driver failed to open", async () => {
  const databases = new Databases();
  const server = new FakeServer();
  let attempts = 0;
  databases.register(memory, () => {
    attempts++;
    return attempts === 1 ? Promise.reject(new Error("no module")) : Promise.resolve(server.driver);
  });
  const session = sessionFor("main", undefined, databases);
  await assert.rejects(session.run({ text: "select 1", params: [] }), /no module/);
  await session.run({ text: "select 1", params: [] });
  assert.equal(attempts, 2);
});

test("register() takes an equal configuration twice and refuses another one (W-086)", async () => {
  const databases = new Databases();
  const first = databases.register(memory, never);
  assert.equal(databases.register({ ...memory, schemas: ["public"], poolMax: 10 }, never), first);
  for (const change of [{ poolMax: 2 }, { schemas: ["auth"] }, { onQuery: () => {} }]) {
    assert.throws(() => databases.register({ ...memory, ...change }, never), {
      code: "database_already_registered",
    });
  }
  await databases.close("main");
  assert.notEqual(databases.register({ ...memory, poolMax: 2 }, never), first);
});

test("get() gives the first database for null and explains an unknown name", () => {
  const databases = new Databases();
  assert.throws(() => databases.get(), { code: "no_database" });
  assert.throws(() => databases.get("main"), { code: "no_database" });
  const main = databases.register(memory, never);
  databases.register({ ...memory, name: "warehouse" }, never);
  assert.equal(databases.get(null), main);
  assert.deepEqual(databases.names(), ["main", "warehouse"]);
  assert.throws(() => databases.get("warehose"), {
    code: "unknown_database",
    message: 'Cannot use database "warehose": none is registered under that name',
    hint: 'Did you mean "warehouse"? Registered: "main", "warehouse"',
  });
  assert.throws(() => databases.get("__proto__"), { code: "unknown_database" });
});

test("close() says so to later calls and keeps the default in its place", async () => {
  const databases = new Databases();
  const server = new FakeServer();
  databases.register(memory, opener(server.driver));
  databases.register({ ...memory, name: "other" }, never);
  const session = sessionFor(null, undefined, databases);
  await session.run({ text: "select 1", params: [] });
  await databases.close("main");
  assert.equal(server.closed, 1);
  await assert.rejects(session.run({ text: "select 1", params: [] }), { code: "database_closed" });
  // never another database in silence
  assert.throws(() => databases.get(), { code: "database_closed" });
  await databases.close("main");
  assert.equal(server.closed, 1);
  // what was never opened is not opened to be closed
  await databases.close("other");
  await assert.rejects(databases.close("nobody"), { code: "unknown_database" });
  const again = databases.register(memory, never);
  assert.equal(databases.get(), again);
});

test("close() closes a driver that is still opening", async () => {
  const databases = new Databases();
  const server = new FakeServer();
  let opened = (_driver: Driver): void => {};
  databases.register(memory, () => new Promise((resolve) => opened = resolve));
  const asked = assert.rejects(
    sessionFor(null, undefined, databases).run({ text: "select 1", params: [] }),
    { code: "database_closed" },
  );
  const closed = databases.closeAll();
  opened(server.driver);
  await Promise.all([asked, closed]);
  assert.equal(server.closed, 1);
  assert.deepEqual(databases.names(), []);
});

test("closeAll() closes every database even when one fails", async () => {
  const databases = new Databases();
  const good = new FakeServer();
  const bad: Driver = { ...good.driver, close: () => Promise.reject(new Error("stuck")) };
  databases.register({ name: "bad", driver: bad }, never);
  databases.register({ name: "good", driver: good.driver }, never);
  await assert.rejects(databases.closeAll(), /stuck/);
  assert.equal(good.closed, 1);
});

test("run() names the database in its errors", async () => {
  const databases = new Databases();
  const server = new FakeServer();
  databases.register({ name: "main", driver: server.driver }, never);
  const session = sessionFor(null, undefined, databases);
  await assert.rejects(session.run({ text: "fail 42601", params: [] }), (error) => {
    assert(error instanceof DatabaseError);
    assert.equal(error.context["database"], "main");
    assert.equal(error.context["sqlstate"], "42601");
    return true;
  });
});

test("onQuery is told of each statement, good or bad, without its values", async () => {
  const databases = new Databases();
  const events: QueryEvent[] = [];
  const driver = new FakeServer().driver;
  databases.register({ name: "main", driver, onQuery: (event) => events.push(event) }, never);
  const session = sessionFor(null, undefined, databases);
  await session.run({ text: "select $1", params: ["secret"] });
  await assert.rejects(session.run({ text: "fail 42601", params: [] }));
  const origin = { model: null, operation: "run", transaction: false, server: "primary" };
  assert.deepEqual(events.map(({ durationMs: _, ...rest }) => ({ ...rest, error: !!rest.error })), [
    { database: "main", text: "select $1", rows: 1, error: false, origin },
    { database: "main", text: "fail 42601", rows: 0, error: true, origin },
  ]);
  assert(events.every((event) => event.durationMs >= 0));
  assert(!JSON.stringify(events).includes("secret"));
});

test("onQuery that throws fails the call, and never hides the statement's own error", async () => {
  const databases = new Databases();
  const onQuery = (): void => {
    throw new Error("log is full");
  };
  databases.register({ name: "main", driver: new FakeServer().driver, onQuery }, never);
  const session = sessionFor(null, undefined, databases);
  await assert.rejects(session.run({ text: "select 1", params: [] }), {
    code: "query_hook_failed",
  });
  await assert.rejects(session.run({ text: "fail 42601", params: [] }), { sqlstate: "42601" });
});
