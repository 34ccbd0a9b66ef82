import { ConfigurationError, TransactionError } from "../../errors/base.ts";
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

/** The error of a call to a connection that its holder has given back. */
export function connectionReleased(): TransactionError {
  return new TransactionError("Cannot use a connection that was given back", {
    code: "connection_released",
    hint: "Do all work before release(), and await it",
  });
}

/** The error of a statement that opened a transaction on a connection which nobody holds. */
export function transactionLeftOpen(): TransactionError {
  return new TransactionError("Cannot open a transaction with query()", {
    code: "transaction_left_open",
    hint: "Use transaction(), or acquire() a connection of your own",
  });
}

/** The error of a subscription through a pooler that has no sessions. */
export function noListenThroughPooler(channel: string): ConfigurationError {
  return new ConfigurationError(`Cannot listen to "${channel}" through a transaction pooler`, {
    code: "listen_unsupported",
    hint: 'Connect to the server itself and use poolMode: "session"',
  });
}
