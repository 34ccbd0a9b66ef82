import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder, give, serverUid } from "./binaries.ts";
import { listens } from "./listens.ts";
import { freePort } from "./servers.ts";

/** Where Debian and Ubuntu put PgBouncer. */
const BOUNCER = process.env.MATRX_PGBOUNCER ?? "/usr/sbin/pgbouncer";

/** Longest start of a pooler, in ms. */
const START_LIMIT = 20_000;

/** A pooler before a test server. */
export interface Bouncer extends AsyncDisposable {
  /** The database's URL by way of the pooler. */
  readonly url: string;
}

/** Why this machine cannot start a pooler; false when it can. */
export function bouncerLacks(): false | string {
  if (existsSync(BOUNCER)) return false;
  const why = `no PgBouncer at ${BOUNCER} (apt-get install -y pgbouncer)`;
  console.warn(`skipped: tests through a pooler: ${why}`);
  return why;
}

/** Ends the pooler when the tests are gone, however they ended. */
const KEEPER = `
"$BOUNCER" "$RUN/bouncer.ini" </dev/null >"$RUN/log" 2>&1 &
bouncer=$!
trap 'kill -INT "$bouncer" 2>/dev/null; exit' TERM
owner() { if [ -d /proc/self ]; then [ -d "/proc/$OWNER" ]; else ps -p "$OWNER" >/dev/null; fi; }
while owner && kill -0 "$bouncer" 2>/dev/null; do sleep 0.2; done
kill -INT "$bouncer" 2>/dev/null
`;

/** Starts PgBouncer in transaction mode before the server of a URL, with so many server connections. */
export async function startBouncer(url: string, servers: number): Promise<Bouncer> {
  const target = new URL(url);
  const folder = await mkdtemp(join(await cacheFolder(), "bouncer-"));
  await give(folder);
  const port = await freePort();
  const ini = [
    "[databases]",
    `* = host=127.0.0.1 port=${target.port} user=${target.username} password=${target.password}`,
    "[pgbouncer]",
    ...["listen_addr=127.0.0.1", `listen_port=${port}`, "unix_socket_dir="],
    ...["auth_type=trust", `auth_file=${folder}/users`],
    ...["pool_mode=transaction", `default_pool_size=${servers}`, "max_client_conn=100"],
  ];
  await writeFile(join(folder, "users"), `"${target.username}" "${target.password}"\n`);
  await writeFile(join(folder, "bouncer.ini"), ini.join("\n"));
  const child = spawn("/bin/sh", ["-c", KEEPER], {
    cwd: "/",
    detached: true,
    stdio: "ignore",
    env: {
      PATH: process.env.PATH ?? "/usr/bin:/bin",
      ...{ BOUNCER, RUN: folder, OWNER: String(process.pid) },
    },
    ...(serverUid === null ? {} : { uid: serverUid, gid: serverUid }),
  });
  child.unref();
  const limit = Date.now() + START_LIMIT;
  while (!await listens(port)) {
    if (Date.now() > limit || child.exitCode !== null) {
      const log = await readFile(join(folder, "log"), "utf8");
      throw new Error(`PgBouncer did not start:\n${log}`);
    }
    await sleep(10);
  }
  target.port = String(port);
  return {
    url: target.href,
    async [Symbol.asyncDispose]() {
      child.ref();
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
