import type { DatabaseErrorFields } from "../../errors/database.ts";

/** The fields of an ErrorResponse as the npm packages name them. */
export interface ServerError {
  readonly message: string;
  readonly code?: string | undefined;
  readonly severity?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly position?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly dataType?: string | undefined;
  readonly constraint?: string | undefined;
  readonly routine?: string | undefined;
}

/** Whether an error came from the server, not from the link. */
export function isServerError(error: unknown): error is ServerError {
  const { severity, code } = (error ?? {}) as { severity?: unknown; code?: unknown };
  return typeof severity === "string" && typeof code === "string" && code.length === 5;
}

/** Reads the fields of a server's error. */
export function fieldsOf(error: ServerError): DatabaseErrorFields {
  const at = Number(error.position);
  return {
    message: error.message,
    sqlstate: error.code ?? "XX000",
    severity: error.severity,
    schema: error.schema,
    table: error.table,
    column: error.column,
    constraint: error.constraint,
    dataType: error.dataType,
    detail: error.detail,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(Number.isInteger(at) && at > 0 ? { position: at } : {}),
  };
}

/** The server's plan for a prepared name no longer fits, or the server has forgotten the name. */
export function isStalePlan(error: unknown): boolean {
  const { code, routine } = error as { code?: unknown; routine?: unknown };
  return code === "26000" || (code === "0A000" && routine === "RevalidateCachedQuery");
}
