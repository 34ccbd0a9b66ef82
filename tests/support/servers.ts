import { spawn } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  type Binaries,
  cacheFolder,
  changedAt,
  findPg15,
  findPg18,
  give,
  isAlive,
  publish,
  run,
  serverUid,
} from "./binaries.ts";

/** The servers that tests run on. */
export type ServerKind = "pg18" | "pg15" | "pglite";

/** All kinds, the main one first. */
export const serverKinds: readonly ServerKind[] = ["pg18", "pg15", "pglite"];

/** A server for tests. */
export interface TestServer {
  /** Which one. */
  readonly kind: ServerKind;
  /** False, or why tests on it cannot run: hand it to `test(name, { skip: server.skip }, ...)`. */
  readonly skip: false | string;
  /** The superuser's URL of its maintenance database; empty for `pglite` and a skipped server. */
  readonly url: string;
}

/** The superuser's name and password on servers that the tests start. */
const ADMIN = "postgres";
const ADMIN_PASSWORD = "postgres";

/** Longest start of a server, with the copying of its binaries, in ms. */
const START_LIMIT = 120_000;

/** Raised whenever a template folder made by older code must not be used again. */
const TEMPLATE_EDITION = 1;

/** The environment variables that name a server which already runs. */
const URL_VARIABLE: Readonly<Record<Exclude<ServerKind, "pglite">, string>> = {
  pg18: "MATRX_PG18_URL",
  pg15: "MATRX_PG15_URL",
};

const started = new Map<ServerKind, Promise<TestServer>>();

/**
 * Gives a server: the one that the environment names, else one that this process starts.
 *
 * A server of one's own is shared by all test files of the process and stops by itself when the
 * process is gone, however it ended. `MATRX_TEST_URL` stands in for `pg18`.
 */
export function testServer(kind: ServerKind): Promise<TestServer> {
  let server = started.get(kind);
  if (server === undefined) {
    server = open(kind);
    started.set(kind, server);
  }
  return server;
}

async function open(kind: ServerKind): Promise<TestServer> {
  if (kind === "pglite") return { kind, skip: false, url: "" };
  const given = process.env[URL_VARIABLE[kind]] ??
    (kind === "pg18" ? process.env.MATRX_TEST_URL : undefined);
  if (given !== undefined && given !== "") return { kind, skip: false, url: given };
  const binaries = kind === "pg18" ? await findPg18() : findPg15();
  if ("missing" in binaries) {
    console.warn(`skipped: tests on ${kind}: ${binaries.missing}`);
    return { kind, skip: binaries.missing, url: "" };
  }
  return { kind, skip: false, url: await shared(kind, binaries) };
}

/** Starts the process's server of this kind, or waits for the one that another isolate started. */
async function shared(kind: ServerKind, binaries: Exclude<Binaries, { missing: string }>) {
  const runs = join(await cacheFolder(), "run");
  await mkdir(runs, { recursive: true });
  await sweep(runs);
  // the start time tells a process from a dead one with the same id
  const folder = join(runs, `${kind}-${process.pid}-${startTime()}`);
  const answer = join(folder, "url");
  const failure = join(folder, "failed");
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
    const limit = Date.now() + START_LIMIT;
    while (Date.now() < limit) {
      if (existsSync(answer)) return readFile(answer, "utf8");
      if (existsSync(failure)) throw new Error(await readFile(failure, "utf8"));
      await sleep(20);
    }
    throw new Error(`The ${kind} test server did not start within ${START_LIMIT} ms`);
  }
  try {
    const url = await start(kind, binaries, folder);
    await writeFile(`${answer}.draft`, url);
    await rename(`${answer}.draft`, answer);
    return url;
  } catch (error) {
    await writeFile(failure, String(error));
    throw error;
  }
}

export function startTime(): string {
  if (!existsSync("/proc/self/stat")) return "0";
  const text = readFileSync("/proc/self/stat", "utf8");
  // the program's name stands in parentheses and may hold blanks
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "0";
}

/** Removes the folders of processes that were killed together with their keeper. */
export async function sweep(runs: string): Promise<void> {
  for (const name of await readdir(runs)) {
    const pid = Number(name.split("-")[1]);
    const folder = join(runs, name);
    if (isAlive(pid)) continue;
    try {
      if (Date.now() - await changedAt(folder) < 60_000) continue;
      await rm(folder, { recursive: true, force: true });
    } catch (error) {
      // its keeper may be removing it at this moment
      if ((error as { code?: string }).code !== "ENOENT") throw error;
    }
  }
}

