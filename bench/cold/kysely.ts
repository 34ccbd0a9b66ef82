import { type Generated, Kysely, PostgresDialect } from "kysely";
import pg from "pg";

interface Schema {
  customers: {
    id: Generated<number>;
    email: string;
    name: string;
    country: string;
    credit: string;
    created_at: Date;
  };
}

/** Reads the name of a customer on a connection of its own. */
export async function run(url: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  try {
    const customer = await db.selectFrom("customers").selectAll().where("id", "=", 1)
      .executeTakeFirstOrThrow();
    return customer.name;
  } finally {
    await db.destroy();
  }
}
