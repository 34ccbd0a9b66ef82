import assert from "node:assert/strict";
import { after, test } from "node:test";
import { signals, sql, transaction } from "../../mod.ts";
import type { SignalName, WriteEvent } from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { shop } from "./model_world.ts";

/** An event as it is told here: the signal, the call, and whether a transaction is around it. */
function told({ signal, operation, transaction }: WriteEvent): string {
  return `${signal} ${operation}${transaction === null ? "" : " tx"}`;
}

const NAMES = Object.keys(signals) as SignalName[];

/** Listens to every signal until the controller is aborted. */
function listenToAll(model: unknown, log: string[], signal: AbortSignal): void {
  for (const name of NAMES) {
    // one loop over signals of different events
    const on = signals[name].on as unknown as (...given: readonly unknown[]) => () => void;
    on(model, (event: WriteEvent) => void log.push(told(event)), { signal });
  }
}

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const world = shop(server);
  after(world.close);

  test(`signals do tell of every write of rows on ${kind}`, { skip: server.skip }, async () => {
    const { Customer, Order } = await world.open();
    const ending = new AbortController();
    const log: string[] = [];
    listenToAll(Customer, log, ending.signal);
    const took = (): string[] => log.splice(0);
    const ann = await Customer.create({ name: "Ann" });
    assert.deepEqual(took(), [
      "preSave create",
      "preCreate create",
      "postCreate create",
      "postSave create",
    ]);
    await ann.save();
    assert.deepEqual(took(), [], "nothing was changed");
    ann.name = "Anna";
    await ann.save();
    assert.deepEqual(took(), [
      "preSave save",
      "preUpdate save",
      "postUpdate save",
      "postSave save",
    ]);
    await ann.update({ country: "SE" });
    assert.deepEqual(took(), [
      ...["preSave update", "preUpdate update", "postUpdate update", "postSave update"],
    ]);
    const bob = new Customer({ name: "Bob" });
    await bob.save();
    assert.deepEqual(took(), [
      "preSave save",
      "preCreate save",
      "postCreate save",
      "postSave save",
    ]);
    assert.equal(await bob.delete(), true);
    assert.deepEqual(took(), ["preDelete delete", "postDelete delete"]);
    assert.equal(await bob.delete(), false);
    assert.deepEqual(took(), ["preDelete delete"], "nothing was deleted");
    const made = await Customer.getOrCreate({ name: "Cy" });
    assert.equal(made.created, true);
    assert.deepEqual(took(), [
      ...["preSave getOrCreate", "preCreate getOrCreate"],
      ...["postCreate getOrCreate", "postSave getOrCreate"],
    ]);
    await Customer.getOrCreate({ name: "Cy" });
    assert.deepEqual(took(), []);
    await Customer.updateOrCreate({ name: "Cy" }, { country: "DE" });
    assert.deepEqual(took(), [
      ...["preSave update tx", "preUpdate update tx", "postUpdate update tx", "postSave update tx"],
    ]);
    await Order.create({ customerId: ann.id, total: "1" });
    assert.deepEqual(took(), [], "another model");
    ending.abort();
    await Customer.create({ name: "Dee" });
    assert.deepEqual(took(), []);
  });

  test(
    `signals do tell of writes of many rows once on ${kind}`,
    { skip: server.skip },
    async () => {
      const { Customer, Order, Tag } = await world.open();
      const ending = new AbortController();
      const log: string[] = [];
      listenToAll(Customer, log, ending.signal);
      listenToAll(Order, log, ending.signal);
      const took = (): string[] => log.splice(0);
      const rows = await Customer.bulkCreate([{ name: "a" }, { name: "b", country: "SE" }]);
      assert.deepEqual(took(), ["preBulkCreate bulkCreate", "postBulkCreate bulkCreate"]);
      await Customer.bulkUpdate(rows, ["name"]);
      assert.deepEqual(took(), ["preBulkUpdate bulkUpdate", "postBulkUpdate bulkUpdate"]);
      await Customer.upsert({ id: rows[0]!.id, name: "c" }, { conflict: ["id"] });
      assert.deepEqual(took(), ["preUpsert upsert", "postUpsert upsert"]);
      await Customer.bulkUpsert([{ id: rows[0]!.id, name: "d" }], { conflict: ["id"] });
      assert.deepEqual(took(), ["preUpsert bulkUpsert", "postUpsert bulkUpsert"]);
      await Customer.updateWhere({ name: "d" }, { country: "NO" });
      assert.deepEqual(took(), ["preUpdateWhere updateWhere", "postUpdateWhere updateWhere"]);
      await Customer.filter({ name: "d" }).update({ country: "FI" }, { returning: true });
      assert.deepEqual(took(), ["preUpdateWhere updateWhere", "postUpdateWhere updateWhere"]);
      const order = await Order.create({ customerId: rows[0]!.id, total: "2" });
      took();
      await Order.increment({ id: order.id }, { total: "1" });
      assert.deepEqual(took(), ["preUpdateWhere increment", "postUpdateWhere increment"]);
      const tags = await Tag.bulkCreate([{ id: 1, label: "x" }, { id: 2, label: "y" }]);
      await order.addM2m("tags", tags[0]!);
      await order.setM2m("tags", tags);
      await order.removeM2m("tags", 1);
      await order.clearM2m("tags");
      await order.addM2m("tags");
      assert.deepEqual(took(), [
        ...["preM2mChange addM2m", "postM2mChange addM2m"],
        ...["preM2mChange setM2m", "postM2mChange setM2m"],
        ...["preM2mChange removeM2m", "postM2mChange removeM2m"],
        ...["preM2mChange clearM2m", "postM2mChange clearM2m"],
      ]);
      await Order.filter({ total: "3" }).limit(1).delete();
      assert.deepEqual(took(), ["preDeleteWhere deleteWhere", "postDeleteWhere deleteWhere"]);
      await Customer.deleteWhere({ name: "zz" });
      assert.deepEqual(took(), ["preDeleteWhere deleteWhere", "postDeleteWhere deleteWhere"]);
      await Customer.bulkDelete(rows);
      assert.deepEqual(took(), ["preBulkDelete bulkDelete", "postBulkDelete bulkDelete"]);
      await Customer.bulkDelete([]);
      await Customer.bulkCreate([]);
      assert.deepEqual(took(), []);
      ending.abort();
    },
  );

  test(`signals do carry what was written on ${kind}`, { skip: server.skip }, async () => {
    const { Customer, Order, Tag } = await world.open();
    const ending = new AbortController();
    const { signal } = ending;
    const seen: unknown[] = [];
    signals.postBulkCreate.on(Customer, ({ rows }) => void seen.push(rows.map((one) => one.name)), {
      signal,
    });
    signals.postUpdateWhere.on(Customer, async ({ count, rows, query, values, model }) => {
      const found = await query.count();
      seen.push([count, rows?.length ?? null, found, values, model === Customer]);
    }, { signal });
    signals.postDeleteWhere.on(
      Customer,
      ({ count, hard, rows }) => void seen.push([count, hard, rows]),
      { signal },
    );
    signals.postM2mChange.on(
      Order,
      ({ action, relation, count, targets }) =>
        void seen.push([action, relation, count, targets.length]),
      { signal },
    );
    const [a, b] = await Customer.bulkCreate([{ name: "a" }, { name: "b" }]);
    await Customer.using(world.name).updateWhere({ name: "a" }, { country: "SE" });
    await Customer.updateWhere({}, { country: "NO" }, { returning: true });
    const order = await Order.create({ customerId: a!.id, total: "2" });
    await Tag.bulkCreate([{ id: 1, label: "x" }, { id: 2, label: "y" }, { id: 3, label: "z" }]);
    await order.setM2m("tags", [1, 2]);
    await order.setM2m("tags", [2, 3]);
    await Customer.deleteWhere({ name: b!.name });
    ending.abort();
    assert.deepEqual(seen, [
      ["a", "b"],
      [1, null, 1, { country: "SE" }, true],
      [2, 2, 2, { country: "NO" }, true],
      ["set", "tags", 2, 2],
      ["set", "tags", 2, 2],
      [1, true, null],
    ]);
  });

  test(
    `a handler before a write does stop it by throwing on ${kind}`,
    { skip: server.skip },
    async () => {
      const { Customer, Order, log } = await world.open();
      const ann = await Customer.create({ name: "Ann" });
      const order = await Order.create({ customerId: ann.id, total: "1" });
      const ending = new AbortController();
      const veto = (): never => {
        throw new RangeError("no");
      };
      for (const name of NAMES.filter((one) => one.startsWith("pre"))) {
        (signals[name].on as (handler: () => never, options: { signal: AbortSignal }) => void)(
          veto,
          {
            signal: ending.signal,
          },
        );
      }
      log.length = 0;
      const writes: readonly (() => Promise<unknown>)[] = [
        () => Customer.create({ name: "x" }),
        () => new Customer({ name: "x" }).save(),
        () => ann.update({ name: "x" }),
        () => ann.delete(),
        () => Customer.bulkCreate([{ name: "x" }]),
        () => Customer.bulkUpdate([ann], ["name"]),
        () => Customer.bulkDelete([ann]),
        () => Customer.upsert({ name: "x" }, { conflict: ["id"] }),
        () => Customer.updateWhere({}, { name: "x" }),
        () => Customer.deleteWhere({}),
        () => Order.increment({}, { total: "1" }),
        () => order.addM2m("tags", 1),
        () => order.clearM2m("tags"),
      ];
      for (const write of writes) await assert.rejects(write, RangeError);
      ann.name = "y";
      await assert.rejects(ann.save(), RangeError);
      assert.equal(ann.name, "y");
      ending.abort();
      assert.deepEqual(log, [], "nothing was sent");
      await ann.save();
      assert.equal((await Customer.get({ id: ann.id })).name, "y");
    },
  );

  test(`handlers do change the values of a write on ${kind}`, { skip: server.skip }, async () => {
    const { Customer } = await world.open();
    const ending = new AbortController();
    const { signal } = ending;
    signals.preSave.on(Customer, ({ values }) => {
      if (typeof values.name === "string") values.name = values.name.trim();
    }, { signal });
    signals.preCreate.on(Customer, ({ values, row }) => {
      assert.ok(row instanceof Customer);
      assert.equal(row.shout, String(values.name).toUpperCase() + "  ", "the row as it was given");
      values.country = "SE";
    }, { signal });
    signals.postSave.on(Customer, ({ values, row }) => {
      assert.ok(Object.isFrozen(values));
      assert.equal(row.name, values.name ?? row.name);
    }, { signal });
    const input = { name: "Ann  " };
    const ann = await Customer.create(input);
    assert.deepEqual([ann.name, ann.country, input.name], ["Ann", "SE", "Ann  "]);
    ann.name = " Anna ";
    await ann.save();
    assert.equal(ann.name, "Anna");
    await ann.update({ name: "A " });
    assert.equal((await Customer.get({ id: ann.id })).name, "A");
    signals.preUpdate.on(Customer, ({ row, values }) => {
      row.country = "NO";
      delete values.name;
    }, { signal });
    ann.name = "lost";
    await ann.save();
    assert.deepEqual([ann.name, ann.country], ["A", "NO"], "what a handler sets on the row counts");
    signals.preBulkCreate.on(Customer, ({ rows }) => {
      for (const one of rows) one.country ??= "FI";
      rows.push({ name: "extra" });
    }, { signal });
    const made = await Customer.bulkCreate([{ name: "x" }, { name: "y", country: "DK" }]);
    assert.deepEqual(made.map((one) => [one.name, one.country]), [
      ["x", "FI"],
      ["y", "DK"],
      ["extra", null],
    ]);
    signals.preBulkUpdate.on(Customer, ({ rows, fields }) => {
      for (const one of rows) one.country = "IS";
      fields.push("country");
    }, { signal });
    made[0]!.name = "xx";
    await Customer.bulkUpdate(made, ["name"]);
    assert.equal(await Customer.count({ country: "IS" }), 3);
    signals.preUpdateWhere.on(Customer, ({ values }) => void (values.country = "UK"), { signal });
    await Customer.updateWhere({ country: "IS" }, { name: sql`upper(name)` });
    assert.equal(await Customer.count({ country: "UK", name: { in: ["XX", "Y", "EXTRA"] } }), 3);
    ending.abort();
  });

  test(
    `a failed write does take back what handlers set on ${kind}`,
    { skip: server.skip },
    async () => {
      const { Customer } = await world.open();
      const ann = await Customer.create({ name: "Ann", country: "SE" });
      const off = signals.preSave.on(Customer, ({ values }) => {
        // the database refuses it
        values.name = null as never;
        values.country = "NO";
      });
      ann.name = "mine";
      await assert.rejects(ann.save(), { code: "not_null_violation" });
      assert.deepEqual([ann.name, ann.country], ["mine", "SE"]);
      off();
      off();
      await ann.save();
      assert.equal((await Customer.get({ id: ann.id })).name, "mine");
    },
  );

  test(`handlers do join a transaction on ${kind}`, { skip: server.skip }, async () => {
    const { Customer, Order } = await world.open();
    const ending = new AbortController();
    signals.postCreate.on(Customer, async ({ row, transaction }) => {
      await Order.using(transaction ?? world.name).create({ customerId: row.id, total: "1" });
      await Order.create({ customerId: row.id, total: "2" });
    }, { signal: ending.signal });
    await assert.rejects(
      transaction(async () => {
        await Customer.create({ name: "Ann" });
        assert.equal(await Order.count(), 2);
        throw new Error("roll back");
      }, { database: world.name }),
      /roll back/,
    );
    assert.equal(await Order.count(), 0);
    await Customer.create({ name: "Bob" });
    assert.equal(await Order.count(), 2);
    ending.abort();
    const off = signals.postCreate.on(Customer, () => Promise.reject(new RangeError("late")));
    await assert.rejects(
      transaction(() => Customer.create({ name: "Cy" }), { database: world.name }),
      RangeError,
    );
    assert.equal(await Customer.count({ name: "Cy" }), 0, "rolled back with the transaction");
    await assert.rejects(Customer.create({ name: "Dee" }), RangeError);
    assert.equal(await Customer.count({ name: "Dee" }), 1, "written before the handler was called");
    off();
  });

  test(
    `afterCommit does wait for the outermost commit on ${kind}`,
    { skip: server.skip },
    async () => {
      const { Customer } = await world.open();
      const log: string[] = [];
      const ending = new AbortController();
      signals.postSave.on(Customer, ({ row, transaction }) => {
        assert.equal(transaction, null);
        log.push(row.name);
      }, { afterCommit: true, signal: ending.signal });
      signals.postDelete.on(Customer, () => void log.push("deleted"), {
        ...{ afterCommit: true, signal: ending.signal },
      });
      const database = { database: world.name };
      await transaction(async () => {
        const ann = await Customer.create({ name: "Ann" });
        await transaction(() => Customer.create({ name: "Bob" }), database);
        const undone = transaction(async () => {
          await Customer.create({ name: "Cy" });
          await ann.delete();
          throw new Error("undo");
        }, database);
        await assert.rejects(undone, /undo/);
        assert.deepEqual(log, []);
      }, database);
      assert.deepEqual(log, ["Ann", "Bob"]);
      await Customer.create({ name: "Dee" });
      assert.deepEqual(log.splice(0), ["Ann", "Bob", "Dee"]);
      const rolledBack = transaction(async () => {
        await Customer.create({ name: "Eve" });
        throw new Error("undo");
      }, database);
      await assert.rejects(rolledBack, /undo/);
      assert.deepEqual(log, []);
      ending.abort();
      const off = signals.postSave.on(Customer, () => Promise.reject(new Error("late")), {
        afterCommit: true,
      });
      const failed = transaction(() => Customer.create({ name: "Fay" }), database);
      await assert.rejects(failed, { code: "after_commit_failed" });
      assert.equal(await Customer.count({ name: "Fay" }), 1);
      off();
    },
  );

  test(`handlers do run in order, for a class and those that extend it, on ${kind}`, {
    skip: server.skip,
  }, async () => {
    const { Customer } = await world.open();
    class Vip extends Customer {}
    const log: string[] = [];
    const ending = new AbortController();
    const { signal } = ending;
    const slow = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push("slow");
    };
    signals.postCreate.on(slow, { signal });
    signals.postCreate.on(Customer, () => void log.push("customer"), { signal });
    signals.postCreate.on(Vip, ({ row }) => void log.push(`vip ${row instanceof Vip}`), { signal });
    signals.postCreate.on(slow, { signal });
    await Vip.create({ name: "Ann" });
    assert.deepEqual(log.splice(0), ["slow", "customer", "vip true"]);
    await Customer.create({ name: "Bob" });
    assert.deepEqual(log.splice(0), ["slow", "customer"]);
    ending.abort();
    signals.postCreate.on(slow, { signal });
    await Vip.create({ name: "Cy" });
    assert.deepEqual(log, []);
  });
}
