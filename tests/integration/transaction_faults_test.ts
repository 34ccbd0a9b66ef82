import assert from "node:assert/strict";
import { test } from "node:test";
import { openDriver } from "../../src/connect.ts";
import { Databases } from "../../src/execute/registry.ts";
import { sessionFor } from "../../src/execute/session.ts";
import { transaction } from "../../src/execute/transaction.ts";
import type { Transaction, TransactionOptions } from "../../src/execute/handle.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { type Cut, startProxy } from "./transaction_proxy.ts";

class World {
  readonly databases: Databases = new Databases();

  constructor(db: TestDatabase, url: string | null) {
    this.databases.register(
      url === null ? { name: "main", driver: db.driver } : { name: "main", url, poolMax: 4 },
      openDriver,
    );
  }

  async run(text: string): Promise<(string | null)[][]> {
    const rows = await sessionFor(null, undefined, this.databases).run({ text, params: [] });
    return rows.rows.map((row) => [...row]);
  }

  async value(text: string): Promise<string | null | undefined> {
    return (await this.run(text))[0]?.[0];
  }

  transact<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return transaction(fn, options, this.databases);
  }
}

const rolledBack = { outcome: "rolledBack", retryable: true };
const KILL_ALL = "select count(pg_terminate_backend(pid)) from pg_stat_activity " +
  "where datname = current_database() and pid <> pg_backend_pid()";

