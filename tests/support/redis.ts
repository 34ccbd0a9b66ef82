import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { listens } from "./listens.ts";
import { freePort } from "./servers.ts";

/** The server's program. */
const PROGRAM = process.env["MATRX_REDIS"] ??
  ["/usr/bin/redis-server", "/usr/bin/valkey-server"].find(existsSync) ?? "/usr/bin/redis-server";

/** A Redis of one test file's own. */
export interface OwnRedis extends AsyncDisposable {
  /** Where it listens. */
  readonly port: number;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** False, or why this machine has no Redis. */
export function redisLacks(): false | string {
  const lacks = existsSync(PROGRAM)
    ? false
    : `${PROGRAM} is missing (apt-get install redis-server)`;
  if (lacks !== false) console.warn(`skipped: tests on Redis: ${lacks}`);
  return lacks;
}

/** Starts a Redis that keeps nothing. */
export async function startRedis(): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), "matrx-orm-redis-"));
  const port = await freePort();
  const child = spawn(PROGRAM, [
    ...["--port", String(port), "--bind", "127.0.0.1", "--dir", folder],
    ...["--save", "", "--appendonly", "no"],
  ], { stdio: "ignore" });
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await gone;
  };
  const limit = Date.now() + 20_000;
  while (!await listens(port)) {
    if (Date.now() > limit || child.exitCode !== null) throw new Error("Redis did not start");
    await sleep(20);
  }
  return {
    port,
    kill,
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A link to a Redis that sends commands and reads their answers. */
export interface RedisLink {
  /** Sends one command. */
  send(args: readonly string[]): Promise<unknown>;
  close(): void;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Connects to a Redis. */
export async function connectRedis(port: number): Promise<RedisLink> {
  const socket = connect(port, "127.0.0.1");
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", () => resolve());
    socket.once("error", reject);
  });
  const waiting: Waiting[] = [];
  let bytes = Buffer.alloc(0);
  socket.on("data", (more) => {
    bytes = Buffer.concat([bytes, more]);
    for (let part = parse(bytes, 0); part !== null; part = parse(bytes, 0)) {
      bytes = bytes.subarray(part.end);
      const { resolve, reject } = waiting.shift()!;
      if (part.value instanceof Error) reject(part.value);
      else resolve(part.value);
    }
  });
  const fail = (): void => {
    for (const { reject } of waiting.splice(0)) reject(new Error("the link to Redis is gone"));
  };
  socket.on("error", fail);
  socket.on("close", fail);
  return {
    send: (args) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error("the link to Redis is gone"));
        waiting.push({ resolve, reject });
        const parts = args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`);
        socket.write(`*${args.length}\r\n${parts.join("")}`);
      }),
    close: () => void socket.destroy(),
  };
}

interface Parsed {
  readonly value: unknown;
  readonly end: number;
}

/** Reads one answer of the protocol; null when its end has not arrived. */
function parse(bytes: Buffer, start: number): Parsed | null {
  const line = bytes.indexOf("\r\n", start);
  if (line === -1) return null;
  const [kind, text] = [
    String.fromCharCode(bytes[start]!),
    bytes.toString("utf8", start + 1, line),
  ];
  const next = line + 2;
  if (kind === "+") return { value: text, end: next };
  if (kind === "-") return { value: new Error(text), end: next };
  if (kind === ":") return { value: Number(text), end: next };
  const size = Number(text);
  if (size === -1) return { value: null, end: next };
  if (kind === "$") {
    const end = next + size + 2;
    return bytes.length < end ? null : { value: bytes.toString("utf8", next, end - 2), end };
  }
  const values: unknown[] = [];
  let end = next;
  for (let index = 0; index < size; index++) {
    const part = parse(bytes, end);
    if (part === null) return null;
    values.push(part.value);
    end = part.end;
  }
  return { value: values, end };
}
