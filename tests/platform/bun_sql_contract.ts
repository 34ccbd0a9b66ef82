/** The contract of drivers for bun_sql; bun_sql_test.ts lets Bun run it. */
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { test } from "node:test";
import type { Driver, DriverOptions } from "../../src/driver/port.ts";
import { bunSql, type BunSqlClient } from "../../src/drivers/bun_sql.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { ConnectionError, TimeoutError } from "../../src/errors/database.ts";
import { keepsToPooler, sharesClient } from "../contract/caller_client.ts";
import { driverContract } from "../contract/driver_contract.ts";
import { ask, failure, one, until } from "../contract/subject.ts";
import { endingWith } from "../support/caller_client.ts";
import { driverOptions, testDatabase } from "../support/database.ts";
import { startProxy } from "../support/proxy.ts";
import { freePort, testServer } from "../support/servers.ts";

/** What the tests ask of a client beside the driver. */
interface TestClient extends BunSqlClient {
  unsafe(text: string): Promise<readonly Record<string, unknown>[]>;
}

interface ClientOptions {
  readonly adapter?: "sqlite";
  readonly max?: number;
  readonly prepare?: boolean;
  readonly connectionTimeout?: number;
  readonly transform?: object;
}

const { SQL } = (globalThis as unknown as {
  Bun: { SQL: (new (url: string, options?: ClientOptions) => TestClient) & { toCamel: object } };
}).Bun;

/** Opens a driver whose client is closed with it. */
function open({ url, poolMax, connectTimeoutMs, ...options }: DriverOptions): Driver {
  const client = new SQL(url, {
    max: poolMax,
    prepare: false,
    connectionTimeout: connectTimeoutMs / 1000,
  });
  return endingWith(bunSql(client, options), () => client.close({ timeout: 1 }));
}

const refused = (client: unknown): void =>
  assert.throws(() => bunSql(client as BunSqlClient), { code: "invalid_argument" });

for (const kind of ["pg18", "pg15"] as const) {
  driverContract(`bun_sql on ${kind}`, {
    server: await testServer(kind),
    open,
    lacks: [
      {
        capability: "pipelining",
        because:
          "the client puts no two statements under one Sync, so that BEGIN cannot guard them",
      },
      {
        capability: "namedStatements",
        because: "a client that prepares statements changes values, and is refused",
      },
      {
        capability: "ownPool",
        because: "the caller opens the client",
        proof: () => refused({ url: "postgres://h/d" }),
      },
      {
        capability: "openingCuts",
        because: "the client opens the connection again and again, until its connectionTimeout",
        proof: () => cutsWhileOpening(kind),
      },
    ],
    newsOfCuts: { ms: 1_000, because: "the client tells of the end when the socket has closed" },
  });
}

async function cutsWhileOpening(kind: "pg18" | "pg15"): Promise<void> {
  await using db = await testDatabase(await testServer(kind));
  const url = new URL(db.url);
  await using proxy = await startProxy(Number(url.port));
  url.port = String(proxy.port);
  proxy.limit(60);
  const driver = open(driverOptions(url.href, { connectTimeoutMs: 500 }));
  try {
    const error = await failure(one(driver, "select 1"));
    assert.ok(error instanceof ConnectionError, String(error));
    assert.ok(proxy.opened() > 2, `${proxy.opened()} links`);
  } finally {
    proxy.limit(null);
    await driver.close();
  }
}

const server = await testServer("pg18");
const { skip } = server;

test("bunSql() leaves the client to the caller", { skip }, async () => {
  await using db = await testDatabase(server);
  await ask(db.driver, `alter database "${db.name}" set intervalstyle = 'iso_8601'`);
  const client = new SQL(db.url, { max: 2, prepare: false });
  try {
    const driver = bunSql(client, { name: "theirs", acquireTimeoutMs: 300 });
    assert.equal(await one(driver, "select interval '90 min'"), "01:30:00");
    await sharesClient(driver, client);
  } finally {
    await client.close({ timeout: 1 });
  }
});

