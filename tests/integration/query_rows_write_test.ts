import assert from "node:assert/strict";
import { after, test } from "node:test";
import { F, foreignKey, integer, model, sql, text, viewModel } from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { place, script } from "./model_world.ts";

const TABLES = `
create table jobs (id int primary key, kind text not null, state text not null, n int not null);
create table parts (a int, b int, job_id int references jobs on delete set null, primary key (a, b));
create view states as select state, count(*)::int as n from jobs group by state;
`;

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const where = place(server, TABLES);
  const on = (name: string, fn: () => Promise<void>): void =>
    void test(`${name} on ${kind}`, { skip: server.skip }, fn);
  after(() => where.close());

  const database = where.name;
  class Job extends model("jobs", {
    id: integer().primaryKey(),
    kind: text(),
    state: text(),
    n: integer(),
  }, { database }) {}
  class Part extends model("parts", {
    a: integer(),
    b: integer(),
    jobId: foreignKey<Job>(() => Job).nullable(),
  }, { database, primaryKey: ["a", "b"] }) {}
  class State extends viewModel("states", { state: text(), n: integer() }, { database }) {}

  const open = async (): Promise<void> => {
    await script(
      await where.open(),
      `truncate jobs, parts;
       insert into jobs select g, 'k' || g % 3, 'new', g from generate_series(1, 30) g;
       insert into parts select g / 5, g % 5, 1 + g % 30 from generate_series(0, 19) g`,
    );
    where.log.length = 0;
  };

  on("update() and delete() of a query honour its order, limit and offset", async () => {
    await open();
    const newest = Job.filter({ kind: "k1" }).orderBy("-n").limit(3).offset(1);
    assert.equal(await newest.update({ state: "due", n: F("n").plus(100) }), 3);
    assert.equal(where.log.length, 1);
    const due = await Job.filter({ state: "due" }).orderBy("id").all();
    assert.deepEqual(due.map(({ id, n }) => [id, n]), [[19, 119], [22, 122], [25, 125]]);
    assert.equal(await Job.filter().orderBy("id").reverse().limit(2).delete(), 2);
    assert.deepEqual((await Job.last())?.id, 28);
    assert.equal(await Job.filter({ state: "due" }).delete(), 3);
    assert.equal(await Job.filter().limit(0).delete(), 0);
    assert.equal(await Job.filter().orderBy("kind", "id").distinct("kind").update({ n: 0 }), 3);
    assert.deepEqual(await Job.filter({ n: 0 }).orderBy("id").values("id").all(), [
      { id: 1 },
      { id: 2 },
      { id: 3 },
    ]);
    assert.equal(await Part.filter().orderBy("-a", "-b").limit(7).delete(), 7);
    assert.equal(await Part.count(), 13);
    assert.equal(await Part.filter({ jobId: { is: { kind: "k0" } } }).limit(2).update({ b: 9 }), 2);
  });

  on(
    "update() of a query gives the rows back, and takes unions and samples by their keys",
    async () => {
      await open();
      const rows = await Job.filter({ id: { lte: 2 } }).update({ state: "x" }, { returning: true });
      assert.ok(rows[0] instanceof Job && rows.length === 2 && rows[0].state === "x");
      await rows[0].update({ state: "y" });
      assert.equal(await Job.filter({ state: "x" }).union(Job.filter({ state: "y" })).delete(), 2);
      assert.equal(await Job.filter().tablesample(100).update({ n: 1 }), 28);
    },
  );

  on("a query with a limit and a lock is a queue", async () => {
    await open();
    const next = Job.filter({ state: "new" }).orderBy("id").limit(3)
      .forUpdate({ skipLocked: true });
    const claimed: number[] = [];
    const worker = async (): Promise<void> => {
      for (;;) {
        const rows = await next.update({ state: "taken" }, { returning: true });
        assert.ok(rows.length <= 3);
        if (rows.length === 0) return;
        claimed.push(...rows.map(({ id }) => id));
      }
    };
    await Promise.all(Array.from({ length: 6 }, worker));
    // a worker that finds all the rest locked stops early; what is left is left untouched
    await worker();
    assert.deepEqual(claimed.sort((a, b) => a - b), Array.from({ length: 30 }, (_, i) => i + 1));
  });

  on("update() and delete() of a query refuse what they cannot write", async () => {
    await open();
    where.log.length = 0;
    const refused = { code: "invalid_write_query" };
    await assert.rejects(Job.filter().groupBy("kind").delete(), refused);
    await assert.rejects(State.filter().delete(), refused);
    await assert.rejects(State.filter().update({ n: 1 }), refused);
    await assert.rejects(Job.filter().only("id").delete({ returning: true }), refused);
    await assert.rejects(
      Part.filter().selectRelated("jobId").delete({ returning: true }),
      refused,
    );
    await assert.rejects(Job.filter().update({}), { code: "no_values" });
    await assert.rejects(Job.filter().update({ stat: "x" } as never), {
      code: "unknown_field",
      hint: /"state"/,
    });
    await assert.rejects(Job.filter().update({ state: undefined } as never), {
      code: "undefined_value",
    });
    assert.deepEqual(where.log, []);
    assert.equal(await Job.filter(sql`false`).delete(), 0);
  });
}
