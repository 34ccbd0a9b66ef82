import { decimal, integer, model, text, timestamptz, withDatabase } from "../../mod.ts";

class Customer extends model("customers", {
  id: integer().primaryKey().identity(),
  email: text(),
  name: text(),
  country: text(),
  credit: decimal(12, 2),
  createdAt: timestamptz(),
}) {}

/** Reads the name of a customer on a connection of its own. */
export function run(url: string): Promise<string> {
  return withDatabase({ url, poolMax: 1 }, async () => (await Customer.get({ id: 1 })).name);
}
