/** Cuts what a server sends into rows and other messages, wherever the stream is cut. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { RowReader } from "../../src/drivers/node_pg/row_reader.ts";

function message(kind: string, body: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.write(kind, "latin1");
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function row(values: readonly (string | null)[]): Buffer {
  const count = Buffer.alloc(2);
  count.writeUInt16BE(values.length);
  const fields = values.map((value) => {
    const length = Buffer.alloc(4);
    const bytes = Buffer.from(value ?? "");
    length.writeInt32BE(value === null ? -1 : bytes.length);
    return Buffer.concat([length, bytes]);
  });
  return message("D", Buffer.concat([count, ...fields]));
}

/** What a reader makes of pieces: rows as they are, other messages by their kinds. */
function readAll(pieces: readonly Buffer[]): unknown[] {
  const found: unknown[] = [];
  const rest = (bytes: Buffer): void => {
    // whole messages only, of any number
    for (let at = 0; at < bytes.length; at += 1 + bytes.readUInt32BE(at + 1)) {
      found.push(String.fromCharCode(bytes[at]!));
    }
  };
  const reader = new RowReader(({ fields }) => found.push(fields), rest);
  for (const piece of pieces) reader.read(piece);
  return found;
}

const ROWS: readonly (readonly (string | null)[])[] = [
  ["1", null, ""],
  [],
  ["Grüße", "plain", "日本語", "😀", null],
  // a length of which the bytes look like text beyond ASCII, and the other way round
  ["x".repeat(200), "short", "é".repeat(100), "\u0001\u007f"],
  ["y".repeat(5_000), "z", "ü".repeat(3_000)],
];

const STREAM: Buffer = Buffer.concat([
  message("2", Buffer.alloc(0)),
  message("T", Buffer.from("columns")),
  ...ROWS.map(row),
  message("C", Buffer.from("SELECT 5\0")),
  message("Z", Buffer.from("I")),
]);

const WANTED: readonly unknown[] = ["2", "T", ...ROWS, "C", "Z"];

test("rows: a stream in one piece gives its values and hands the other messages on", () => {
  assert.deepEqual(readAll([STREAM]), WANTED);
});

test("rows: a stream cut in two at any place gives the same", () => {
  for (let cut = 1; cut < STREAM.length; cut++) {
    assert.deepEqual(readAll([STREAM.subarray(0, cut), STREAM.subarray(cut)]), WANTED);
  }
});

test("rows: a stream in pieces of any size gives the same", () => {
  for (const size of [1, 2, 3, 5, 7, 64, 1_000]) {
    const pieces: Buffer[] = [];
    for (let at = 0; at < STREAM.length; at += size) pieces.push(STREAM.subarray(at, at + size));
    assert.deepEqual(readAll(pieces), WANTED);
  }
});

test("rows: a message that claims less than its own header does not stop the reader", () => {
  const found: number[] = [];
  new RowReader(() => {}, (bytes) => found.push(bytes.length)).read(
    Buffer.from([0x58, 0, 0, 0, 0, 0x59, 0, 0, 0, 4]),
  );
  assert.deepEqual(found, [10]);
});
