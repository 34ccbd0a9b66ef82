import type { Param } from "../../driver/port.ts";
import type { Answer } from "./seam.ts";

/** A result as postgres.js gives it raw, and Bun after it: a value is the bytes of the server's text. */
export interface RawResult extends Iterable<readonly (Uint8Array | null)[]> {
  readonly columns?: readonly { readonly name: string; readonly type: number }[] | null;
  readonly count: number | null;
  readonly command: string | null;
}

/** Makes an answer of a raw result. */
export function answerOf(result: RawResult): Answer {
  return {
    rows: {
      columns: (result.columns ?? []).map(({ name, type }) => ({ name, typeOid: type })),
      rows: Array.from(result, (row) => row.map(textOf)),
      affected: result.count ?? 0,
    },
    command: result.command ?? "",
  };
}

/** The bytes are what clients call Buffers, whose own method this is. */
function textOf(value: Uint8Array | null): Param {
  return value === null ? null : value.toString();
}
