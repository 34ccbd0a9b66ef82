/** A plain server of files. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join, normalize } from "node:path";

/** A server that runs. */
export interface FileServer extends AsyncDisposable {
  /** Its address, without a slash at its end. */
  readonly url: string;
  /** The paths that were asked for and are not there. */
  readonly missed: readonly string[];
}

/** Serves the files of a folder on the loopback, with no word on what they are. */
export async function serveFiles(folder: string): Promise<FileServer> {
  const missed: string[] = [];
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname));
    try {
      response.end(await readFile(join(folder, path)));
    } catch {
      missed.push(path);
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    missed,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
