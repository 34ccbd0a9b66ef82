import { ConnectionError } from "../../errors/database.ts";

/** The error of a call to a driver after its end. */
export function driverClosed(name: string): ConnectionError {
  return new ConnectionError({
    message: `Cannot use "${name}": it was closed`,
    sqlstate: "08003",
    code: "driver_closed",
    hint: "Close a database when nothing uses it any more",
    outcome: "rolledBack",
    retryable: false,
  });
}
