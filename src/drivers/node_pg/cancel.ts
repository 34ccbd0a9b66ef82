import { type PgClient, WireClass } from "./module.ts";

/**
 * Asks the server to cancel what a client is running; resolves once the server has taken the request.
 *
 * This is the protocol's own cancel request, not `pg_cancel_backend`: it needs no free connection,
 * and a pooler passes it on to the right server process. It travels as the client's link does, with TLS or without.
 */
export function requestCancel(client: PgClient, limitMs: number): Promise<void> {
  const { processID, secretKey } = client;
  if (processID === null || secretKey === null) {
    return Promise.reject(new Error("The server gave no key to cancel with"));
  }
  const wire = new WireClass({
    ssl: client.ssl,
    ...(client.sslNegotiation === undefined ? {} : { sslNegotiation: client.sslNegotiation }),
  });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => wire.stream.destroy(new Error("The cancel request was not answered")),
      limitMs,
    );
    const send = (): void => wire.cancel(processID, secretKey);
    wire.on("connect", () => {
      if (!client.ssl) send();
      else if (client.sslNegotiation !== "direct") wire.requestSsl();
    });
    wire.on("sslconnect", send);
    wire.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    // the server closes the link after it has passed the signal on
    wire.on("end", () => {
      clearTimeout(timer);
      resolve();
    });
    if (client.host.startsWith("/")) wire.connect(`${client.host}/.s.PGSQL.${client.port}`);
    else wire.connect(client.port, client.host);
  });
}
