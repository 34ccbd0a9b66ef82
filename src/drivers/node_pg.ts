import pg from "npm:pg@8.23.1";
import type { Connection, Driver, DriverOptions, Rows, Statement } from "../driver/port.ts";

const asText = { getTypeParser: () => (text: string): string => text };

/** Opens a pool of node-postgres connections. */
export function openNodePg(options: DriverOptions): Driver {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolMax,
    options: "-c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=1",
  });
  pool.on("error", () => {});
  const run = async (target: pg.Pool | pg.PoolClient, statement: Statement): Promise<Rows> => {
    const result = await target.query({
      text: statement.text,
      values: [...statement.params],
      rowMode: "array",
      types: asText,
    });
    return {
      columns: result.fields.map((field: { name: string; dataTypeID: number }) => ({
        name: field.name,
        typeOid: field.dataTypeID,
      })),
      rows: result.rows,
      affected: result.rowCount ?? 0,
    };
  };
  return {
    name: "node_pg",
    capabilities: {
      pipelining: false,
      namedStatements: false,
      concurrentConnections: true,
      cancel: false,
      listen: false,
    },
    query: (statement) => run(pool, statement),
    async acquire(): Promise<Connection> {
      const client = await pool.connect();
      const onError = () => {};
      client.on("error", onError);
      return {
        query: (statement) => run(client, statement),
        async script(text) {
          await client.query(text);
        },
        listen: () => Promise.reject(new Error("not yet")),
        release(how) {
          client.release(how?.broken ?? false);
        },
      };
    },
    close: () => pool.end(),
  };
}
