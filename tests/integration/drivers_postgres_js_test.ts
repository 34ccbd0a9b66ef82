import assert from "node:assert/strict";
import { test } from "node:test";
import { ConfigurationError } from "../../src/errors/base.ts";
import { postgresJs, type PostgresJsClient } from "../../src/drivers/postgres_js.ts";
import { keepsToPooler, sharesClient } from "../contract/caller_client.ts";
import { driverContract } from "../contract/driver_contract.ts";
import { ask, failure, one, until } from "../contract/subject.ts";
import { driverOptions, testDatabase } from "../support/database.ts";
import { openOver, postgresPackage } from "../support/postgres_js.ts";
import { startProxy } from "../support/proxy.ts";
import { testServer } from "../support/servers.ts";

const postgres = await postgresPackage();

for (const kind of ["pg18", "pg15"] as const) {
  driverContract(`postgres_js on ${kind}`, {
    server: await testServer(kind),
    open: (options) => openOver(postgres, options),
    lacks: [
      {
        capability: "pipelining",
        because:
          "the package puts no two statements under one Sync, so that BEGIN cannot guard them",
      },
      {
        capability: "ownPool",
        because: "the caller opens the client",
        proof: () =>
          assert.throws(() => postgresJs({} as unknown as PostgresJsClient), {
            code: "invalid_argument",
          }),
      },
      {
        capability: "openingCuts",
        because: "the package opens the connection again and again, without a word",
        proof: () => cutsWhileOpening(kind),
      },
    ],
    newsOfCuts: { ms: 1_000, because: "the package tells of the end when the socket has closed" },
  });
}

async function cutsWhileOpening(kind: "pg18" | "pg15"): Promise<void> {
  await using db = await testDatabase(await testServer(kind));
  const url = new URL(db.url);
  await using proxy = await startProxy(Number(url.port));
  url.port = String(proxy.port);
  proxy.limit(60);
  const driver = openOver(postgres, driverOptions(url.href, { acquireTimeoutMs: 500 }));
  try {
    const error = await failure(one(driver, "select 1"));
    assert.equal((error as { code?: string }).code, "acquire_timeout");
    assert.ok(proxy.opened() > 1);
  } finally {
    proxy.limit(null);
    await driver.close();
  }
}

const server = await testServer("pg18");
const { skip } = server;

test("postgresJs() leaves the client to the caller", { skip }, async () => {
  await using db = await testDatabase(server);
  await ask(db.driver, `alter database "${db.name}" set datestyle = 'German'`);
  const client = postgres(db.url, { max: 2 });
  try {
    const driver = postgresJs(client, { name: "theirs", acquireTimeoutMs: 300 });
    assert.equal(await one(driver, "select date '2026-02-01'"), "2026-02-01");
    await sharesClient(driver, client);
  } finally {
    await client.end({ timeout: 1 });
  }
});

test("postgresJs() gives text whatever types the client has", { skip }, async () => {
  await using db = await testDatabase(server);
  const client = postgres(db.url, {
    types: {
      upper: {
        to: 25,
        from: [25],
        serialize: (x: string) => x.toUpperCase(),
        parse: () => "parsed",
      },
    },
  });
  try {
    const driver = postgresJs(client);
    const values = ["t", "infinity", '{"a":"ä"}', "\\xff", '{"x y",NULL}', "abc"];
    const { rows } = await ask(
      driver,
      "select $1::bool, $2::timestamptz, $3::json, $4::bytea, $5::text[], $6::text",
      ...values,
    );
    assert.deepEqual(rows, [values]);
    await driver.close();
  } finally {
    await client.end({ timeout: 1 });
  }
});

test("postgresJs() refuses what it cannot use", { skip }, async () => {
  assert.throws(() => postgresJs(undefined as unknown as PostgresJsClient), {
    code: "invalid_argument",
  });
  await using db = await testDatabase(server);
  const client = postgres(db.url, { transform: postgres.camel });
  assert.throws(() => postgresJs(client), { code: "invalid_argument" });
  await client.end({ timeout: 1 });
});

test("postgresJs() keeps to what a pooler in transaction mode allows", { skip }, async () => {
  await using db = await testDatabase(server);
  const client = postgres(db.url, { max: 2 });
  try {
    const driver = postgresJs(client, { poolMode: "transaction", statementTimeoutMs: 100 });
    const { namedStatements, listen } = driver.capabilities;
    assert.deepEqual([namedStatements, listen], [false, false]);
    const connection = await driver.acquire();
    await connection.query({ text: "select $1::int", params: ["1"], name: "x" });
    assert.equal(
      await one(
        connection,
        "select count(*) from pg_prepared_statements where statement = 'select $1::int'",
      ),
      "0",
    );
    await keepsToPooler(driver, connection);
    connection.release();
    await driver.close();
    await ask(db.driver, `alter database "${db.name}" set datestyle = 'German'`);
    const other = postgres(db.url);
    const pooled = postgresJs(other, { poolMode: "transaction" });
    assert.ok(await failure(one(pooled, "select 1")) instanceof ConfigurationError);
    await pooled.close();
    await other.end({ timeout: 1 });
  } finally {
    await client.end({ timeout: 1 });
  }
});

test("listen() of postgres_js tells of its connection's end", { skip }, async () => {
  await using db = await testDatabase(server);
  const driver = openOver(postgres, driverOptions(db.url));
  const heard: string[] = [];
  const connection = await driver.acquire();
  await connection.listen("news", (payload) => heard.push(payload), () => heard.push("end"));
  await ask(db.driver, "select pg_notify('news', 'one')");
  await until("it is heard", () => Promise.resolve(heard.length === 1));
  await ask(
    db.driver,
    `select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen%'
      and datname = current_database()`,
  );
  await until("the end is told", () => Promise.resolve(heard.includes("end")));
  // one more subscription works, and ends with the connection that it was asked of
  await connection.listen("news", (payload) => heard.push(payload), () => heard.push("released"));
  await ask(db.driver, "select pg_notify('news', 'two')");
  await until("it is heard again", () => Promise.resolve(heard.includes("two")));
  connection.release();
  await until("the second end is told", () => Promise.resolve(heard.includes("released")));
  assert.deepEqual(heard, ["one", "end", "two", "released"]);
  await driver.close();
});
