/** What a hit costs beside making the row. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { closeDatabase, integer, model, registerDatabase, text } from "../../mod.ts";
import { hydrate } from "../../src/model/hydrate.ts";
import { wholeRows } from "../../src/query/shape.ts";
import { cpuOf, leastOf } from "../support/cpu.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

const ROUNDS = 200_000;

/** Most CPU of a hit beyond hydration, in µs. */
const LIMIT = 2;

test("get() does cost little more than a row when it is cached", async () => {
  await using db = await testDatabase(await testServer("pglite"));
  await db.driver.query({ text: "create table hits (id int primary key, a text)", params: [] });
  registerDatabase({ name: "hits", driver: db.driver });
  try {
    class Hit extends model("hits", { id: integer().primaryKey(), a: text().nullable() }, {
      database: "hits",
      cache: "short-term",
    }) {}
    await Hit.create({ id: 1, a: "x" });
    await Hit.get({ id: 1 });
    const gets = async (): Promise<void> => {
      for (let round = 0; round < ROUNDS; round++) await Hit.get({ id: 1 });
    };
    const rows = { columns: [], rows: [["1", "x"]] };
    const hydrations = async (): Promise<void> => {
      for (let round = 0; round < ROUNDS; round++) {
        await Promise.resolve(hydrate({ shape: wholeRows(Hit) }, rows, null));
      }
    };
    await gets();
    await hydrations();
    const cost = await leastOf(LIMIT, async () => {
      const all = await cpuOf(gets);
      const made = await cpuOf(hydrations);
      return (all - made) / ROUNDS * 1e6;
    });
    console.log(`a hit of get(): ${cost.toFixed(2)} µs of CPU beyond hydration`);
    assert.ok(cost < LIMIT * 3, `${cost} µs`);
  } finally {
    await closeDatabase("hits");
  }
});
