import pg from "pg";

/** Reads the name of a customer on a connection of its own. */
export async function run(url: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    const { rows } = await pool.query("select * from customers where id = $1", [1]);
    return rows[0].name;
  } finally {
    await pool.end();
  }
}
