import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { integer, numeric, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import pg from "pg";

const customers = pgTable("customers", {
  id: integer("id").primaryKey().generatedByDefaultAsIdentity(),
  email: text("email").notNull(),
  name: text("name").notNull(),
  country: text("country").notNull(),
  credit: numeric("credit", { precision: 12, scale: 2 }).notNull(),
  createdAt: timestamp("created_at", { withTimezone: true, mode: "date" }).notNull(),
});

/** Reads the name of a customer on a connection of its own. */
export async function run(url: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    const db = drizzle(pool);
    const [customer] = await db.select().from(customers).where(eq(customers.id, 1));
    return customer!.name;
  } finally {
    await pool.end();
  }
}
