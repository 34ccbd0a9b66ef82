import type { Param, ResultColumn, Rows } from "../../driver/port.ts";

// a byte order mark is a character like any other here; the decoder of the package drops it
const decoder: TextDecoder = new TextDecoder("utf-8", { ignoreBOM: true });

const ROW_DESCRIPTION = 0x54; // T
const DATA_ROW = 0x44; // D
const COMMAND_COMPLETE = 0x43; // C

/** Bytes after a column's name: table OID, column number, type OID, size, modifier, format. */
const COLUMN_TAIL = 18;
const TYPE_OID_AT = 6;

/** Reads the columns, rows and count of one statement out of the server's messages. */
export function readRows(bytes: Uint8Array): Rows {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let columns: readonly ResultColumn[] = [];
  const rows: (readonly Param[])[] = [];
  let affected = 0;
  for (let at = 0; at + 5 <= bytes.length;) {
    const body = at + 5;
    const end = at + 1 + view.getInt32(at + 1);
    const kind = bytes[at];
    if (kind === DATA_ROW) rows.push(readRow(bytes, view, body));
    else if (kind === ROW_DESCRIPTION) columns = readColumns(bytes, view, body);
    else if (kind === COMMAND_COMPLETE) {
      const tag = decoder.decode(bytes.subarray(body, end - 1));
      affected = Number(/ (\d+)$/.exec(tag)?.[1] ?? 0);
    }
    at = end;
  }
  return { columns, rows, affected };
}

function readRow(bytes: Uint8Array, view: DataView, body: number): readonly Param[] {
  const row: Param[] = [];
  let at = body + 2;
  for (let left = view.getInt16(body); left > 0; left--) {
    const length = view.getInt32(at);
    at += 4;
    if (length < 0) {
      row.push(null);
    } else {
      row.push(decoder.decode(bytes.subarray(at, at + length)));
      at += length;
    }
  }
  return row;
}

function readColumns(bytes: Uint8Array, view: DataView, body: number): readonly ResultColumn[] {
  const columns: ResultColumn[] = [];
  let at = body + 2;
  for (let left = view.getInt16(body); left > 0; left--) {
    const end = bytes.indexOf(0, at);
    const tail = end + 1;
    const typeOid = view.getUint32(tail + TYPE_OID_AT);
    columns.push({ name: decoder.decode(bytes.subarray(at, end)), typeOid });
    at = tail + COLUMN_TAIL;
  }
  return columns;
}
