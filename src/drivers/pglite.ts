import { PGlite } from "npm:@electric-sql/pglite@0.5.14";
import { vector } from "npm:@electric-sql/pglite-pgvector@0.0.15";
import type { Connection, Driver, DriverOptions, Rows, Statement } from "../driver/port.ts";

const asText = new Proxy({}, { get: () => (value: string): string => value });

/** Opens the embedded PostgreSQL. */
export function openPglite(options: DriverOptions): Driver {
  let opened: Promise<PGlite> | undefined;
  const where = options.url.slice("pglite://".length);
  const open = (): Promise<PGlite> =>
    opened ??= PGlite.create({
      ...(where === "memory" ? {} : { dataDir: where }),
      extensions: { vector },
    });
  const run = async (statement: Statement): Promise<Rows> => {
    const result = await (await open()).query<(string | null)[]>(
      statement.text,
      [...statement.params],
      { rowMode: "array", parsers: asText, serializers: asText },
    );
    return {
      columns: result.fields.map((field) => ({ name: field.name, typeOid: field.dataTypeID })),
      rows: result.rows,
      affected: result.affectedRows ?? 0,
    };
  };
  return {
    name: "pglite",
    capabilities: {
      pipelining: false,
      namedStatements: false,
      concurrentConnections: false,
      cancel: false,
      listen: false,
    },
    query: run,
    acquire(): Promise<Connection> {
      return Promise.resolve({
        query: run,
        async script(text) {
          await (await open()).exec(text);
        },
        listen: () => Promise.reject(new Error("not yet")),
        release() {},
      });
    },
    async close() {
      await (await opened)?.close();
    },
  };
}
