/**
 * A handler for Deno Deploy: GET lists notes, POST adds one. The table stands in `notes.sql`.
 *
 * Usage: `DATABASE_URL=postgres://... deno serve --allow-net --allow-env main.ts`
 */
import { integer, model, registerDatabaseFromEnv, text, ValidationError } from "@matrx/orm";

class Note extends model("notes", {
  id: integer().primaryKey().identity(),
  body: text(),
}) {}

// nothing is opened here: that happens with the first query, and connections serve many requests
registerDatabaseFromEnv("main");

async function add(request: Request): Promise<Response> {
  const body: unknown = await request.text();
  try {
    const note = await Note.create({ body: body as string });
    return Response.json({ id: note.id, body: note.body }, { status: 201 });
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return Response.json({ error: error.message }, { status: 400 });
  }
}

export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method === "POST") return await add(request);
    const notes = await Note.filter().orderBy("id").limit(50).all();
    return Response.json(notes.map(({ id, body }) => ({ id, body })));
  },
};
