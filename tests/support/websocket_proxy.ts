/** A proxy from WebSockets to the TCP port that their URL names, as Neon's; on Deno. */
export interface WebSocketProxy extends AsyncDisposable {
  /** The address of the proxy for a server, without its scheme. */
  addressOf(host: string, port: number | string): string;
}

/** Starts the proxy on the loopback. */
export function startWebSocketProxy(): WebSocketProxy {
  const links = new Set<Deno.TcpConn>();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const [host = "", port = ""] = (new URL(request.url).searchParams.get("address") ?? "").split(
      ":",
    );
    const { socket, response } = Deno.upgradeWebSocket(request);
    socket.binaryType = "arraybuffer";
    const link = Deno.connect({ hostname: host, port: Number(port) });
    link.catch(() => socket.close());
    socket.onopen = async () => {
      try {
        const tcp = await link;
        links.add(tcp);
        for await (const part of tcp.readable) socket.send(part);
      } catch {
        // a server that is gone, or a client: both ends are closed below
      }
      if (socket.readyState === WebSocket.OPEN) socket.close();
    };
    let last: Promise<unknown> = link;
    socket.onmessage = ({ data }) => {
      last = last.then(async () => {
        const tcp = await link;
        const bytes = new Uint8Array(data as ArrayBuffer);
        for (let at = 0; at < bytes.length;) at += await tcp.write(bytes.subarray(at));
      }).catch(() => socket.close());
    };
    socket.onerror = () => {}; // close follows
    socket.onclose = async () => {
      const tcp = await link.catch(() => null);
      if (tcp === null || !links.delete(tcp)) return;
      try {
        tcp.close();
      } catch {
        // the end of the stream has closed it
      }
    };
    return response;
  });
  return {
    addressOf: (host, port) => `127.0.0.1:${server.addr.port}/v2?address=${host}:${port}`,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
    },
  };
}
