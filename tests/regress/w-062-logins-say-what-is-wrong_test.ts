import assert from "node:assert/strict";
import { test } from "node:test";
import { closeDatabase, DatabaseError, integer, model, registerDatabase } from "../../mod.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");

class Any extends model("any", { id: integer().primaryKey() }, { database: "login" }) {}

test("a database without a password is registered, and a key that is none is refused plainly", {
  skip: server.skip,
}, async () => {
  await using db = await testDatabase(server);
  const url = new URL(db.url);
  const failure = async (password: string): Promise<DatabaseError> => {
    url.password = password;
    registerDatabase({ name: "login", url: url.href });
    try {
      await Any.count();
      assert.fail("the server let it in");
    } catch (error) {
      assert.ok(error instanceof DatabaseError, String(error));
      return error;
    } finally {
      await closeDatabase("login");
    }
  };
  assert.ok(
    ["password_missing", "login_refused", "wrong_password"].includes((await failure("")).code),
  );
  const token = "eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2lnbmF0dXJl";
  const refused = await failure(token);
  assert.equal(refused.code, "wrong_password");
  assert.ok(!JSON.stringify(refused).includes(token) && !refused.message.includes(token));
});