for (const kind of serverKinds) {
  if (kind === "pglite") continue;
  const server = await testServer(kind);
  const title = (words: string): [string, { skip: string | false }] => [
    `${words} on ${kind}`,
    { skip: server.skip },
  ];

  test(...title("transaction() never lets plain writers in (W-001)"), async () => {
    await using db = await testDatabase(server);
    const world = new World(db, null);
    await world.run("create table t (who text)");
    const undone = Array.from({ length: 4 }, () =>
      assert.rejects(world.transact(async () => {
        await world.run("insert into t values ('undone')");
        await world.run("select pg_sleep(0.02)");
        await world.run("insert into t values ('undone')");
        throw new Error("no");
      })));
    const plain = Array.from({ length: 4 }, async () => {
      for (let n = 0; n < 5; n++) await world.run("insert into t values ('plain')");
    });
    await Promise.all([...undone, ...plain]);
    assert.deepEqual(await world.run("select who, count(*) from t group by 1"), [["plain", "20"]]);
  });

  test(...title("transaction() retries serialization failures until all is done"), async () => {
    await using db = await testDatabase(server);
    const world = new World(db, null);
    await world.run("create table account (id int primary key, n int)");
    await world.run("insert into account select g, 0 from generate_series(1, 3) g");
    let attempts = 0;
    const add = (id: number): Promise<unknown> =>
      world.transact(async () => {
        attempts++;
        const n = Number(await world.value(`select sum(n) from account`));
        await world.run(
          `update account set n = ${n + 1} - (select sum(n) from account) + n ` +
            `where id = ${id}`,
        );
      }, { isolation: "serializable", retries: 50 });
    await Promise.all(Array.from({ length: 30 }, (_, n) => add(1 + n % 3)));
    assert.equal(await world.value("select sum(n) from account"), "30");
    assert(attempts > 30, "no conflict arose, so that nothing is shown");
  });

  test(...title("transaction() resolves a deadlock by running one side again"), async () => {
    await using db = await testDatabase(server);
    const world = new World(db, null);
    await world.run("create table t (id int primary key, n int)");
    await world.run("insert into t values (1, 0), (2, 0)");
    const first = Promise.withResolvers<void>();
    const second = Promise.withResolvers<void>();
    const side = (a: number, b: number, mine: () => void, other: Promise<void>): Promise<unknown> =>
      world.transact(async () => {
        await world.run(`update t set n = n + 1 where id = ${a}`);
        mine();
        await other;
        await world.run(`update t set n = n + 1 where id = ${b}`);
      }, { retries: 3 });
    await Promise.all([
      side(1, 2, first.resolve, second.promise),
      side(2, 1, second.resolve, first.promise),
    ]);
    assert.deepEqual(await world.run("select n from t"), [["2"], ["2"]]);
  });

  test(...title("transaction() tells that a lost link undid it, and runs again"), async () => {
    await using db = await testDatabase(server);
    await using referee = await testDatabase(server);
    const world = new World(db, null);
    await world.run("create table t (id int)");
    const kill = async (): Promise<void> => {
      const pid = await world.value("select pg_backend_pid()");
      const text = `select pg_terminate_backend(${pid}, 2000)`;
      await referee.driver.query({ text, params: [] });
    };
    const insert = (): Promise<unknown> => world.run("insert into t values (1)");
    // the next statement meets the loss
    await assert.rejects(
      world.transact(async () => {
        await insert();
        await kill();
        await insert();
      }),
      rolledBack,
    );
    // COMMIT meets it
    await assert.rejects(
      world.transact(async () => {
        await insert();
        await kill();
      }),
      rolledBack,
    );
    assert.equal(await world.value("select count(*) from t"), "0");
    let calls = 0;
    await world.transact(async () => {
      await insert();
      if (++calls < 3) await kill();
    }, { retries: 3 });
    assert.equal(calls, 3);
    assert.equal(await world.value("select count(*) from t"), "1");
  });

  for (const where of ["before commit", "after commit"] as const satisfies readonly Cut[]) {
    test(...title(`transaction() finds out its end when the link is cut ${where}`), async () => {
      await using db = await testDatabase(server);
      await using proxy = await startProxy(db.url);
      const world = new World(db, proxy.url);
      try {
        await world.run("create table t (id int)");
        let calls = 0;
        let committed = 0;
        for (let round = 0; round < 5; round++) {
          await world.transact(async (tx) => {
            calls++;
            tx.afterCommit(() => void committed++);
            await world.run("insert into t values (1)");
            if (proxy.cuts() === round) proxy.arm(where);
          }, { retries: 3 });
        }
        assert.equal(proxy.cuts(), 5);
        assert.equal(await world.value("select count(*) from t"), "5");
        assert.equal(committed, 5);
        // a commit that was made is never run again
        assert(where === "after commit" ? calls === 5 : calls > 5, `${calls} calls`);
      } finally {
        await world.databases.closeAll();
      }
    });
  }

  test(...title("transaction() without retries is honest about a cut link"), async () => {
    await using db = await testDatabase(server);
    await using proxy = await startProxy(db.url);
    const world = new World(db, proxy.url);
    try {
      await world.run("create table t (id int)");
      for (const where of ["before commit", "after commit"] as const) {
        const ended = await world.transact(async () => {
          await world.run("insert into t values (1)");
          proxy.arm(where);
        }).then(() => "committed", (error) => error.outcome);
        const count = await world.value("select count(*) from t");
        await world.run("delete from t");
        // both answers may be lost together, and then it is honest to say so
        assert(
          ended === "unknown" || (ended === "committed") === (count === "1"),
          `${where}: told ${ended}, ${count} rows`,
        );
      }
    } finally {
      await world.databases.closeAll();
    }
  });

  test(...title("transaction() cancels on the server at its time limit"), async () => {
    await using db = await testDatabase(server);
    const world = new World(db, null);
    const started = performance.now();
    await assert.rejects(
      world.transact(() => world.run("select pg_sleep(30)"), { timeoutMs: 200 }),
      { code: "transaction_timeout" },
    );
    assert(performance.now() - started < 5_000);
    const running = "select count(*) from pg_stat_activity where query like 'select pg_sleep%' " +
      "and state = 'active'";
    assert.equal(await world.value(running), "0");
    await world.transact(() => world.run("select 1"));
  });

  test(
    ...title("transaction() loses nothing while all backends are killed again and again"),
    async () => {
      await using db = await testDatabase(server);
      const world = new World(db, db.url);
      try {
        await world.run("create table account (id int primary key, n int not null)");
        await world.run("create table ledger (id int primary key)");
        await world.run("insert into account select g, 0 from generate_series(1, 5) g");
        let stop = false;
        let acknowledged = 0;
        let kills = 0;
        const killer = (async (): Promise<void> => {
          while (!stop) {
            await new Promise((resolve) => setTimeout(resolve, 150));
            await db.driver.query({ text: KILL_ALL, params: [] });
            kills++;
          }
        })();
        let next = 0;
        const worker = async (): Promise<void> => {
          while (!stop) {
            const id = next++;
            await world.transact(async () => {
              await world.run(`update account set n = n + 1 where id = ${1 + id % 5}`);
              await world.run(`insert into ledger values (${id})`);
            }, { retries: 50 });
            acknowledged++;
          }
        };
        const workers = Array.from({ length: 8 }, worker);
        const limit = setTimeout(() => stop = true, 3_000);
        try {
          await Promise.all(workers);
        } finally {
          stop = true;
          clearTimeout(limit);
          await killer;
        }
        // through the referee: the last kill may not have reached the world's connections yet
        const text = "select (select sum(n) from account), (select count(*) from ledger)";
        const { rows: [row] } = await db.driver.query({ text, params: [] });
        assert.deepEqual(row, [String(acknowledged), String(acknowledged)]);
        assert(kills > 5 && acknowledged > 50, `${kills} kills, ${acknowledged} acknowledged`);
      } finally {
        await world.databases.closeAll();
      }
    },
  );
}
