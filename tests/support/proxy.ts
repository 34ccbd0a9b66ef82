import { connect, createServer, type Socket } from "node:net";

/** A TCP proxy that can let its links fall silent or cut them. */
export interface Proxy extends AsyncDisposable {
  /** The port of the loopback that it listens on. */
  readonly port: number;
  /** Swallows every byte of the present links, both ways, without closing them. New links work. */
  freeze(): void;
  /** Closes the present links at once. */
  cut(): void;
  /** Closes each link after so many bytes from the server; null for never. */
  limit(bytes: number | null): void;
  /** Closes new links at once, or takes them again. */
  refuse(on: boolean): void;
  /** How many links were opened so far. */
  opened(): number;
}

/** Starts a proxy before a server on the loopback; it may hold all that passes back for a while. */
export async function startProxy(
  target: number,
  { delayMs = 0 }: { readonly delayMs?: number } = {},
): Promise<Proxy> {
  const pass = (work: () => void): void => {
    if (delayMs === 0) work();
    else setTimeout(work, delayMs);
  };
  const links = new Set<{ frozen: boolean; near: Socket; far: Socket }>();
  let most: number | null = null;
  let refusing = false;
  let opened = 0;
  const server = createServer((near) => {
    if (refusing) return void near.destroy();
    opened++;
    const far = connect(target, "127.0.0.1");
    const link = { frozen: false, near, far };
    links.add(link);
    let left = most ?? Infinity;
    near.on("data", (bytes: Uint8Array) => {
      if (!link.frozen) pass(() => far.write(bytes));
    });
    far.on("data", (bytes: Uint8Array) => {
      if (link.frozen) return;
      const part = bytes.subarray(0, left);
      pass(() => near.write(part));
      left -= bytes.length;
      if (left <= 0) near.destroy();
    });
    for (const [one, other] of [[near, far], [far, near]] as const) {
      one.on("error", () => {}); // a cut link reports itself; close follows
      one.on("close", () => {
        links.delete(link);
        if (!link.frozen) other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The proxy has no port");
  const cut = (): void => {
    for (const { near, far } of links) {
      near.destroy();
      far.destroy();
    }
  };
  return {
    port: address.port,
    freeze() {
      for (const link of links) link.frozen = true;
    },
    cut,
    limit(bytes) {
      most = bytes;
    },
    refuse(on) {
      refusing = on;
    },
    opened: () => opened,
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
