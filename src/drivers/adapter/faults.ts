import { OrmError } from "../../errors/base.ts";
import { ConnectionError } from "../../errors/database.ts";
import { connectError, type Target } from "../shared/link_errors.ts";
import type { Source } from "./seam.ts";

/** What tells that a connection was there and is not any more. */
const CUT: ReadonlySet<string> = new Set(["connection_closed", "server_shutdown"]);

/** Whether a connection was cut, as against one that cannot be had. */
export function isCut(fault: Error): boolean {
  return fault instanceof ConnectionError && CUT.has(fault.code);
}

/** What an error means that came before a connection was ready: nothing of the caller's was done. */
export function openingFault(error: unknown, source: Source, target: Target): Error {
  const lost = error instanceof ConnectionError && error.code === "connection_lost";
  if (error instanceof OrmError && !lost) return error;
  const server = source.serverError(error);
  if (server !== undefined) {
    return connectError(Object.assign(new Error(server.message), server), target);
  }
  return connectError(lost ? error.cause : error, target);
}
