/**
 * What each isolation level lets through, case by case, as PostgreSQL documents it. The cases and
 * their names are those of the Hermitage project.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  F,
  integer,
  type IsolationLevel,
  model,
  SerializationError,
  sql,
  type Transaction,
  transaction,
} from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { place, script } from "./model_world.ts";

/** A promise and what settles it. */
function settled(): PromiseWithResolvers<void> {
  const made = Promise.withResolvers<void>();
  made.promise.catch(() => {});
  return made;
}

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const where = place(server, "create table test (id int primary key, value int not null)");
  after(() => where.close());

  class Row extends model("test", { id: integer().primaryKey(), value: integer() }, {
    database: where.name,
  }) {}

  type Values = Record<number, number>;

  /** A transaction that is driven step by step from outside. */
  class Hand {
    readonly #end = settled();
    readonly #whole: Promise<void>;
    readonly #tx: Promise<Transaction>;

    constructor(isolation: IsolationLevel) {
      const opened = Promise.withResolvers<Transaction>();
      this.#whole = transaction(async (tx) => {
        opened.resolve(tx);
        await this.#end.promise;
      }, { isolation, database: where.name });
      this.#whole.catch(opened.reject);
      this.#tx = opened.promise;
    }

    async #rows(): Promise<typeof Row> {
      return Row.using(await this.#tx) as typeof Row;
    }

    async read(filter: object = {}): Promise<Values> {
      const rows = await (await this.#rows()).filter(filter as never).orderBy("id").all();
      return Object.fromEntries(rows.map(({ id, value }) => [id, value]));
    }

    async set(id: number, value: unknown): Promise<number> {
      return await (await this.#rows()).updateWhere({ id }, { value } as never);
    }

    async setAll(value: unknown): Promise<number> {
      return await (await this.#rows()).updateWhere({}, { value } as never);
    }

    async insert(id: number, value: number): Promise<void> {
      await (await this.#rows()).create({ id, value });
    }

    async remove(value: number): Promise<number> {
      return await (await this.#rows()).deleteWhere({ value });
    }

    async commit(): Promise<void> {
      this.#end.resolve();
      await this.#whole;
    }

    async rollback(): Promise<void> {
      const undone = new Error("undone");
      this.#end.reject(undone);
      await assert.rejects(this.#whole, undone);
    }
  }

  const READ = "read committed";
  const REPEAT = "repeatable read";
  const SERIAL = "serializable";
  const threes = sql`value % 3 = 0`;
  const fives = sql`value % 5 = 0`;

  /** Waits until a statement waits for a lock, and hands it back. */
  const blocked = async <Result>(work: Promise<Result>): Promise<{ work: Promise<Result> }> => {
    work.catch(() => {});
    let over = false;
    void work.finally(() => over = true).catch(() => {});
    for (;;) {
      const [waiting] = await Row.rawSql<{ n: bigint }>(
        sql`select count(*) as n from pg_locks where not granted
          and pid in (select pid from pg_stat_activity where datname = current_database())`,
      );
      if (Number(waiting?.n) > 0) return { work };
      assert.ok(!over, "the statement did not wait");
    }
  };

  const refused = (work: Promise<unknown>): Promise<void> =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof SerializationError, String(error));
      assert.equal(error.sqlstate, "40001");
      assert.equal(error.retryable, true);
      return true;
    });

  const now = async (): Promise<Values> =>
    Object.fromEntries((await Row.filter().orderBy("id").all()).map((row) => [row.id, row.value]));

  type Case = (level: IsolationLevel, ...hands: readonly [Hand, Hand, Hand]) => Promise<void>;

  const cases: Readonly<Record<string, Case>> = {
    async "G0: write cycles"(level, t1, t2) {
      await t1.set(1, 11);
      const { work } = await blocked(t2.set(1, 12));
      await t1.set(2, 21);
      await t1.commit();
      assert.deepEqual(await now(), { 1: 11, 2: 21 });
      if (level !== READ) {
        await refused(work);
        return await t2.rollback();
      }
      await work;
      await t2.set(2, 22);
      await t2.commit();
      assert.deepEqual(await now(), { 1: 12, 2: 22 });
    },
    async "G1a: aborted reads"(_, t1, t2) {
      await t1.set(1, 101);
      assert.deepEqual(await t2.read(), { 1: 10, 2: 20 });
      await t1.rollback();
      assert.deepEqual(await t2.read(), { 1: 10, 2: 20 });
      await t2.commit();
    },
    async "G1b: intermediate reads"(level, t1, t2) {
      await t1.set(1, 101);
      assert.deepEqual(await t2.read(), { 1: 10, 2: 20 });
      await t1.set(1, 11);
      await t1.commit();
      assert.deepEqual(await t2.read(), { 1: level === READ ? 11 : 10, 2: 20 });
      await t2.commit();
    },
    async "G1c: circular information flow"(level, t1, t2) {
      await t1.set(1, 11);
      await t2.set(2, 22);
      assert.deepEqual(await t1.read({ id: 2 }), { 2: 20 });
      assert.deepEqual(await t2.read({ id: 1 }), { 1: 10 });
      await t1.commit();
      await (level === SERIAL ? refused(t2.commit()) : t2.commit());
    },
    async "OTV: observed transaction vanishes"(level, t1, t2, t3) {
      await t1.set(1, 11);
      await t1.set(2, 19);
      const { work } = await blocked(t2.set(1, 12));
      await t1.commit();
      assert.deepEqual(await t3.read({ id: 1 }), { 1: 11 });
      if (level !== READ) {
        await refused(work);
        await t2.rollback();
        assert.deepEqual(await t3.read(), { 1: 11, 2: 19 });
        return await t3.commit();
      }
      await work;
      await t2.set(2, 18);
      assert.deepEqual(await t3.read({ id: 2 }), { 2: 19 });
      await t2.commit();
      assert.deepEqual(await t3.read(), { 1: 12, 2: 18 });
      await t3.commit();
    },
    async "PMP: predicate-many-preceders, reading"(level, t1, t2) {
      assert.deepEqual(await t1.read({ value: 30 }), {});
      await t2.insert(3, 30);
      await t2.commit();
      assert.deepEqual(await t1.read(threes), level === READ ? { 3: 30 } : {});
      await t1.commit();
    },
    async "PMP: predicate-many-preceders, writing"(level, t1, t2) {
      await t1.setAll(F("value").plus(10));
      assert.deepEqual(await t2.read({ value: 20 }), { 2: 20 });
      const { work } = await blocked(t2.remove(20));
      await t1.commit();
      if (level !== READ) {
        await refused(work);
        return await t2.rollback();
      }
      // the row that it saw is 30 by now, and the one that is 20 was none of its rows
      assert.equal(await work, 0);
      assert.deepEqual(await t2.read({ value: 20 }), { 1: 20 });
      await t2.commit();
    },
    async "P4: lost update"(level, t1, t2) {
      await t1.read({ id: 1 });
      await t2.read({ id: 1 });
      await t1.set(1, 11);
      const { work } = await blocked(t2.set(1, 12));
      await t1.commit();
      if (level !== READ) {
        await refused(work);
        await t2.rollback();
        return assert.deepEqual(await now(), { 1: 11, 2: 20 });
      }
      await work;
      await t2.commit();
      assert.deepEqual(await now(), { 1: 12, 2: 20 });
    },
    async "G-single: read skew"(level, t1, t2) {
      assert.deepEqual(await t1.read({ id: 1 }), { 1: 10 });
      await t2.read();
      await t2.set(1, 12);
      await t2.set(2, 18);
      await t2.commit();
      assert.deepEqual(await t1.read({ id: 2 }), { 2: level === READ ? 18 : 20 });
      await t1.commit();
    },
    async "G-single: read skew by predicates"(level, t1, t2) {
      assert.deepEqual(await t1.read(fives), { 1: 10, 2: 20 });
      await t2.set(1, 12);
      await t2.commit();
      assert.deepEqual(await t1.read(threes), level === READ ? { 1: 12 } : {});
      await t1.commit();
    },
    async "G-single: read skew with a write by predicate"(level, t1, t2) {
      assert.deepEqual(await t1.read({ id: 1 }), { 1: 10 });
      await t2.read();
      await t2.set(1, 12);
      await t2.set(2, 18);
      await t2.commit();
      if (level !== READ) {
        await refused(t1.remove(20));
        return await t1.rollback();
      }
      assert.equal(await t1.remove(20), 0);
      await t1.commit();
    },
    async "G2-item: write skew"(level, t1, t2) {
      await t1.read({ id: { in: [1, 2] } });
      await t2.read({ id: { in: [1, 2] } });
      await t1.set(1, 11);
      await t2.set(2, 21);
      await t1.commit();
      await (level === SERIAL ? refused(t2.commit()) : t2.commit());
      assert.deepEqual(await now(), { 1: 11, 2: level === SERIAL ? 20 : 21 });
    },
    async "G2: anti-dependency cycles by predicates"(level, t1, t2) {
      assert.deepEqual(await t1.read(threes), {});
      assert.deepEqual(await t2.read(threes), {});
      await t1.insert(3, 30);
      await t2.insert(4, 42);
      await t1.commit();
      await (level === SERIAL ? refused(t2.commit()) : t2.commit());
      assert.deepEqual(await now(), {
        1: 10,
        2: 20,
        3: 30,
        ...(level === SERIAL ? {} : { 4: 42 }),
      });
    },
    async "G2: a cycle of three, one of which only reads"(level, t1, t2, t3) {
      assert.deepEqual(await t1.read(), { 1: 10, 2: 20 });
      await t2.set(2, F("value").plus(5));
      await t2.commit();
      assert.deepEqual(await t3.read(), { 1: 10, 2: 25 });
      await t3.commit();
      if (level === SERIAL) {
        await refused(t1.set(1, 0));
        return await t1.rollback();
      }
      await t1.set(1, 0);
      await t1.commit();
      assert.deepEqual(await now(), { 1: 0, 2: 25 });
    },
  };

  const skip = server.skip !== false
    ? server.skip
    : kind === "pglite"
    ? "the embedded server has one connection, so that transactions run one after the other"
    : false;

  for (const level of [READ, REPEAT, SERIAL] as const) {
    test(`the ${Object.keys(cases).length} cases of isolation at ${level} on ${kind}`, {
      skip,
    }, async (t) => {
      const database = await where.open();
      for (const [name, run] of Object.entries(cases)) {
        await t.test(name, async () => {
          await script(database, "truncate test; insert into test values (1, 10), (2, 20)");
          const hands = [new Hand(level), new Hand(level), new Hand(level)] as const;
          try {
            await run(level, ...hands);
          } finally {
            // what a case has ended already stays as it is
            await Promise.allSettled(hands.map((hand) => hand.rollback()));
          }
        });
      }
    });
  }

  test(`retries make write skew at serializable end well on ${kind}`, { skip }, async () => {
    const database = await where.open();
    await script(database, "truncate test; insert into test values (1, 10), (2, 20)");
    // each of the two may take 25 from what both rows have together, as long as that is there
    let runs = 0;
    const take = (id: number): Promise<boolean> =>
      transaction(async (tx) => {
        runs++;
        const rows = await Row.using(tx).filter().all();
        const whole = rows.reduce((all, { value }) => all + value, 0);
        if (whole < 25) return false;
        await Row.using(tx).updateWhere({ id }, { value: F("value").minus(25) });
        return true;
      }, { isolation: "serializable", retries: 20, database: where.name });
    for (let round = 0; round < 10; round++) {
      await script(database, "update test set value = 15");
      const taken = await Promise.all([take(1), take(2), take(1), take(2)]);
      assert.equal(taken.filter(Boolean).length, 1);
      const values = Object.values(await now());
      assert.equal(values.reduce((all, value) => all + value, 0), 5);
    }
    assert.ok(runs >= 40);
  });
}
