/**
 * Several schemas and row security as on Supabase: each request runs as the role `authenticated` with
 * the claims of its user, and policies decide which rows it sees. Makes its tables by `schema.sql`.
 *
 * Usage: `DATABASE_URL=postgres://... deno run -A main.ts`
 */
import {
  closeAll,
  foreignKey,
  model,
  PermissionError,
  registerDatabaseFromEnv,
  runScript,
  sql,
  text,
  transaction,
  uuid,
} from "@matrx/orm";

/** Of the schema `auth`, which users of the API never read. */
class User extends model("users", { id: uuid().primaryKey(), email: text() }, { schema: "auth" }) {}

class Note extends model("notes", {
  id: uuid().primaryKey().default(sql`gen_random_uuid()`),
  ownerId: foreignKey<User>(() => User),
  body: text(),
}, { schema: "public" }) {}

/** Runs a function as one user: role and claims hold for this transaction alone. */
async function asUser<Result>(id: string, fn: () => Promise<Result>): Promise<Result> {
  return await transaction(async () => {
    const claims = JSON.stringify({ sub: id, role: "authenticated" });
    await Note.rawSql(sql`select set_config('request.jwt.claims', ${claims}, true)`);
    await Note.rawSql(sql`select set_config('role', 'authenticated', true)`);
    return await fn();
  });
}

const ADA = "00000000-0000-4000-8000-000000000001";
const GRACE = "00000000-0000-4000-8000-000000000002";

registerDatabaseFromEnv("main", "DATABASE", { schemas: ["public", "auth"] });
await runScript(await Deno.readTextFile(new URL("schema.sql", import.meta.url)));
await User.bulkCreate([{ id: ADA, email: "ada@example.com" }, {
  id: GRACE,
  email: "g@example.com",
}]);

await asUser(ADA, () => Note.create({ ownerId: ADA, body: "Ada's own" }));
await asUser(GRACE, () => Note.create({ ownerId: GRACE, body: "Grace's own" }));
for (const id of [ADA, GRACE]) {
  const notes = await asUser(id, () => Note.filter().all());
  console.log(`${id.slice(-1)} sees: ${notes.map(({ body }) => body).join(", ")}`);
}
try {
  await asUser(GRACE, () => Note.create({ ownerId: ADA, body: "in another's name" }));
} catch (error) {
  if (!(error instanceof PermissionError)) throw error;
  console.log("a note in another's name is refused");
}
try {
  await asUser(GRACE, () => User.filter().all());
} catch (error) {
  if (!(error instanceof PermissionError)) throw error;
  console.log("auth.users is closed to users");
}
console.log(`the server's own role sees ${await Note.count()} notes`);
await closeAll();
