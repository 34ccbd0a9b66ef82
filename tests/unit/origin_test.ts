import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type QueryEvent, registerDatabase, sql, transaction } from "../../mod.ts";
import { closeAll } from "../../src/connect.ts";
import { recording } from "../../src/drivers/recording.ts";
import { writeToken } from "../../src/execute/session.ts";
import { shopModels } from "../golden/shop.ts";

after(closeAll);

/** As many columns as the widest model has, so that any row can be made of it. */
const ROW = ["1", "1", "1", null, "1"];

const events: QueryEvent[] = [];
const answers = { rows: [ROW], affected: 1 };
const onQuery = (event: QueryEvent): void => void events.push(event);
registerDatabase({
  name: "told",
  driver: recording({ answers: () => answers }),
  onQuery,
});
const { Customer, Order, Item, Note, Tag } = shopModels("told");

/** The calls that the hook is told of, and whether they ran in a transaction. */
async function told(call: () => unknown): Promise<string[]> {
  events.length = 0;
  await call();
  return events.map(({ origin }) =>
    `${origin.model}.${origin.operation}${origin.transaction ? " in a transaction" : ""}`
  );
}

test("onQuery is told which call of a model a statement was sent for", async () => {
  const tag = await Tag.get({ id: 1 });
  const cases: [() => unknown, ...string[]][] = [
    [() => Tag.all(), "Tag.filter.all"],
    [() => Tag.filter().get(), "Tag.filter.get"],
    [() => Tag.get({ id: 1 }), "Tag.get"],
    [() => Tag.first(), "Tag.filter.first"],
    [() => Tag.filter().orderBy("id").last(), "Tag.filter.last"],
    [() => Tag.count(), "Tag.filter.count"],
    [() => Tag.exists(), "Tag.filter.exists"],
    [() => Tag.filter().explain(), "Tag.filter.explain"],
    [() => Tag.raw(sql`select 1`).catch(() => {}), "Tag.raw"],
    [() => Tag.rawSql(sql`select 1`), "Tag.rawSql"],
    [() => Tag.create({ id: 1, label: "a" }), "Tag.create"],
    [() => new Tag({ id: 1, label: "a" }).save(), "Tag.save"],
    [() => tag.update({ label: "b" }), "Tag.update"],
    [() => tag.refresh(), "Tag.refresh"],
    [() => tag.delete(), "Tag.delete"],
    [() => Tag.bulkCreate([{ id: 1, label: "a" }]), "Tag.bulkCreate"],
    [() => Tag.upsert({ id: 1, label: "a" }, { conflict: ["id"] }), "Tag.upsert"],
    [() => Tag.bulkUpsert([{ id: 1, label: "a" }], { conflict: ["id"] }), "Tag.bulkUpsert"],
    [() => Tag.bulkDelete([tag]), "Tag.bulkDelete"],
    [() => Tag.updateWhere({ id: 1 }, { label: "a" }), "Tag.updateWhere"],
    [() => Tag.deleteWhere({ id: 1 }), "Tag.deleteWhere"],
    [() => Item.increment({ id: 1 }, { qty: 1 }), "Item.increment"],
    [() => Item.decrement({ id: 1 }, { qty: 1 }), "Item.decrement"],
    [() => Tag.getOrCreate({ id: 1 }, { label: "a" }), "Tag.getOrCreate"],
    [() => Customer.using("told").count(), "Customer.filter.count"],
    [
      async () => (await Order.get({ id: 1 })).fetchFk("customerId"),
      "Order.get",
      "Order.fetch.customerId",
    ],
    [async () => (await Order.get({ id: 1 })).clearM2m("tags"), "Order.get", "Order.clearM2m.tags"],
    [
      () => Note.filter().nearest("place", [1, 2]).first().catch(() => {}),
      "Note.filter.first",
    ],
  ];
  for (const [call, ...operations] of cases) {
    assert.deepEqual(await told(call), operations, String(call));
  }
  assert.deepEqual(events[0]!.origin.server, "primary");
});

test("onQuery is told what ran in a transaction, and what divides it", async () => {
  const seen = await told(() =>
    transaction(async (tx) => {
      await Tag.count();
      await tx.run({ text: "select 1", params: [] });
    }, { database: "told" })
  );
  assert.deepEqual(
    new Set(seen),
    new Set([
      "null.transaction in a transaction",
      "Tag.filter.count in a transaction",
      "null.run in a transaction",
    ]),
  );
});

test("using() tells the servers of a database by name, and a registered name comes first", async () => {
  const server = (): ReturnType<typeof recording> => recording({ answers: () => answers });
  const replicas = [{ driver: server() }, { driver: server() }];
  registerDatabase({ name: "whole", driver: server(), replicas, onQuery, readYourWrites: false });
  registerDatabase({ name: "alone", driver: server(), replicas: [], onQuery });
  const serversOf = async (model: typeof Tag, using: string): Promise<string[]> => {
    events.length = 0;
    for (let i = 0; i < 3; i++) await model.using(using).count();
    return events.map(({ database, origin }) => `${database} ${origin.server}`);
  };
  const { Tag: Whole } = shopModels("whole");
  const { Tag: Alone } = shopModels("alone");
  const inTurns = ["whole replica1", "whole replica2", "whole replica1"];
  assert.deepEqual(await serversOf(Whole, "replica"), inTurns);
  assert.deepEqual((await serversOf(Tag, "whole.replica")).toSorted(), [
    ...["whole replica1", "whole replica2", "whole replica2"],
  ]);
  assert.deepEqual(new Set(await serversOf(Whole, "primary")), new Set(["whole primary"]));
  assert.deepEqual(new Set(await serversOf(Tag, "whole.primary")), new Set(["whole primary"]));
  assert.deepEqual(new Set(await serversOf(Alone, "replica")), new Set(["alone primary"]));
  await assert.rejects(Tag.using("replica").count(), { code: "no_replicas" });
  await assert.rejects(writeToken("told"), { code: "no_replicas" });
  await assert.rejects(Tag.using("nobody.replica").count(), { code: "unknown_database" });
  await assert.rejects(Tag.using("replicas").count(), { code: "unknown_database" });
  registerDatabase({ name: "whole.replica", driver: server(), onQuery });
  assert.deepEqual(
    new Set(await serversOf(Tag, "whole.replica")),
    new Set(["whole.replica primary"]),
  );
  await Tag.using("whole.replica").create({ id: 1, label: "a" });
});

test("a replica that refuses the login is an error, and no reason to ask another server", async () => {
  const error = Object.assign(new Error("wrong password"), { code: "wrong_password" });
  const replicas = [{ driver: recording({ answers: () => ({ error }) }) }];
  registerDatabase({
    name: "locked out",
    driver: recording({ answers: () => answers }),
    replicas,
    readYourWrites: false,
  });
  await assert.rejects(Tag.using("locked out.replica").count(), error);
});
