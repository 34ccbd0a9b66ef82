import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import * as orm from "../../mod.ts";
import { ask } from "../contract/subject.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { audit, bankTables, openBank } from "./bank.ts";

const server = await testServer("pg18");
const { skip } = server;

// a soak: MATRX_SERIALIZABLE_SECONDS=10
const seconds = Number(process.env.MATRX_SERIALIZABLE_SECONDS ?? 3);

test("20 serializable workers on 6 rows see no error with retries", { skip }, async () => {
  await using db = await testDatabase(server);
  for (const text of bankTables(6)) await ask(db.driver, text);
  orm.registerDatabase({ name: "serializable", url: db.url, poolMax: 10 });
  try {
    const { bank } = openBank(orm, "serializable", {
      ...{ accounts: 6, retries: 1_000, isolation: "serializable" },
    });
    const end = performance.now() + seconds * 1_000;
    const done = new Set<number>();
    let next = 0;
    const worker = async (): Promise<void> => {
      while (performance.now() < end) done.add((await bank.transfer(++next)).id);
    };
    await Promise.all(Array.from({ length: 20 }, worker));
    console.log(
      `serializable: ${done.size} acknowledged in ${bank.attempts()} attempts, ` +
        `${(done.size / seconds).toFixed(0)} a second`,
    );
    assert.ok(bank.attempts() > done.size, "no conflict arose, so that nothing is shown");
    const found = await audit(async (text) => (await ask(db.driver, text)).rows, done, 6);
    assert.deepEqual(found, { lost: [], unasked: [], balanced: true });
  } finally {
    await orm.closeDatabase("serializable");
  }
});
