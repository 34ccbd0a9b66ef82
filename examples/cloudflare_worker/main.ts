/**
 * A Worker: GET lists notes, POST adds one. Workers let no connection outlive a request, so each request
 * has a database of its own; Hyperdrive or another pooler before the server makes that cheap.
 *
 * Usage: with `pg` beside the library and the compatibility flag `nodejs_compat`, `npx wrangler dev`.
 */
import { integer, model, text, transaction, withDatabase } from "@matrx/orm";

class Note extends model("notes", {
  id: integer().primaryKey().identity(),
  body: text(),
}) {}

async function answer(request: Request): Promise<Response> {
  if (request.method === "POST") {
    const body = await request.text();
    // what is inside joins the transaction by itself
    const count = await transaction(async () => {
      await Note.create({ body });
      return await Note.count();
    });
    return Response.json({ count }, { status: 201 });
  }
  const notes = await Note.filter().orderBy("id").limit(50).all();
  return Response.json(notes.map(({ body }) => body));
}

export default {
  fetch(request: Request, env: { readonly DATABASE_URL: string }): Promise<Response> {
    return withDatabase({ url: env.DATABASE_URL, poolMax: 1 }, () => answer(request));
  },
};
