import assert from "node:assert/strict";
import { isAbsolute, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Driver, DriverOptions } from "../../src/driver/port.ts";
import { denoPostgres, type DenoPostgresClient } from "../../src/drivers/deno_postgres.ts";
import { driverContract } from "../contract/driver_contract.ts";
import { ask, failure, one, until } from "../contract/subject.ts";
import { driverOptions, testDatabase } from "../support/database.ts";
import { startProxy } from "../support/proxy.ts";
import { testServer } from "../support/servers.ts";

/** The part of the package that the tests use. */
interface Package {
  readonly Client: new (options: object) => DenoPostgresClient;
}

// the package is on JSR alone, so that its tests run where somebody has put a copy
const path = process.versions.deno === undefined ? undefined : process.env.MATRX_DENO_POSTGRES;
if (path === undefined) {
  console.warn(
    "skipped: the contract of deno_postgres: it needs Deno, and a copy of jsr:@db/postgres, whose mod.ts MATRX_DENO_POSTGRES names",
  );
}

test("denoPostgres() refuses what makes no clients, and settings that it cannot use", async () => {
  const make = (): DenoPostgresClient => ({}) as unknown as DenoPostgresClient;
  assert.throws(() => denoPostgres({} as unknown as () => DenoPostgresClient), {
    code: "invalid_argument",
  });
  for (const setting of ["poolMax", "connectTimeoutMs", "idleTimeoutMs"]) {
    for (const value of [0, 1.5, Number.NaN]) {
      assert.throws(() => denoPostgres(make, { [setting]: value }), (error: Error) => {
        assert.match(error.message, new RegExp(setting));
        return true;
      });
    }
  }
  const driver = denoPostgres(make);
  assert.equal(driver.name, "deno_postgres");
  assert.deepEqual(driver.capabilities, {
    pipelining: false,
    namedStatements: false,
    concurrentConnections: true,
    cancel: true,
    listen: false,
  });
  assert.equal(denoPostgres(make, { poolMode: "transaction" }).capabilities.cancel, false);
  assert.equal(denoPostgres(make, { poolMax: 1 }).capabilities.concurrentConnections, false);
  const error = await failure(one(driver, "select 1"));
  assert.equal((error as { code?: string }).code, "unsupported_package");
  await driver.close();
});

if (path !== undefined) {
  const { Client } = await import(
    pathToFileURL(isAbsolute(path) ? path : resolve(path)).href
  ) as Package;

  const clientFor = (href: string, controls: object): DenoPostgresClient => {
    const { hostname, port, username, password, pathname } = new URL(href);
    return new Client({
      hostname,
      port: Number(port),
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      database: decodeURIComponent(pathname.slice(1)),
      tls: { enabled: false },
      controls,
    });
  };
  const open = ({ url, ...options }: DriverOptions): Driver =>
    denoPostgres(() => clientFor(url, { decodeStrategy: "string" }), options);

  for (const kind of ["pg18", "pg15"] as const) {
    const server = await testServer(kind);
    driverContract(`deno_postgres on ${kind}`, {
      server,
      open,
      lacks: [
        { capability: "pipelining", because: "the package's client waits for each answer" },
        { capability: "namedStatements", because: "the package knows no names" },
        { capability: "listen", because: "the package does not take what is told" },
        {
          capability: "ownPool",
          because: "the caller makes the clients",
          proof: () =>
            assert.throws(() => denoPostgres({} as unknown as () => DenoPostgresClient), {
              code: "invalid_argument",
            }),
        },
        {
          capability: "byteOrderMarks",
          because: "the package reads each value as a text of its own, which drops its mark",
          proof: async () => {
            await using db = await testDatabase(server, { open });
            assert.equal(await one(db.driver, "select $1::text", "\uFEFFx"), "x");
            assert.equal(await one(db.driver, "select length($1)", "\uFEFFx"), "2");
            assert.equal(await one(db.driver, "select $1::text", "x\uFEFF"), "x\uFEFF");
          },
        },
        {
          capability: "oneCommand",
          because: "the package sends a text without values as a script",
          proof: async () => {
            await using db = await testDatabase(server, { open });
            assert.deepEqual((await ask(db.driver, "select 1; select 2")).rows, [["1"], ["2"]]);
            const error = await failure(ask(db.driver, "select $1::int; select 2", "1"));
            assert.equal((error as { sqlstate?: string }).sqlstate, "42601");
          },
        },
      ],
      newsOfCuts: { ms: 1_000, because: "the package does not watch a link that nobody uses" },
    });
  }

  const server = await testServer("pg18");
  const { skip } = server;
  const pids = "select count(*) from pg_stat_activity where datname = $1";

  test("denoPostgres() closes what is idle, and all when it is closed", { skip }, async () => {
    await using db = await testDatabase(server);
    await using other = await testDatabase(server);
    const gone = (): Promise<void> =>
      until(
        "its connections are closed",
        async () => await one(other.driver, pids, db.name) === "0",
      );
    await db.driver.close();
    const driver = open(driverOptions(db.url, { idleTimeoutMs: 100 }));
    const pid = await one(driver, "select pg_backend_pid()");
    assert.equal(await one(driver, "select pg_backend_pid()"), pid);
    await gone();
    assert.notEqual(await one(driver, "select pg_backend_pid()"), pid);
    const held = await driver.acquire();
    await driver.close();
    await gone();
    held.release();
  });

  test(
    "denoPostgres() cancels nothing behind a pooler, whose numbers are its own",
    { skip },
    async () => {
      await using db = await testDatabase(server);
      const driver = open(driverOptions(db.url, { poolMode: "transaction", poolMax: 1 }));
      const slow = { text: "select pg_sleep(20)", params: [] };
      const error = await failure(driver.query(slow, { timeoutMs: 200 }));
      assert.equal((error as { code?: string }).code, "timeout");
      assert.equal((error as { outcome?: string }).outcome, "unknown");
      assert.equal(await one(driver, "select 1"), "1");
      await driver.close();
    },
  );

  test("denoPostgres() refuses clients that decode values", { skip }, async () => {
    await using db = await testDatabase(server);
    const driver = denoPostgres(() => clientFor(db.url, {}));
    const error = await failure(one(driver, "select 1"));
    assert.equal((error as { code?: string }).code, "unsupported_package");
    await driver.close();
  });

  test("denoPostgres() tells why it cannot connect", { skip }, async () => {
    await using db = await testDatabase(server);
    const code = async (change: (url: URL) => void): Promise<unknown> => {
      const url = new URL(db.url);
      change(url);
      const driver = open(driverOptions(url.href, { connectTimeoutMs: 500 }));
      const error = await failure(one(driver, "select 1")) as { code?: string };
      await driver.close();
      return error.code;
    };
    assert.equal(await code((url) => url.password = "wrong"), "wrong_password");
    assert.equal(await code((url) => url.pathname = "/none"), "unknown_database");
    assert.equal(await code((url) => url.port = "1"), "connection_refused");
    await using proxy = await startProxy(Number(new URL(db.url).port), { delayMs: 2_000 });
    assert.equal(await code((url) => url.port = String(proxy.port)), "connect_timeout");
  });
}
