import assert from "node:assert/strict";
import { isAbsolute, resolve } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Driver, DriverOptions } from "../../src/driver/port.ts";
import { denoPostgres, type DenoPostgresPool } from "../../src/drivers/deno_postgres.ts";
import { driverContract } from "../contract/driver_contract.ts";
import { testServer } from "../support/servers.ts";

/** The part of the package that the tests use. */
interface Package {
  readonly Pool: new (options: object, size: number, lazy: boolean) => DenoPostgresPool;
}

// the package is on JSR alone, so that its tests run where somebody has put a copy
const path = process.env.MATRX_DENO_POSTGRES;
const skip = path === undefined
  ? "no copy of jsr:@db/postgres: MATRX_DENO_POSTGRES names the mod.ts of one"
  : false;
if (skip !== false) console.warn(`skipped: the contract of deno_postgres: ${skip}`);

test("denoPostgres() refuses what is no pool, and one of unknown size", () => {
  const none = {} as unknown as DenoPostgresPool;
  assert.throws(() => denoPostgres(none, { size: 2 }), { code: "invalid_argument" });
  const pool: DenoPostgresPool = {
    available: 0,
    connect: () => Promise.reject(new Error("not opened here")),
    end: () => Promise.resolve(),
  };
  assert.throws(() => denoPostgres(pool, { size: 0 }), { code: "invalid_argument" });
  const { capabilities, name } = denoPostgres(pool, { size: 3 });
  assert.equal(name, "deno_postgres");
  assert.deepEqual(capabilities, {
    pipelining: false,
    namedStatements: false,
    concurrentConnections: true,
    cancel: true,
    listen: false,
  });
  assert.equal(denoPostgres(pool, { size: 1 }).capabilities.cancel, false);
});

if (path !== undefined) {
  const { Pool } = await import(
    pathToFileURL(isAbsolute(path) ? path : resolve(path)).href
  ) as Package;
  const open = ({ url, poolMax, ...options }: DriverOptions): Driver => {
    const { hostname, port, username, password, pathname } = new URL(url);
    const pool = new Pool(
      {
        hostname,
        port: Number(port),
        user: decodeURIComponent(username),
        password: decodeURIComponent(password),
        database: decodeURIComponent(pathname.slice(1)),
        tls: { enabled: false },
        controls: { decodeStrategy: "string" },
      },
      poolMax + 1,
      true,
    );
    const driver = denoPostgres(pool, { ...options, size: poolMax + 1 });
    return {
      name: driver.name,
      capabilities: driver.capabilities,
      query: (statement, run) => driver.query(statement, run),
      acquire: (how) => driver.acquire(how),
      close: async () => {
        await driver.close();
        await pool.end().catch(() => {}); // it fails on a connection that was cut
      },
    };
  };
  for (const kind of ["pg18", "pg15"] as const) {
    driverContract(`deno_postgres on ${kind}`, {
      server: await testServer(kind),
      open,
      lacks: [
        { capability: "pipelining", because: "the package's client waits for each answer" },
        { capability: "namedStatements", because: "the package knows no names" },
        { capability: "listen", because: "the package does not take what is told" },
        {
          capability: "ownPool",
          because: "the caller opens the pool",
          proof: () =>
            assert.throws(() => denoPostgres({} as unknown as DenoPostgresPool, { size: 2 }), {
              code: "invalid_argument",
            }),
        },
      ],
    });
  }
}
