import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import * as orm from "../../mod.ts";
import type { Driver } from "../../src/driver/port.ts";
import { openNodePg } from "../../src/drivers/node_pg.ts";
import { DatabaseError } from "../../src/errors/database.ts";
import { ask, failure } from "../contract/subject.ts";
import { driverOptions, testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

// a soak: MATRX_DDL_SECONDS=30
const seconds = Number(process.env.MATRX_DDL_SECONDS ?? 3);

class Item extends orm.model("items", { id: orm.bigint().primaryKey(), name: orm.text() }, {
  database: "ddl",
}) {}

const TABLES = [
  "create table items (id int primary key, name varchar(20) not null)",
  "insert into items select g, 'item ' || g from generate_series(1, 100) g",
];

/** Each change leaves the model true, and spoils the plans of statements that were prepared before. */
const CHANGES = [
  "alter table items alter name type text",
  "alter table items alter name type varchar(30)",
  "alter table items add column extra int default 1",
  "alter table items drop column extra",
  "alter table items alter name type varchar(40), add column more text",
  "alter table items drop column more, alter id type bigint",
  "alter table items alter id type int",
];

/** Has the server forget every prepared name of one session, in a way that the driver cannot see: 26000. */
async function forget(driver: Driver): Promise<void> {
  const connection = await driver.acquire();
  await ask(connection, "do $$ begin execute 'deallocate all'; end $$");
  connection.release();
}

const server = await testServer("pg18");
const { skip } = server;

test("readers meet no error while 20 ALTERs a second change their table", { skip }, async () => {
  await using db = await testDatabase(server, { options: { poolMax: 1 } });
  for (const text of TABLES) await ask(db.driver, text);
  const driver = openNodePg(driverOptions(db.url, { poolMax: 10 }));
  orm.registerDatabase({ name: "ddl", driver });
  try {
    const end = performance.now() + seconds * 1_000;
    let reads = 0;
    let changes = 0;
    const reader = async (n: number): Promise<void> => {
      for (let i = n; performance.now() < end; i++) {
        const id = 1 + i % 100;
        if (i % 3 === 0) assert.equal((await Item.get({ id })).name, `item ${id}`);
        else if (i % 3 === 1) assert.equal(await Item.count({ id: { lte: id } }), id);
        else assert.equal((await Item.filter({ id: { gt: 100 - id } }).all()).length, id);
        reads++;
      }
    };
    const changer = async (): Promise<void> => {
      for (let next = performance.now(); next < end; next += 50) {
        await sleep(Math.max(0, next - performance.now()));
        await ask(db.driver, CHANGES[changes++ % CHANGES.length]!);
        if (changes % 10 === 0) await forget(driver);
      }
    };
    await Promise.all([changer(), ...Array.from({ length: 20 }, (_, n) => reader(n * 7))]);
    console.log(`DDL: ${reads} reads and ${changes} changes in ${seconds} s, no error`);
    assert.ok(changes > seconds && reads > changes);
  } finally {
    await orm.closeDatabase("ddl");
  }
});

test("a transaction that DDL overtook ends with one typed error, and retries hide it", {
  skip,
}, async () => {
  await using db = await testDatabase(server, { options: { poolMax: 1 } });
  for (const text of TABLES) await ask(db.driver, text);
  const driver = openNodePg(driverOptions(db.url, { poolMax: 1 }));
  orm.registerDatabase({ name: "ddl", driver });
  const read = (): Promise<Item> => Item.get({ id: 1 });
  const spoiled = async (change: string): Promise<void> => {
    await orm.transaction(read, { database: "ddl" }); // prepares the name on the only connection
    await ask(db.driver, change);
  };
  try {
    await spoiled(CHANGES[0]!);
    const error = await failure(orm.transaction(read, { database: "ddl" }));
    assert.ok(error instanceof DatabaseError);
    const { code, sqlstate, outcome, retryable } = error;
    assert.deepEqual({ code, sqlstate, outcome, retryable }, {
      ...{ code: "stale_plan", sqlstate: "0A000", outcome: "rolledBack", retryable: true },
    });
    assert.equal((await orm.transaction(read, { database: "ddl" })).name, "item 1");
    await spoiled(CHANGES[1]!);
    let calls = 0;
    const row = await orm.transaction(() => (calls++, read()), { database: "ddl", retries: 1 });
    assert.deepEqual([row.name, calls], ["item 1", 2]);
    // the same when the server has forgotten the name
    await forget(driver);
    const forgotten = await failure(orm.transaction(read, { database: "ddl" }));
    assert.deepEqual(
      [(forgotten as DatabaseError).code, (forgotten as DatabaseError).sqlstate],
      ["stale_plan", "26000"],
    );
    assert.equal((await read()).name, "item 1");
    // what has it forget openly is no fault at all
    for (const text of ["deallocate all", "deallocate all"]) {
      await orm.transaction(async (tx) => {
        await read();
        await tx.run({ text, params: [] });
        await read();
      }, { database: "ddl" });
    }
  } finally {
    await orm.closeDatabase("ddl");
  }
});
