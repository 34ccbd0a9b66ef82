/** One model that writes SQL text as well, and with it reads whatever type the server gives. */
import { jsonb, model, registerDatabase, sql, timestamptz, uuid } from "../../mod.ts";

class Note extends model("notes", {
  id: uuid().primaryKey().default(sql`gen_random_uuid()`),
  body: jsonb(),
  createdAt: timestamptz().default(sql`now()`),
}) {}

/** Reads on a database of a URL. */
export async function main(url: string): Promise<object[]> {
  registerDatabase({ name: "main", url });
  await Note.create({ body: { a: 1 } });
  return await Note.rawSql(sql`select count(*) as n from notes where body @> ${{ a: 1 }}`);
}
