/** What drivers over a client of the caller's promise beside the contract of all. */
import assert from "node:assert/strict";
import type { Connection, Driver } from "../../src/driver/port.ts";
import { ask, failure } from "./subject.ts";

/** Proves that a driver shares a client of two connections with the caller, and closes without ending it. */
export async function sharesClient(
  driver: Driver,
  client: { unsafe(text: string): Promise<readonly Record<string, unknown>[]> },
): Promise<void> {
  const held = await Promise.all([driver.acquire(), driver.acquire()]);
  // the client's own statements wait for their turn like anybody's
  const theirs = client.unsafe("select 1 as n").then(([row]) => row);
  const error = await failure(driver.acquire());
  assert.match(error.message, /"theirs" \(a pool of the caller's\): none of 2 became free/);
  for (const connection of held) connection.release();
  assert.deepEqual({ ...await theirs }, { n: 1 });
  await driver.close();
  assert.deepEqual({ ...(await client.unsafe("select 2 as n"))[0] }, { n: 2 });
}

/** Proves what a driver refuses behind a pooler in transaction mode, and that it keeps its time limit. */
export async function keepsToPooler(driver: Driver, connection: Connection): Promise<void> {
  const errors = await Promise.all([
    failure(connection.listen("c", () => {})),
    failure(ask(connection, "set search_path to x")),
    failure(ask(driver, "select pg_sleep(20)")),
  ]);
  assert.deepEqual(errors.map((each) => (each as { code?: string }).code), [
    "listen_unsupported",
    "session_state_unsupported",
    "timeout",
  ]);
}
