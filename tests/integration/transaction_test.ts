import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Connection, Driver } from "../../src/driver/port.ts";
import { DatabaseError, UniqueViolationError } from "../../src/errors/database.ts";
import { Databases } from "../../src/execute/registry.ts";
import { sessionFor } from "../../src/execute/session.ts";
import { transaction } from "../../src/execute/transaction.ts";
import type { Session, Transaction, TransactionOptions } from "../../src/execute/handle.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { serverKinds, testServer } from "../support/servers.ts";

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const title = (words: string): [string, { skip: string | false }] => [
    `${words} on ${kind}`,
    { skip: server.skip },
  ];
  const databases = new Databases();
  let owned: TestDatabase | undefined;

  before(async () => {
    if (server.skip !== false) return;
    owned = await testDatabase(server);
    databases.register({ name: "main", driver: owned.driver }, () => Promise.reject(new Error()));
    await run("create table item (id int primary key, note text)");
    await run("create table child (id int references item deferrable initially deferred)");
  });
  after(async () => await owned?.[Symbol.asyncDispose]());

  const run = async (text: string, on?: Session | Transaction): Promise<(string | null)[][]> => {
    const rows = await sessionFor(null, on, databases).run({ text, params: [] });
    return rows.rows.map((row) => [...row]);
  };
  const transact = <T>(
    fn: (tx: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T> => transaction(fn, options, databases);
  const insert = (id: number, on?: Session | Transaction): Promise<unknown> =>
    run(`insert into item values (${id})`, on);
  const ids = async (from: number): Promise<number[]> => {
    const rows = await run(
      `select id from item where id between ${from} and ${from + 99} order by id`,
    );
    return rows.map(([id]) => Number(id));
  };

  test(...title("transaction() commits what returns and undoes what throws"), async () => {
    await transact(() => insert(100));
    await assert.rejects(
      transact(async (tx) => {
        await insert(101);
        await insert(102, tx);
        assert.deepEqual(await ids(100), [100, 101, 102]);
        throw new Error("no");
      }),
      /^Error: no$/,
    );
    assert.deepEqual(await ids(100), [100]);
  });

  test(...title("transaction() runs concurrent statements in order (W-081)"), async () => {
    const answers = await transact(async () => {
      const numbers = Array.from({ length: 50 }, (_, n) => n);
      await Promise.all(numbers.map((n) => insert(200 + n)));
      return await Promise.all(numbers.map((n) => run(`select ${n}`)));
    });
    assert.deepEqual(answers.map((rows) => Number(rows[0]?.[0])), Array.from(answers.keys()));
    assert.equal((await ids(200)).length, 50);
  });

  test(...title("transaction() runs nothing when begin is refused"), async () => {
    const { driver } = owned!;
    const refusing: Driver = {
      name: driver.name,
      capabilities: driver.capabilities,
      query: (statement, options) => driver.query(statement, options),
      acquire: async (options) => {
        const connection = await driver.acquire(options);
        const own: Connection = {
          query: ({ text, ...statement }, run) =>
            connection.query({ ...statement, text: text === "begin" ? "begin no" : text }, run),
          script: (text) => connection.script(text),
          listen: (channel, heard) => connection.listen(channel, heard),
          release: (how) => connection.release(how),
        };
        return own;
      },
      close: () => Promise.resolve(),
    };
    const others = new Databases();
    others.register({ name: "refusing", driver: refusing }, () => Promise.reject(new Error()));
    const codes: unknown[] = [];
    const work = transaction(
      async (tx) => {
        const inserts = [250, 251].map((id) => insert(id, tx));
        for (const end of await Promise.allSettled(inserts)) {
          codes.push(end.status === "rejected" && end.reason.code);
        }
      },
      {},
      others,
    );
    await assert.rejects(work, (error) => (error as DatabaseError).sqlstate === "42601");
    await new Promise((resolve) => setTimeout(resolve, 50));
    // without pipelining the function is not called at all
    const failed = Array.from({ length: 2 }, () => "transaction_failed");
    assert.deepEqual(codes, driver.capabilities.pipelining ? failed : []);
    assert.deepEqual((await ids(200)).filter((id) => id >= 250), []);
  });

  test(...title("transaction() undoes a nested one alone"), async () => {
    await transact(async (tx) => {
      await insert(300);
      await assert.rejects(
        transact(async () => {
          await insert(301);
          await insert(300);
        }),
        UniqueViolationError,
      );
      await tx.savepoint(() => insert(302));
      await Promise.all([
        transact(() => insert(303)),
        assert.rejects(transact(async () => {
          await insert(304);
          throw new Error("no");
        })),
        insert(305),
      ]);
    });
    assert.deepEqual(await ids(300), [300, 302, 303, 305]);
  });

  test(...title("transaction() says clearly that it has failed already"), async () => {
    await assert.rejects(
      transact(async () => {
        await insert(400);
        await assert.rejects(insert(400), UniqueViolationError);
        await assert.rejects(insert(401), { code: "transaction_failed" });
      }),
      { code: "transaction_failed" },
    );
    await assert.rejects(
      transact(async () => {
        await insert(400);
        const [first, second] = await Promise.allSettled([insert(400), insert(401)]);
        assert.equal(first?.status, "rejected");
        assert.equal((second as PromiseRejectedResult).reason.code, "transaction_failed");
        throw new Error("done");
      }),
      /done/,
    );
    assert.deepEqual(await ids(400), []);
  });

  test(...title("transaction() passes its options to the server"), async () => {
    const show = async (name: string): Promise<unknown> => (await run(`show ${name}`))[0]?.[0];
    const seen = await transact(
      async () => [
        await show("transaction_isolation"),
        await show("transaction_read_only"),
        await show("transaction_deferrable"),
      ],
      { isolation: "serializable", readOnly: true, deferrable: true },
    );
    assert.deepEqual(seen, ["serializable", "on", "on"]);
    await assert.rejects(transact(() => insert(500), { readOnly: true }), { sqlstate: "25006" });
    const level = await transact(() => show("transaction_isolation"), {
      isolation: "repeatable read",
    });
    assert.equal(level, "repeatable read");
    assert.equal(await show("transaction_isolation"), "read committed");
  });

  test(...title("transaction() reports what fails only at commit"), async () => {
    let called = false;
    await assert.rejects(
      transact(async (tx) => {
        tx.afterCommit(() => {
          called = true;
        });
        await insert(600);
        await run("insert into child values (699)");
      }),
      (error) => {
        assert(error instanceof DatabaseError);
        assert.equal(error.sqlstate, "23503");
        assert.equal(error.outcome, "rolledBack");
        assert.equal(error.context["database"], "main");
        return true;
      },
    );
    assert.equal(called, false);
    assert.deepEqual(await ids(600), []);
    // the connection is as good as before
    await transact(() => insert(601));
  });

  test(...title("transaction() waits for what its function did not wait for"), async () => {
    await transact(() => {
      void insert(700);
      void transact(() => insert(701));
      return Promise.resolve();
    });
    assert.deepEqual(await ids(700), [700, 701]);
    await assert.rejects(
      transact(async (tx) => {
        await insert(702);
        // the session's own promise: dropping it must not end the process
        void tx.run({ text: "insert into item values (702)", params: [] });
      }),
      { code: "transaction_failed" },
    );
    assert.deepEqual(await ids(700), [700, 701]);
  });

  test(...title("transaction() does not commit what a swallowed abort has ended"), async () => {
    await assert.rejects(
      transact(async (tx) => {
        await insert(800);
        const text = "select 1 / 0";
        await tx.run({ text, params: [] }).catch(() => {});
      }),
      { code: "transaction_failed" },
    );
    assert.deepEqual(await ids(800), []);
  });

  test(
    ...title("afterCommit() sees what was committed, in a flow without transaction"),
    async () => {
      let seen: number[] = [];
      let inside: unknown = "not called";
      await transact(async (tx) => {
        tx.afterCommit(async () => {
          seen = await ids(900);
          inside = sessionFor(null, undefined, databases).transaction;
        });
        await insert(900);
      });
      assert.deepEqual(seen, [900]);
      assert.equal(inside, null);
    },
  );

  test(...title("transaction() follows a model of nesting for random trees"), async () => {
    let next = 1_000;
    let seed = 42;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    // gives the ids that must be there after the commit
    const grow = async (tx: Transaction, depth: number): Promise<number[]> => {
      const kept: number[] = [];
      for (let step = 0; step < 3; step++) {
        if (depth < 4 && random() < 0.5) {
          const fails = random() < 0.4;
          const nested = tx.savepoint(async (inner) => {
            const grown = await grow(inner, depth + 1);
            if (fails) throw new Error("undone");
            return grown;
          });
          kept.push(
            ...await nested.catch((error) => {
              assert.equal(error.message, "undone");
              return [];
            }),
          );
        } else {
          const id = next++;
          await insert(id, tx);
          kept.push(id);
        }
      }
      return kept;
    };
    const expected: number[] = [];
    for (let tree = 0; tree < 25; tree++) expected.push(...await transact((tx) => grow(tx, 0)));
    const rows = await run("select id from item where id >= 1000 order by id");
    assert.deepEqual(rows.map(([id]) => Number(id)), expected);
    assert(expected.length > 50 && expected.length < next - 1_000);
  });
}
