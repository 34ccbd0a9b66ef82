import assert from "node:assert/strict";
import { test } from "node:test";
import { closeDatabase, integer, model, registerDatabase, sql } from "../../mod.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");

class Any extends model("any", { id: integer().primaryKey() }, { database: "tls" }) {}

test("TLS is used or not as the URL says, and verified when it says so", {
  skip: server.skip,
}, async () => {
  await using db = await testDatabase(server);
  const encrypted = async (mode: string): Promise<unknown> => {
    const url = new URL(db.url);
    url.searchParams.set("sslmode", mode);
    registerDatabase({ name: "tls", url: url.href });
    try {
      const [row] = await Any.rawSql(
        sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`,
      );
      return row?.["ssl"];
    } finally {
      await closeDatabase("tls");
    }
  };
  assert.equal(await encrypted("disable"), false);
  assert.equal(await encrypted("require"), true);
  // the certificate of the test servers is signed by nobody that the system trusts
  await assert.rejects(encrypted("verify-full"), { code: "tls_certificate" });
});
