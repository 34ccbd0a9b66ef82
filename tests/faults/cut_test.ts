import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { openNodePg } from "../../src/drivers/node_pg.ts";
import { ConnectionError } from "../../src/errors/database.ts";
import { ask, one } from "../contract/subject.ts";
import { driverOptions, testDatabase } from "../support/database.ts";
import { startProxy } from "../support/proxy.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");
const { skip } = server;

/** A soak: every place with MATRX_CUT_STEP=1. Without it a sample, dense where a login is answered. */
const STEP = Number(process.env.MATRX_CUT_STEP ?? 0);
const CUTS: readonly number[] = Array.from({ length: 4_097 }, (_, k) => k).filter((k) =>
  k % (STEP > 0 ? STEP : k <= 64 ? 16 : k <= 800 ? 24 : 512) === 0
);

test("a stream that is cut after any byte gives one typed error or the answer", {
  skip,
}, async () => {
  await using db = await testDatabase(server);
  await using proxy = await startProxy(Number(new URL(db.url).port));
  const url = new URL(db.url);
  url.port = String(proxy.port);
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => void uncaught.push(error);
  process.on("uncaughtException", note);
  process.on("unhandledRejection", note);
  let [answers, errors] = [0, 0];
  const driver = openNodePg(driverOptions(url.href, { poolMax: 1, connectTimeoutMs: 5_000 }));
  const settle = async (k: number, work: Promise<unknown>): Promise<void> => {
    try {
      await work;
      answers++;
    } catch (error) {
      assert.ok(error instanceof ConnectionError, `after ${k} bytes: ${error}`);
      errors++;
    }
  };
  try {
    for (const k of CUTS) {
      proxy.limit(k);
      // a shared link, several statements behind each other, a held one, a wide answer
      await Promise.all([
        settle(k, one(driver, "select 1")),
        settle(k, one(driver, "select repeat('x', 2000)")),
        settle(k, ask(driver, "select g, 'row ' || g from generate_series(1, 30) g")),
      ]);
      await settle(
        k,
        driver.acquire().then(async (connection) => {
          try {
            await ask(connection, "begin");
            await Promise.all([ask(connection, "select 1"), ask(connection, "select 2")]);
            await ask(connection, "commit");
          } finally {
            connection.release();
          }
        }),
      );
      proxy.cut();
    }
    proxy.limit(null);
    // the news of the last cut may still be on its way to this process
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await one(driver, "select 1"), "1");
    console.log(`cut after ${CUTS.length} different bytes: ${answers} answers, ${errors} errors`);
    assert.deepEqual(uncaught, []);
    assert.ok(answers > 0 && errors > CUTS.length);
  } finally {
    process.off("uncaughtException", note);
    process.off("unhandledRejection", note);
    await driver.close();
  }
});
