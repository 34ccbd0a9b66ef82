import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { withDatabase } from "../../src/connect.ts";
import { Databases } from "../../src/execute/registry.ts";
import { transaction } from "../../src/execute/transaction.ts";
import { ambient } from "../../src/util/host.ts";
import { FakeServer } from "./execute_fake.ts";

const host = globalThis as unknown as { process: { getBuiltinModule?: unknown } };

// in a file of its own: the ambient store is looked up once and kept when found
const original = host.process.getBuiltinModule;

before(() => {
  Object.defineProperty(host.process, "getBuiltinModule", { value: undefined, configurable: true });
});

after(() => {
  Object.defineProperty(host.process, "getBuiltinModule", { value: original, configurable: true });
});

function world(): { server: FakeServer; databases: Databases } {
  const server = new FakeServer();
  const databases = new Databases();
  databases.register({ name: "main", driver: server.driver }, () => Promise.reject(new Error()));
  return { server, databases };
}

test("ambient() gives null where there is no AsyncLocalStorage", () => {
  assert.equal(ambient(), null);
});

test("transaction() refuses a function that takes no tx where nothing carries it along", async () => {
  const { server, databases } = world();
  await assert.rejects(transaction(async () => {}, {}, databases), {
    code: "transaction_needs_parameter",
    hint: /using\(tx\)/,
  });
  assert.deepEqual(server.log, []);
});

test("withDatabase() is refused where nothing carries the database along", async () => {
  const { server } = world();
  await assert.rejects(withDatabase({ driver: server.driver }, () => Promise.resolve()), {
    code: "flow_needs_ambient",
  });
});

test("transaction() works through tx alone", async () => {
  const { server, databases } = world();
  await transaction(
    async (tx) => {
      await tx.run({ text: "a", params: [] });
      await tx.savepoint(async (inner) => {
        await inner.run({ text: "b", params: [] });
        // which of the two it is meant for cannot be told here
        await assert.rejects(tx.run({ text: "c", params: [] }), {
          code: "nested_transaction_under_way",
        });
      });
      await tx.run({ text: "d", params: [] });
    },
    {},
    databases,
  );
  assert.deepEqual(server.log.map((line) => line.slice(2)), [
    "begin",
    "a",
    'savepoint "matrx_1"',
    "b",
    'release savepoint "matrx_1"',
    "d",
    "select pg_current_xact_id_if_assigned()",
    "commit",
  ]);
});
