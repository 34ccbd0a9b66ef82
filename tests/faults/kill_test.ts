import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import * as orm from "../../mod.ts";
import { openNodePg } from "../../src/drivers/node_pg.ts";
import { driverOptions } from "../support/database.ts";
import { ownServer, ownServerLacks } from "../support/own_server.ts";
import { bankTables } from "./bank.ts";
import { killRun, summary } from "./kill_run.ts";

const skip = await ownServerLacks("pg18");
// a soak: MATRX_KILL_SECONDS=30
const seconds = Number(process.env.MATRX_KILL_SECONDS ?? 10);

test("transaction({ retries }) shows no error while backends are killed and the server crashes", {
  skip,
}, async () => {
  const accounts = 50;
  await using server = await ownServer("pg18");
  // opened anew for each question, so that no kill and no crash is met on it
  const referee = async (text: string): Promise<readonly (readonly (string | null)[])[]> => {
    const driver = openNodePg(driverOptions(server.url, { name: "referee", poolMax: 1 }));
    try {
      return (await driver.query({ text, params: [] })).rows;
    } finally {
      await driver.close();
    }
  };
  for (const text of bankTables(accounts)) await referee(text);
  orm.registerDatabase({ name: "kill_run", url: server.url, poolMax: 10 });
  try {
    const run = await killRun(orm, { ...server, referee }, {
      ...{ database: "kill_run", accounts, seconds, workers: 20, downMs: 2_000 },
    });
    console.log(summary(run));
    assert.deepEqual(run.errors, []);
    assert.deepEqual(run.lost, []);
    assert.deepEqual(run.unasked, []);
    assert.deepEqual(run.uncaught, []);
    assert.equal(run.hung, 0);
    assert.equal(run.balanced, true);
    // on a busy machine a kill comes before most transfers are done
    assert.ok(run.acknowledged > 20 && run.kills >= 3, summary(run));
    // goals are 250 and 1,000 ms; a busy machine of CI may need longer
    assert.ok(Math.max(...run.afterKill) < 10_000 && run.afterRestart < 20_000);
  } finally {
    await orm.closeDatabase("kill_run");
  }
});
