import assert from "node:assert/strict";
import { after } from "node:test";
import type { Driver, DriverOptions } from "../../src/driver/port.ts";
import { neon, type NeonPool } from "../../src/drivers/neon.ts";
import { driverContract } from "../contract/driver_contract.ts";
import { endingWith } from "../support/caller_client.ts";
import { packageFile } from "../support/packages.ts";
import { testServer } from "../support/servers.ts";
import { startWebSocketProxy } from "../support/websocket_proxy.ts";

/** The parts of the package that the tests use. */
interface NeonPackage {
  readonly Pool: new (
    options: { connectionString: string; max: number; connectionTimeoutMillis: number },
  ) => NeonPool & { readonly ended: boolean };
  readonly neonConfig: {
    wsProxy: (host: string, port: number | string) => string;
    useSecureWebSocket: boolean;
    pipelineConnect: false;
  };
}

const { Pool, neonConfig } = await import(
  await packageFile("@neondatabase/serverless", "index.mjs")
) as NeonPackage;

const proxy = startWebSocketProxy();
after(() => proxy[Symbol.asyncDispose]());

neonConfig.wsProxy = (host, port) => proxy.addressOf(host, port);
neonConfig.useSecureWebSocket = false;
neonConfig.pipelineConnect = false;

function open({ url, ...options }: DriverOptions): Driver {
  const pool = new Pool({
    connectionString: url,
    max: options.poolMax,
    connectionTimeoutMillis: options.connectTimeoutMs,
  });
  return endingWith(neon(pool, options), async () => {
    if (!pool.ended) await pool.end();
  });
}

for (const kind of ["pg18", "pg15"] as const) {
  driverContract(`neon on ${kind}`, {
    server: await testServer(kind),
    open,
    lacks: [
      { capability: "pipelining", because: "the package's client waits for each answer" },
      {
        capability: "ownPool",
        because: "the caller opens the pool",
        proof: () =>
          assert.throws(() => neon({ url: "postgres://h/d" } as unknown as NeonPool), {
            code: "invalid_argument",
          }),
      },
    ],
  });
}
