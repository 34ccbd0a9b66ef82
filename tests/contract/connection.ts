import assert from "node:assert/strict";
import { test } from "node:test";
import { TransactionError } from "../../src/errors/base.ts";
import { ConnectionError, DatabaseError, UndefinedObjectError } from "../../src/errors/database.ts";
import { ask, failure, one, type Subject, until } from "./subject.ts";

/** A connection of one's own: order, scripts, transactions, subscriptions, prepared names, the end. */
export function connectionSection(subject: Subject): void {
  const skip = subject.skip();
  const { name } = subject;

  test(`${name}: capabilities are what the contract was told`, { skip }, async () => {
    const { driver } = await subject.shared();
    const lacks = new Set<string>(subject.lacks.map((lack) => lack.capability));
    for (const [key, value] of Object.entries(driver.capabilities)) {
      assert.equal(value, !lacks.has(key), key);
    }
  });

  test(`${name}: acquire() answers statements in the order of the calls`, { skip }, async () => {
    await using db = await subject.fresh();
    const connection = await db.driver.acquire();
    await ask(connection, "create temp table line (n serial, word text)");
    const answers: number[] = [];
    const works = Array.from({ length: 100 }, async (_, i) => {
      await ask(connection, "insert into line (word) values ($1)", `w${i}`);
      answers.push(i);
    });
    await Promise.all(works);
    assert.deepEqual(answers, answers.toSorted((a, b) => a - b));
    const { rows } = await ask(connection, "select word from line order by n");
    assert.deepEqual(rows.map((row) => row[0]), answers.map((i) => `w${i}`));
    connection.release();
  });

  test(
    `${name}: acquire() keeps a failed statement from its neighbours' answers`,
    { skip },
    async () => {
      const { driver } = await subject.shared();
      const connection = await driver.acquire();
      const [first, bad, last] = await Promise.allSettled([
        one(connection, "select 1"),
        one(connection, "select nope"),
        one(connection, "select 3"),
      ]);
      assert.deepEqual([first, last].map((each) => each.status === "fulfilled" && each.value), [
        "1",
        "3",
      ]);
      assert.ok(bad.status === "rejected" && bad.reason instanceof UndefinedObjectError);
      connection.release();
    },
  );

  test(
    `${name}: what follows an opening statement runs in its transaction`,
    { skip: subject.skip("pipelining") },
    async () => {
      const { driver } = await subject.shared();
      await ask(driver, "create table opened (n int)");
      const connection = await driver.acquire();
      const [, made, seen] = await Promise.all([
        connection.query({ text: "begin", params: [], opens: true }),
        ask(connection, "insert into opened values (1), (2)"),
        // a few turns of the microtask queue later
        Promise.resolve().then(() => null).then(() =>
          one(connection, "select count(*) from opened")
        ),
      ]);
      assert.deepEqual([made.affected, seen], [2, "2"]);
      assert.equal(await one(driver, "select count(*) from opened"), "0");
      await ask(connection, "rollback");
      connection.release();
      assert.equal(await one(driver, "select count(*) from opened"), "0");
      await ask(driver, "drop table opened");
    },
  );

  test(
    `${name}: what follows an opening statement that fails is not run`,
    { skip: subject.skip("pipelining") },
    async () => {
      const { driver } = await subject.shared();
      await ask(driver, "create table unopened (n int)");
      const connection = await driver.acquire();
      const insert = "insert into unopened values (1)";
      const works = [
        connection.query({ text: "begin sideways", params: [], opens: true }),
        ask(connection, insert),
        connection.query({ text: insert, params: [] }, { timeoutMs: 5_000 }),
        connection.script(insert),
      ];
      const states = (await Promise.allSettled(works)).map((end) =>
        end.status === "rejected" && (end.reason as DatabaseError).sqlstate
      );
      assert.deepEqual(states, ["42601", "25P02", "25P02", "25P02"]);
      const late = await failure(ask(connection, insert));
      assert.equal((late as DatabaseError).sqlstate, "25P02");
      connection.release();
      assert.equal(await one(driver, "select count(*) from unopened"), "0");
      await ask(driver, "drop table unopened");
    },
  );

  test(
    `${name}: a statement that fails right after the opening one skips those behind it`,
    { skip: subject.skip("pipelining") },
    async () => {
      const { driver } = await subject.shared();
      const connection = await driver.acquire();
      const works = [
        connection.query({ text: "begin", params: [], opens: true }),
        one(connection, "select 1"),
        one(connection, "select 1 / 0"),
        one(connection, "select 3"),
      ];
      const states = (await Promise.allSettled(works)).map((end) =>
        end.status === "rejected" ? (end.reason as DatabaseError).sqlstate : "done"
      );
      assert.deepEqual(states, ["done", "done", "22012", "25P02"]);
      await ask(connection, "rollback");
      assert.equal(await one(connection, "select 1"), "1");
      connection.release();
    },
  );

  test(`${name}: release() rolls an open transaction back`, { skip }, async () => {
    const { driver } = await subject.shared();
    await ask(driver, "create table rolled (n int)");
    const connection = await driver.acquire();
    await ask(connection, "begin");
    await ask(connection, "insert into rolled values (1)");
    connection.release();
    connection.release();
    assert.equal(await one(driver, "select count(*) from rolled"), "0");
    const error = await failure(ask(connection, "select 1"));
    assert.equal((error as { code?: string }).code, "connection_released");
    await ask(driver, "drop table rolled");
  });

  test(`${name}: query() refuses to leave a transaction open`, { skip }, async () => {
    const { driver } = await subject.shared();
    const error = await failure(ask(driver, "begin"));
    assert.ok(error instanceof TransactionError);
    assert.equal(await one(driver, "select 1"), "1");
  });

  test(`${name}: script() runs any number of commands`, { skip }, async () => {
    const { driver } = await subject.shared();
    const connection = await driver.acquire();
    await connection.script(
      "create temp table s (n int); insert into s values (1), (2);\n-- end\n",
    );
    await connection.script("");
    assert.equal(await one(connection, "select sum(n) from s"), "3");
    const error = await failure(
      connection.script("insert into s values (3); select nope; insert into s values (4)"),
    );
    assert.ok(error instanceof UndefinedObjectError);
    assert.equal(error.excerpt().split("\n")[1]?.indexOf("^"), (error.position ?? 0) - 1);
    // one script is one transaction where it opens none itself
    assert.equal(await one(connection, "select sum(n) from s"), "3");
    connection.release();
  });

  test(
    `${name}: listen() gets what others notify, until it ends`,
    { skip: subject.skip("listen") },
    async () => {
      await using db = await subject.fresh();
      const channel = 'Odd "channel"; $1';
      const got: string[] = [];
      const listener = await db.driver.acquire();
      const stop = await listener.listen(channel, (payload) => got.push(payload));
      if (!db.driver.capabilities.concurrentConnections) listener.release();
      const tell = (payload: string): Promise<unknown> =>
        ask(db.driver, "select pg_notify($1, $2)", channel, payload);
      await tell("one");
      await tell("");
      await ask(db.driver, "select pg_notify('other', 'x')");
      await until("two payloads are there", () => Promise.resolve(got.length === 2));
      await stop();
      await tell("late");
      await one(db.driver, "select 1");
      assert.deepEqual(got, ["one", ""]);
      listener.release();
    },
  );

  test(`${name}: query() prepares by name and survives changes below it`, {
    skip: subject.skip("namedStatements"),
  }, async () => {
    await using db = await subject.fresh({ poolMax: 1 });
    const named = (text: string, key: string): Promise<unknown> =>
      db.driver.query({ text, params: ["1"], name: key });
    await ask(db.driver, "create table prepared (id int, a text)");
    const find = "select * from prepared where id = $1";
    for (let i = 0; i < 3; i++) await named(find, "find");
    // under which name is the driver's affair
    const prepared = "select count(*) from pg_prepared_statements where statement = $1";
    assert.equal(await one(db.driver, prepared, find), "1");
    await named("select $1::int as long", "n".repeat(200));
    const connection = await db.driver.acquire();
    await ask(connection, "alter table prepared add b int");
    connection.release();
    // the server refuses the old plan once; the next use prepares anew
    const again = await Promise.resolve(named(find, "find")).catch((error) => error);
    assert.ok(!(again instanceof Error) || again instanceof DatabaseError);
    const rows = await db.driver.query({ text: find, params: ["1"], name: "find" });
    assert.equal(rows.columns.length, 3);
    await ask(db.driver, "deallocate all");
    await Promise.resolve(named(find, "find")).catch(() => {});
    await named(find, "find");
  });

  test(
    `${name}: release() leaves no setting, table or lock to the next holder`,
    { skip },
    async () => {
      if (subject.lacks.every((lack) => lack.capability !== "concurrentConnections")) return;
      await using db = await subject.fresh();
      const connection = await db.driver.acquire();
      await ask(connection, "set search_path to pg_catalog");
      await ask(connection, "select set_config('app.tenant', '7', false)");
      await ask(connection, "create temp table left_over (n int)");
      await ask(connection, "select pg_advisory_lock(7)");
      connection.release();
      const { rows } = await ask(
        db.driver,
        `select current_setting('search_path') <> 'pg_catalog', coalesce(current_setting('app.tenant', true), ''),
        to_regclass('left_over'), (select count(*) from pg_locks where locktype = 'advisory')`,
      );
      assert.deepEqual(rows, [["t", "", null, "0"]]);
    },
  );

  test(
    `${name}: close() waits for statements under way and refuses later ones`,
    { skip },
    async () => {
      await using db = await subject.fresh();
      await one(db.driver, "select 1");
      const running = one(db.driver, "select 'done' from pg_sleep(0.05)");
      await new Promise((resolve) => setTimeout(resolve, 5));
      const closed = db.driver.close();
      assert.equal(await running, "done");
      await closed;
      await db.driver.close();
      for (const work of [one(db.driver, "select 1"), db.driver.acquire()]) {
        const error = await failure(work);
        assert.ok(error instanceof ConnectionError);
        assert.equal(error.code, "driver_closed");
      }
    },
  );

  test(`${name}: close() of a driver that was never used does nothing`, { skip }, async () => {
    await using db = await subject.fresh();
    await db.driver.close();
  });
}
