import type { Connection, Driver, DriverOptions } from "../../src/driver/port.ts";

/** Where a shadow's databases are made. */
export interface ShadowPlace {
  /** What it is for messages. */
  readonly name: "embedded" | "server";
  /** The empty database. */
  readonly driver: Driver;
  /** Makes a role that statements name; false = not here, where roles outlive the shadow. */
  createRole(connection: Connection, name: string): Promise<boolean>;
  /** Gives an empty database, this one or a new one. */
  empty(): Promise<ShadowPlace>;
  /** Drops the database and closes what was opened for it. */
  close(): Promise<void>;
}

/** Settings of a driver for a shadow, which may take long for a statement and never waits for others. */
export function shadowDriver(url: string, poolMax: number): DriverOptions {
  return {
    name: "shadow",
    url,
    poolMax,
    poolMode: "session",
    connectTimeoutMs: 30_000,
    acquireTimeoutMs: 60_000,
    statementTimeoutMs: 0,
    idleTimeoutMs: 30_000,
    livenessTimeoutMs: 60_000,
  };
}
