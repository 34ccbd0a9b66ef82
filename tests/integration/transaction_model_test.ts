/** Random trees of nested transactions against a model of them: rows, hooks, and the rows in memory. */
import assert from "node:assert/strict";
import process from "node:process";
import { after, test } from "node:test";
import {
  integer,
  model,
  OrmError,
  sql,
  type Transaction,
  transaction,
  UniqueViolationError,
  version,
} from "../../mod.ts";
import { type ServerKind, serverKinds, testServer } from "../support/servers.ts";
import { seeded } from "../support/strings.ts";
import { place } from "./model_world.ts";
import {
  type End,
  expected,
  makeTree,
  type Step,
  type Tree,
  type Way,
} from "./transaction_trees.ts";

const SEED = Number(process.env["MATRX_TEST_SEED"] ?? 20_261_126);

/** How many trees; 10,000 take some minutes. */
const COUNTS: Readonly<Record<ServerKind, number>> = { pg18: 1_000, pg15: 150, pglite: 80 };

/** How many trees run side by side. */
const BESIDE = 8;

const TABLES = `
create table items (id int primary key);
create table counters (id int primary key, n int not null, version int not null default 1);
`;

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const where = place(server, TABLES);
  after(() => where.close());
  const runs = Number(process.env["MATRX_PROPERTY_RUNS"] ?? COUNTS[kind]);

  class Item extends model("items", { id: integer().primaryKey() }, { database: where.name }) {}
  class Counter extends model("counters", {
    id: integer().primaryKey(),
    n: integer(),
    version: version(),
  }, { database: where.name }) {}

  /** Runs one tree and holds it to its model. */
  const runTree = async (place: number): Promise<{ committed: boolean; depth: number }> => {
    const firstId = 1 + place * 1_000;
    const whole = makeTree(seeded(SEED + place), firstId);
    const counter = await Counter.create({ id: place, n: 0 });
    const model = expected(whole, counter.n, counter.version);
    const context = `seed ${SEED}, tree ${place}: ${JSON.stringify(whole)}`;
    const calls: string[] = [];
    const rows = new Map<number, Item>();
    let [ran, depth] = [0, 0];

    const undone = new Error("undone");

    /** Does what a function does at its end. */
    const finish = async (end: End, tx: Transaction): Promise<void> => {
      if (end === "throw") throw undone;
      const again = end === "again" && ran <= whole.conflicts;
      if (end !== "fail" && end !== "hide" && !again) return;
      const id = firstId + 999;
      const failing = again
        ? Item.using(tx).rawSql(sql`do $$ begin raise exception sqlstate '40001'; end $$`)
        : Item.using(tx).bulkCreate([{ id }, { id }]);
      if (end !== "hide") return void await failing;
      await assert.rejects(failing, UniqueViolationError);
    };

    const doStep = async (step: Step, root: Transaction, own: Transaction): Promise<void> => {
      const handle = (way: Way): Transaction => way === "root" ? root : own;
      const model = (way: Way): typeof Item =>
        way === "ambient" ? Item : Item.using(handle(way)) as typeof Item;
      switch (step.kind) {
        case "insert":
          await model(step.way).rawSql(sql`insert into items values (${step.id})`);
          return;
        case "create":
          rows.set(step.id, await model(step.way).create({ id: step.id }));
          return;
        case "change":
          await counter.update({ n: step.n });
          assert.equal(counter.n, step.n, context);
          return;
        case "hooks":
          handle(step.way).afterCommit(() => void calls.push(`c${step.id}`));
          handle(step.way).afterRollback(() => void calls.push(`r${step.id}`));
          return;
        case "together":
          await Promise.all(step.steps.map((part) => doStep(part, root, own)));
          return;
        default: {
          const fn = (tx: Transaction): Promise<void> => doTree(step.tree, root, tx);
          const work = step.way === "ambient"
            ? transaction(fn, { database: where.name })
            : handle(step.way).savepoint(fn);
          if (!step.caught) return await work;
          await work.catch((error) => checkReason(error));
        }
      }
    };

    const checkReason = (error: unknown): void => {
      const known = error === undone || error instanceof UniqueViolationError ||
        (error instanceof OrmError &&
          ["transaction_failed", "serialization_failure"].includes(error.code));
      if (!known) throw error;
    };

    let level = 0;
    const doTree = async (tree: Tree, root: Transaction, own: Transaction): Promise<void> => {
      depth = Math.max(depth, ++level);
      try {
        for (const step of tree.steps) await doStep(step, root, own);
        await finish(tree.end, own);
      } finally {
        level--;
      }
    };

    const [end] = await Promise.allSettled([
      transaction((tx) => {
        ran++;
        return doTree(whole, tx, tx);
      }, { database: where.name, retries: whole.retries }),
    ]);
    if (end.status === "rejected") checkReason(end.reason);
    assert.equal(end.status === "fulfilled", model.committed, context);
    assert.equal(ran, model.runs, context);
    assert.deepEqual(calls, model.calls, context);
    const stored = await Item.filter({ id: { between: [firstId, firstId + 998] } }).orderBy("id")
      .all();
    assert.deepEqual(stored.map(({ id }) => id), model.ids, context);
    // the row in memory is what the table has
    const fresh = await Counter.get({ id: place });
    assert.deepEqual([fresh.n, fresh.version], [model.n, model.version], context);
    assert.deepEqual([counter.n, counter.version], [model.n, model.version], context);
    await counter.update({ n: -1 });
    // a created row that was undone is new, and is inserted; one that is there is deleted
    for (const [id, there] of model.rows) {
      const row = rows.get(id)!;
      if (there) assert.equal(await row.delete(), true, context);
      else {
        await row.save();
        assert.equal(await Item.count({ id }), 1, context);
      }
    }
    return { committed: model.committed, depth };
  };

  test(
    `${runs} trees of transactions follow their model on ${kind}`,
    { skip: server.skip },
    async () => {
      await where.open();
      const ends: { committed: boolean; depth: number }[] = [];
      for (let at = 0; at < runs; at += BESIDE) {
        const beside = Array.from(
          { length: Math.min(BESIDE, runs - at) },
          (_, index) => at + index,
        );
        ends.push(...await Promise.all(beside.map(runTree)));
      }
      const committed = ends.filter((end) => end.committed).length;
      assert.ok(committed > runs / 5 && committed < runs * 0.9, `${committed} committed`);
      assert.ok(ends.some(({ depth }) => depth >= 4));
      const [left] = await Item.rawSql<{ n: bigint }>(
        sql`select count(*) as n from pg_stat_activity where state like 'idle in transaction%'
        and datname = current_database()`,
      );
      assert.equal(Number(left?.n), 0, "no transaction is left open");
    },
  );
}