/** Makes the data folder that every run copies, once per version. */
async function template(kind: ServerKind, binaries: { bin: string; version: string }) {
  const target = join(
    await cacheFolder(),
    `data-${kind}-${binaries.version}-${TEMPLATE_EDITION}`,
  );
  if (existsSync(target)) return target;
  const draft = `${target}.${process.pid}.${Date.now()}`;
  await mkdir(draft);
  const words = join(draft, "password");
  await writeFile(words, ADMIN_PASSWORD);
  const data = join(draft, "data");
  await mkdir(data, { mode: 0o700 });
  await give(data);
  await run(join(binaries.bin, "initdb"), [
    ...["-D", data, "-U", ADMIN, `--pwfile=${words}`, "--auth=scram-sha-256"],
    ...["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"],
  ]);
  await publish(draft, target);
  return target;
}

/** A port of the loopback that is free at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** Watches the owner from outside, so that the server ends even when the owner is killed. */
const KEEPER = `
"$BIN/postgres" -D "$RUN/data" -p "$PORT" -k "$RUN" "$@" </dev/null >"$RUN/log" 2>&1 &
server=$!
owner() { if [ -d /proc/self ]; then [ -d "/proc/$OWNER" ]; else ps -p "$OWNER" >/dev/null; fi; }
while owner && kill -0 "$server" 2>/dev/null; do sleep 0.3; done
kill -QUIT "$server" 2>/dev/null
wait "$server"
owner || rm -rf "$RUN"
`;

const SETTINGS: readonly string[] = [
  "listen_addresses=127.0.0.1",
  "max_connections=200",
  "fsync=off",
  "full_page_writes=off",
  "autovacuum=off",
  "shared_buffers=64MB",
  "ssl=on",
];

/** Where a server lives, and how it is started again. */
export interface Site {
  /** The folder of its programs. */
  readonly bin: string;
  /** The folder that holds `data` and `log`. */
  readonly folder: string;
  /** The port of the loopback that it listens on. */
  readonly port: number;
  /** Settings beside those of every server. */
  readonly settings?: readonly string[];
}

async function start(
  kind: ServerKind,
  binaries: { bin: string; version: string },
  outer: string,
): Promise<string> {
  return await launch(await layOut(kind, binaries, outer));
}

/** Copies the data of a new server into a folder and chooses its port. */
export async function layOut(
  kind: ServerKind,
  binaries: { bin: string; version: string },
  outer: string,
): Promise<Site> {
  const source = join(await template(kind, binaries), "data");
  const folder = join(outer, "s");
  await mkdir(folder);
  await give(folder);
  await run("cp", ["-a", source, join(folder, "data")]);
  for (const name of ["server.crt", "server.key"]) {
    const to = join(folder, "data", name);
    await copyFile(fileURLToPath(new URL(`./tls/${name}`, import.meta.url)), to);
    await give(to);
    await run("chmod", ["600", to]);
  }
  return { bin: binaries.bin, folder, port: await freePort() };
}

/** Starts the server of a site, waits until it takes connections, and gives the superuser's URL. */
export async function launch({ bin, folder, port, settings = [] }: Site): Promise<string> {
  const child = spawn(
    "/bin/sh",
    ["-c", KEEPER, "keeper", ...[...SETTINGS, ...settings].flatMap((setting) => ["-c", setting])],
    {
      cwd: "/",
      detached: true, // a Ctrl-C at the terminal is for the tests, not for the server
      stdio: "ignore",
      env: {
        PATH: process.env.PATH ?? "/usr/bin:/bin",
        LC_ALL: "C.UTF-8",
        BIN: bin,
        RUN: folder,
        PORT: String(port),
        OWNER: String(process.pid),
      },
      ...(serverUid === null ? {} : { uid: serverUid, gid: serverUid }),
    },
  );
  child.unref();
  const status = join(folder, "data", "postmaster.pid");
  const limit = Date.now() + START_LIMIT;
  while (Date.now() < limit) {
    if (existsSync(status)) {
      // the eighth line is the server's own word on its state
      const state = (await readFile(status, "utf8")).split("\n")[7]?.trim();
      // a replica that can be read is a standby
      if (state === "ready" || state === "standby") {
        return `postgres://${ADMIN}:${ADMIN_PASSWORD}@127.0.0.1:${port}/postgres`;
      }
    }
    if (child.exitCode !== null) break;
    await sleep(10);
  }
  const log = await readFile(join(folder, "log"), "utf8");
  throw new Error(`The test server in ${folder} did not start:\n${log}`);
}
