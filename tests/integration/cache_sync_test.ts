import assert from "node:assert/strict";
import { test } from "node:test";
import { sql, transaction } from "../../mod.ts";
import { testServer } from "../support/servers.ts";
import { eventually, runSql, type Side, syncWorld, untilOpen } from "./cache_sync_world.ts";

const server = await testServer("pg18");
const { skip } = server;

/** Ways to give the only shop the name `new`. */
const WRITES: Readonly<Record<string, (side: Side) => Promise<unknown>>> = {
  "save()": async ({ Shop }) => {
    const row = await Shop.get({ id: 1 });
    row.name = "new";
    await row.save();
  },
  "updateWhere()": ({ Shop }) => Shop.updateWhere({ code: "a" }, { name: "new" }),
  "upsert()": ({ Shop }) => Shop.upsert({ id: 1, code: "a", name: "new" }, { conflict: ["id"] }),
  "bulkUpdate()": async ({ Shop }) => {
    const row = await Shop.get({ id: 1 });
    row.name = "new";
    await Shop.bulkUpdate([row], ["name"]);
  },
  "rawSql()": ({ Shop }) => Shop.rawSql(sql`update shops set name = 'new'`, { touches: [Shop] }),
  "delete() and create()": async ({ Shop }) => {
    await Shop.deleteWhere({ id: 1 });
    await Shop.create({ id: 1, code: "a", name: "new" });
  },
  "a transaction": ({ Shop, name }) =>
    transaction(async () => {
      await Shop.updateWhere({ id: 1 }, { name: "half" });
      await transaction(async () => await Shop.updateWhere({ id: 1 }, { name: "new" }), {
        database: name,
      });
    }, { database: name }),
};

test("every write does reach the caches of other programs", { skip }, async () => {
  await using world = await syncWorld(server);
  const { here, there, db } = world;
  await runSql(db, "insert into shops values (1, 'old', 'a'), (2, 'other', 'b')");
  await Promise.all([untilOpen(here), untilOpen(there)]);
  for (const [title, write] of Object.entries(WRITES)) {
    await here.Shop.updateWhere({ id: 1 }, { name: "old" });
    await eventually(async () => (await there.Shop.get({ id: 1 })).name === "old", "it is old");
    await there.Shop.get({ id: 1 });
    await there.Shop.get({ id: 2 });
    there.sent();
    assert.equal((await there.Shop.get({ id: 1 })).name, "old");
    assert.deepEqual(there.sent(), [], `${title}: the row is cached`);
    await write(here);
    assert.equal((await here.Shop.get({ id: 1 })).name, "new", title);
    await eventually(
      async () => (await there.Shop.getOrNull({ id: 1 }))?.name === "new",
      `${title} has reached the other program`,
    );
  }
});
