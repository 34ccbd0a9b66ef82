import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder, findPg15, findPg18, give, isAlive } from "./binaries.ts";
import { launch, layOut, type ServerKind, startTime, sweep } from "./servers.ts";

/** A server that one test has for itself, to crash it. */
export interface OwnServer extends AsyncDisposable {
  /** The superuser's URL of its maintenance database; the port stays the same over a crash. */
  readonly url: string;
  /** Ends it at once, as a crash does: no checkpoint, no goodbye. Resolves when it is gone. */
  crash(): Promise<void>;
  /** Starts it again; resolves when it takes connections. */
  restart(): Promise<void>;
}

/** Why this machine cannot start a server of that kind; false when it can. */
export async function ownServerLacks(kind: Exclude<ServerKind, "pglite">): Promise<false | string> {
  const binaries = kind === "pg18" ? await findPg18() : findPg15();
  return "missing" in binaries ? binaries.missing : false;
}

/** How a server of one's own differs from the others. */
export interface OwnServerOptions {
  /** Settings beside those of every server. */
  readonly settings?: readonly string[];
  /** The URL of the primary that it follows as a replica. */
  readonly follows?: string;
}

/** Starts a server of one's own, whatever servers the environment names. */
export async function ownServer(
  kind: Exclude<ServerKind, "pglite">,
  { settings = [], follows }: OwnServerOptions = {},
): Promise<OwnServer> {
  const binaries = kind === "pg18" ? await findPg18() : findPg15();
  if ("missing" in binaries) throw new Error(`Cannot start ${kind}: ${binaries.missing}`);
  const runs = join(await cacheFolder(), "run");
  await mkdir(runs, { recursive: true });
  await sweep(runs);
  const mark = crypto.randomUUID().slice(0, 8);
  const outer = join(runs, `own${kind}-${process.pid}-${startTime()}-${mark}`);
  await mkdir(outer);
  const bare = await layOut(kind, binaries, outer);
  if (follows !== undefined) {
    const signal = join(bare.folder, "data", "standby.signal");
    await writeFile(signal, "");
    await give(signal);
  }
  const site = { ...bare, settings: [...settings, ...followSettings(follows)] };
  const url = await launch(site);
  const crash = async (): Promise<void> => {
    const file = join(site.folder, "data", "postmaster.pid");
    if (!existsSync(file)) return;
    const pid = Number((await readFile(file, "utf8")).split("\n")[0]);
    process.kill(pid, "SIGQUIT");
    while (isAlive(pid)) await sleep(5);
    // what an immediate stop leaves behind would look like a server that is ready
    await rm(file, { force: true });
  };
  return {
    url,
    crash,
    restart: async () => void await launch(site),
    async [Symbol.asyncDispose]() {
      await crash();
      await rm(outer, { recursive: true, force: true });
    },
  };
}

function followSettings(primary: string | undefined): string[] {
  if (primary === undefined) return [];
  const { hostname, port, username, password } = new URL(primary);
  return [
    `primary_conninfo=host=${hostname} port=${port} user=${username} password=${password}`,
    "hot_standby_feedback=on",
  ];
}
