import { OrmError } from "../../errors/base.ts";
import { ConnectionError } from "../../errors/database.ts";
import { connectError, type Target } from "../shared/link_errors.ts";
import type { Source } from "./seam.ts";

/** What an error means that came before a connection was ready: nothing of the caller's was done. */
export function openingFault(error: unknown, source: Source, target: Target): Error {
  const isLost = error instanceof ConnectionError && error.code === "connection_lost";
  if (error instanceof OrmError && !isLost) return error;
  const server = source.serverError(error);
  if (server !== undefined) {
    return connectError(Object.assign(new Error(server.message), server), target);
  }
  return connectError(isLost ? error.cause : error, target);
}
