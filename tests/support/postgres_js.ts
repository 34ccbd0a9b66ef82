/** The package `postgres`, which tests alone need. */
import type { Driver, DriverOptions } from "../../src/driver/port.ts";
import { postgresJs, type PostgresJsClient } from "../../src/drivers/postgres_js.ts";
import { endingWith } from "./caller_client.ts";
import { packageFile } from "./packages.ts";

/** Options of a client that the tests set. */
export interface ClientOptions {
  readonly max?: number;
  readonly connect_timeout?: number;
  readonly prepare?: boolean;
  readonly fetch_types?: boolean;
  readonly backoff?: number;
  readonly transform?: object;
  readonly types?: object;
  readonly onnotice?: () => void;
}

/** What the tests ask of a client beside the driver. */
export interface TestClient extends PostgresJsClient {
  unsafe(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
}

/** The function of the package, with its ready-made transforms. */
export interface PostgresPackage {
  (url: string, options?: ClientOptions): TestClient;
  readonly camel: object;
}

/** Loads the package; installs it on first use. */
export async function postgresPackage(): Promise<PostgresPackage> {
  return (await import(await packageFile("postgres", "src/index.js")) as {
    default: PostgresPackage;
  }).default;
}

/** Opens a driver whose client is closed with it. */
export function openOver(
  postgres: PostgresPackage,
  { url, poolMax, connectTimeoutMs, ...options }: DriverOptions,
): Driver {
  const client = postgres(url, {
    max: poolMax,
    connect_timeout: connectTimeoutMs / 1000,
    fetch_types: false,
    backoff: 0.01,
    onnotice: () => {},
  });
  return endingWith(postgresJs(client, options), () => client.end({ timeout: 1 }));
}
