/** What a hit costs beside making the row. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { closeDatabase, registerDatabase } from "../../mod.ts";
import { HIT_LIMIT, hitCost, HITS } from "../support/cache_costs.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

test("get() does cost little more than a row when it is cached", async () => {
  await using db = await testDatabase(await testServer("pglite"));
  await db.driver.query({ text: HITS, params: [] });
  registerDatabase({ name: "hits", driver: db.driver });
  try {
    const cost = await hitCost("hits");
    console.log(`a hit of get(): ${cost.toFixed(2)} µs of CPU beyond hydration`);
    assert.ok(cost < HIT_LIMIT * 3, `${cost} µs`);
  } finally {
    await closeDatabase("hits");
  }
});
