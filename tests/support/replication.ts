import { type OwnServer, ownServer } from "./own_server.ts";

/** A primary and the replicas that follow it, each a server of its own. */
export interface Replication extends AsyncDisposable {
  /** Where writes go. */
  readonly primary: OwnServer;
  /** Those that follow it. */
  readonly replicas: readonly OwnServer[];
}

/** Settings of the primary and of its replicas; a replica needs as much room as its primary. */
const SETTINGS: readonly string[] = [
  "wal_level=replica",
  // a replica that starts from an empty server, or again, finds all it has missed
  "wal_keep_size=256MB",
  "wal_retrieve_retry_interval=100ms",
];

/** Starts a primary and replicas that follow it. `ownServerLacks()` says why a machine cannot. */
export async function startReplication(
  kind: "pg18" | "pg15",
  replicas: number,
): Promise<Replication> {
  const all: OwnServer[] = [];
  const end = async (): Promise<void> => {
    await Promise.all(all.map((server) => server[Symbol.asyncDispose]()));
  };
  try {
    all.push(await ownServer(kind, { settings: SETTINGS }));
    const { url } = all[0]!;
    for (let i = 0; i < replicas; i++) {
      all.push(await ownServer(kind, { settings: SETTINGS, follows: url }));
    }
  } catch (error) {
    await end();
    throw error;
  }
  const [primary, ...others] = all;
  return { primary: primary!, replicas: others, [Symbol.asyncDispose]: end };
}
