import assert from "node:assert/strict";
import { test } from "node:test";
import { DatabaseError, TimeoutError } from "../../src/errors/database.ts";
import { ask, failure, one, type Subject, until } from "./subject.ts";

/** Aborts and timeouts: the server stops, the caller hears of it, nobody else is hit. */
export function cancelSection(subject: Subject): void {
  const skip = subject.skip();
  const cancel = subject.skip("cancel");
  const { name } = subject;

  test(`${name}: query() with an aborted signal sends nothing`, { skip }, async () => {
    const { driver } = await subject.shared();
    const reason = new Error("stop");
    const query = { text: "create table never_made ()", params: [] };
    assert.equal(await failure(driver.query(query, { signal: AbortSignal.abort(reason) })), reason);
    const connection = await driver.acquire();
    assert.equal(
      await failure(connection.query(query, { signal: AbortSignal.abort(reason) })),
      reason,
    );
    connection.release();
    assert.equal(await one(driver, "select to_regclass('never_made')"), null);
  });

  test(`${name}: abort ends the statement on the server`, { skip: cancel }, async () => {
    await using db = await subject.fresh();
    const mark = `/* ${crypto.randomUUID()} */`;
    const running = async (): Promise<boolean> =>
      await one(
        db.driver,
        "select count(*) from pg_stat_activity where state = 'active' and query like $1 || '%' and pid <> pg_backend_pid()",
        mark,
      ) === "1";
    const stop = new AbortController();
    const reason = new Error("enough");
    const work = failure(
      db.driver.query({ text: `${mark} select pg_sleep(60)`, params: [] }, { signal: stop.signal }),
    );
    await until("it runs", running);
    const start = performance.now();
    stop.abort(reason);
    assert.equal(await work, reason);
    assert.ok(performance.now() - start < 20_000);
    await until("it is gone", async () => !await running());
  });

  test(`${name}: abort leaves a connection of one's own usable`, { skip: cancel }, async () => {
    const { driver } = await subject.shared();
    const connection = await driver.acquire();
    const pid = await one(connection, "select pg_backend_pid()");
    const before = one(connection, "select 'before'");
    const aborted = connection.query({ text: "select pg_sleep(60)", params: [] }, {
      signal: AbortSignal.timeout(50),
    });
    const after = one(connection, "select 'after'");
    assert.equal(await before, "before");
    assert.equal((await failure(aborted)).name, "TimeoutError");
    assert.equal(await after, "after");
    assert.equal(await one(connection, "select pg_backend_pid()"), pid);
    connection.release();
  });

  test(
    `${name}: 200 aborts at random moments hit no other statement`,
    { skip: cancel },
    async () => {
      await using db = await subject.fresh({ poolMax: 4 });
      const reason = new Error("random");
      let aborted = 0;
      const victim = async (i: number): Promise<void> => {
        const stop = new AbortController();
        const timer = setTimeout(() => stop.abort(reason), Math.random() * 6);
        try {
          await db.driver.query(
            { text: `select pg_sleep(${(i % 4) / 1000})`, params: [] },
            { signal: stop.signal },
          );
        } catch (error) {
          assert.equal(error, reason);
          aborted++;
        } finally {
          clearTimeout(timer);
        }
        assert.equal(await one(db.driver, "select $1::int", String(i)), String(i));
      };
      for (let round = 0; round < 25; round++) {
        await Promise.all(Array.from({ length: 8 }, (_, i) => victim(round * 8 + i)));
      }
      assert.ok(aborted > 20, `only ${aborted} were aborted in time`);
      for (let i = 0; i < 200; i++) {
        const connection = await db.driver.acquire();
        assert.equal(await one(connection, "select $1::int", String(i)), String(i));
        connection.release();
      }
    },
  );

  test(`${name}: timeoutMs ends a statement with TimeoutError`, { skip: cancel }, async () => {
    const { driver } = await subject.shared();
    const start = performance.now();
    const error = await failure(
      driver.query({ text: "select pg_sleep(60)", params: [] }, { timeoutMs: 80 }),
    );
    const took = performance.now() - start;
    assert.ok(took > 70 && took < 20_000, `${took} ms`);
    assert.ok(error instanceof TimeoutError);
    assert.equal(error.code, "timeout");
    assert.match(error.message, /80 ms/);
    assert.deepEqual(
      (await driver.query({ text: "select 1", params: [] }, { timeoutMs: 5_000 })).rows,
      [["1"]],
    );
  });

  test(`${name}: timeoutMs counts the wait behind others`, { skip }, async () => {
    await using db = await subject.fresh({ poolMax: 1 });
    const connection = await db.driver.acquire();
    const error = subject.lacks.some((lack) => lack.capability === "concurrentConnections")
      ? await failure(db.driver.query({ text: "select 1", params: [] }, { timeoutMs: 60 }))
      : await (async () => {
        const slow = one(connection, "select pg_sleep(0.3)");
        const late = await failure(
          connection.query({ text: "select 1", params: [] }, { timeoutMs: 60 }),
        );
        await slow;
        return late;
      })();
    assert.ok(error instanceof TimeoutError);
    assert.equal(error.outcome, "rolledBack");
    connection.release();
    assert.equal(await one(db.driver, "select 1"), "1");
  });

  test(`${name}: statementTimeoutMs is kept by the server`, { skip: cancel }, async () => {
    await using db = await subject.fresh({ statementTimeoutMs: 60 });
    const error = await failure(one(db.driver, "select pg_sleep(60)"));
    assert.ok(error instanceof TimeoutError);
    assert.equal(error.code, "statement_timeout");
    assert.equal(error.sqlstate, "57014");
    assert.equal(await one(db.driver, "select current_setting('statement_timeout')"), "60ms");
  });

  test(`${name}: a cancel by somebody else is told apart`, { skip: cancel }, async () => {
    await using db = await subject.fresh();
    const connection = await db.driver.acquire();
    const pid = await one(connection, "select pg_backend_pid()");
    const work = failure(ask(connection, "select pg_sleep(60)"));
    await until(
      "it sleeps",
      async () =>
        await one(db.driver, "select state from pg_stat_activity where pid = $1", pid ?? "") ===
          "active",
    );
    await ask(db.driver, "select pg_cancel_backend($1)", pid ?? "");
    const error = await work;
    assert.ok(error instanceof DatabaseError);
    assert.deepEqual([error.name, error.code], ["CanceledError", "statement_canceled"]);
    connection.release();
  });
}
