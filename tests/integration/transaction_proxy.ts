import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/** Where a link is cut: before the server sees COMMIT, or after it has answered. */
export type Cut = "before commit" | "after commit";

/** A link to a server that is cut at one COMMIT. */
export interface Proxy extends AsyncDisposable {
  /** The server's URL by way of the proxy. */
  readonly url: string;
  /** Cuts the link of the next COMMIT. */
  arm(where: Cut): void;
  /** How many links were cut. */
  cuts(): number;
}

/** Starts a proxy in front of a server. */
export async function startProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  let armed: Cut | null = null;
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let swallow = false;
    const end = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", end);
      socket.on("close", () => {
        sockets.delete(socket);
        end();
      });
    }
    client.on("data", (data) => {
      if (armed !== null && data.includes("commit\0")) {
        const where = armed;
        armed = null;
        cuts++;
        if (where === "before commit") return end();
        swallow = true;
      }
      upstream.write(data);
    });
    let swallowed = "";
    upstream.on("data", (data) => {
      if (!swallow) return void client.write(data);
      swallowed += data.toString("latin1");
      // the tag of the answer shows that the server has committed
      if (swallowed.includes("COMMIT\0")) end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    arm: (where) => void (armed = where),
    cuts: () => cuts,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