test("bunSql() gives values as text, of one command with all its values", { skip }, async () => {
  await using db = await testDatabase(server);
  const driver = open(driverOptions(db.url));
  const values = ["t", "infinity", '{"a":"ä"}', '"x"', "\\xff", '{"x y",NULL}', "abc", "", null];
  const { rows } = await ask(
    driver,
    `select $1::bool, $2::timestamptz, $3::json, $4::jsonb, $5::bytea, $6::text[], $7::text, $8::text,
      $9::int`,
    ...values,
  );
  assert.deepEqual(rows, [values]);
  assert.deepEqual((await ask(driver, "select 1.50, 'x', true, '{1,2}'::int[]")).rows, [
    ["1.50", "x", "t", "{1,2}"],
  ]);
  const codes = ["select $1::int", "select 1; select 2"].map(async (text) =>
    (await failure(ask(driver, text)) as { sqlstate?: string }).sqlstate
  );
  assert.deepEqual(await Promise.all(codes), ["08P01", "42601"]);
  await driver.close();
});

test("bunSql() refuses what it cannot use", { skip }, async () => {
  refused(undefined);
  refused(new SQL(":memory:", { adapter: "sqlite" }));
  await using db = await testDatabase(server);
  for (const options of [{}, { prepare: true }, { prepare: false, transform: SQL.toCamel }]) {
    const client = new SQL(db.url, options);
    refused(client);
    await client.close();
  }
});

test("bunSql() tells why there is no connection", { skip }, async () => {
  await using db = await testDatabase(server);
  const code = async (change: (url: URL) => void): Promise<unknown> => {
    const url = new URL(db.url);
    change(url);
    const driver = open(driverOptions(url.href));
    const error = await failure(one(driver, "select 1"));
    await driver.close();
    return (error as { code?: unknown }).code;
  };
  const port = String(await freePort());
  assert.equal(await code((url) => void (url.port = port)), "connection_refused");
  assert.equal(await code((url) => void (url.password = "wrong")), "wrong_password");
  assert.equal(await code((url) => void (url.pathname = "/nowhere")), "unknown_database");
});

test("bunSql() keeps to what a pooler in transaction mode allows", { skip }, async () => {
  await using db = await testDatabase(server);
  const pooled = { poolMode: "transaction", statementTimeoutMs: 100 } as const;
  const driver = open(driverOptions(db.url, pooled));
  assert.equal(driver.capabilities.listen, false);
  const connection = await driver.acquire();
  await keepsToPooler(driver, connection);
  connection.release();
  await driver.close();
  await ask(db.driver, `alter database "${db.name}" set intervalstyle = 'iso_8601'`);
  const other = open(driverOptions(db.url, pooled));
  assert.ok(await failure(one(other, "select 1")) instanceof ConfigurationError);
  await other.close();
});

test("a cancel of bun_sql that comes late hits no other statement", { skip }, async () => {
  await using db = await testDatabase(server);
  const url = new URL(db.url);
  await using slow = await startProxy(Number(url.port), { delayMs: 300 });
  // the first link is the connection, those after it carry cancels
  let links = 0;
  const fork = createServer((near) => {
    const far = connect(links++ === 0 ? Number(url.port) : slow.port, "127.0.0.1");
    near.on("error", () => far.destroy()).pipe(far);
    far.on("error", () => near.destroy()).pipe(near);
  });
  await new Promise<void>((resolve) => fork.listen(0, "127.0.0.1", resolve));
  const address = fork.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const driver = open(
    driverOptions(url.href.replace(`:${url.port}/`, `:${port}/`), { poolMax: 1 }),
  );
  const connection = await driver.acquire();
  const quick = connection.query({ text: "select pg_sleep(0.1)", params: [] }, { timeoutMs: 30 });
  await quick.catch((error) => assert.ok(error instanceof TimeoutError, String(error)));
  assert.equal(await one(connection, "select 'whole' from pg_sleep(0.8)"), "whole");
  assert.equal(links, 2);
  connection.release();
  await driver.close();
  await new Promise((resolve) => fork.close(resolve));
});

test("listen() of bun_sql tells of its connection's end", { skip }, async () => {
  await using db = await testDatabase(server);
  const driver = open(driverOptions(db.url));
  const heard: string[] = [];
  const connection = await driver.acquire();
  await connection.listen("news", (payload) => heard.push(payload), () => heard.push("end"));
  await ask(db.driver, "select pg_notify('news', 'one')");
  await until("it is heard", () => Promise.resolve(heard.length === 1));
  await ask(
    db.driver,
    `select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'
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
