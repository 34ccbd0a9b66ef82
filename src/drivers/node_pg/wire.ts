import { Buffer } from "node:buffer";
import type { Param } from "../../driver/port.ts";

const PARSE = 0x50; // P
const BIND = 0x42; // B

/** Describe of the unnamed portal. */
const DESCRIBE = Buffer.from([0x44, 0, 0, 0, 6, 0x50, 0]);
/** Execute of the unnamed portal, without a limit of rows. */
const EXECUTE = Buffer.from([0x45, 0, 0, 0, 9, 0, 0, 0, 0, 0]);
const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);

/** Longest text that is written by hand: most are ASCII, and a call into the runtime costs more. */
const SHORT = 64;

/** Up to this length room is made for the worst case instead of counting the bytes before. */
const UNCOUNTED = 1_024;

/** A statement as it goes out. */
export interface Outgoing {
  /** The name that it is prepared under; empty for none. */
  readonly name: string;
  readonly text: string;
  readonly params: readonly Param[];
  /** The server does not know it yet. */
  readonly parse: boolean;
  /** What its columns are is not known yet. */
  readonly describe: boolean;
}

/** Writes statements that share one Sync as one piece: when one fails, the server skips the rest. */
export function encode(statements: readonly Outgoing[]): Uint8Array {
  let room = SYNC.length;
  for (const one of statements) room += roomFor(one);
  const writer = new Writer(room);
  for (const one of statements) {
    if (one.parse) writer.parse(one.name, one.text);
    writer.bind(one.name, one.params);
    if (one.describe) writer.add(DESCRIBE);
    writer.add(EXECUTE);
  }
  writer.add(SYNC);
  return writer.take();
}

/** Bytes beside the texts: of Parse, Describe, Execute and Bind. */
const FRAME = 8 + DESCRIBE.length + EXECUTE.length + 12;

function roomFor({ name, text, params, parse }: Outgoing): number {
  const named = room(name);
  let sum = FRAME + named + (parse ? named + room(text) : 0);
  for (let index = 0; index < params.length; index++) {
    const value = params[index];
    sum += 4 + (typeof value === "string" ? room(value) : 0);
  }
  return sum;
}

function room(text: string): number {
  return text.length <= UNCOUNTED ? 3 * text.length + 1 : Buffer.byteLength(text) + 1;
}

/** Writes messages one after another; the room is known before. */
class Writer {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(room: number) {
    this.#bytes = Buffer.allocUnsafe(room);
  }

  parse(name: string, text: string): void {
    const start = this.#start(PARSE);
    this.#closed(name);
    this.#closed(text);
    this.#int16(0);
    this.#end(start);
  }

  /** Values and results are all in text format, which is what no format at all means. */
  bind(name: string, params: readonly Param[]): void {
    const start = this.#start(BIND);
    this.#bytes[this.#at++] = 0;
    this.#closed(name);
    this.#int16(0);
    this.#int16(params.length);
    for (let index = 0; index < params.length; index++) {
      const value = params[index] ?? null;
      const from = this.#at;
      this.#at += 4;
      if (value !== null) this.#text(value);
      this.#int32(from, value === null ? -1 : this.#at - from - 4);
    }
    this.#int16(0);
    this.#end(start);
  }

  add(message: Uint8Array): void {
    for (let index = 0; index < message.length; index++) this.#bytes[this.#at++] = message[index]!;
  }

  take(): Uint8Array {
    return this.#bytes.subarray(0, this.#at);
  }

  #start(kind: number): number {
    this.#bytes[this.#at++] = kind;
    const start = this.#at;
    this.#at += 4;
    return start;
  }

  /** The length of a message counts itself but not the kind. */
  #end(start: number): void {
    this.#int32(start, this.#at - start);
  }

  /** Writes a text that ends with a zero byte. */
  #closed(text: string): void {
    this.#text(text);
    this.#bytes[this.#at++] = 0;
  }

  #text(text: string): void {
    if (text.length > SHORT || !this.#ascii(text)) {
      this.#at += this.#bytes.write(text, this.#at, "utf8");
    }
  }

  #ascii(text: string): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) return false;
      bytes[at++] = code;
    }
    this.#at = at;
    return true;
  }

  #int16(value: number): void {
    this.#bytes[this.#at++] = value >>> 8;
    this.#bytes[this.#at++] = value;
  }

  #int32(at: number, value: number): void {
    const bytes = this.#bytes;
    bytes[at] = value >>> 24;
    bytes[at + 1] = value >>> 16;
    bytes[at + 2] = value >>> 8;
    bytes[at + 3] = value;
  }
}
