import assert from "node:assert/strict";
import { test } from "node:test";
import { closeDatabase, integer, memoryStore, model, registerDatabase, text } from "../../mod.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

const server = await testServer("pg18");

test("a cache does give no role the rows of another one", { skip: server.skip }, async () => {
  await using db = await testDatabase(server);
  const connection = await db.driver.acquire();
  await connection.script(`
    create table papers (id int primary key, tenant text not null, body text);
    insert into papers values (1, 'ann', 'of Ann'), (2, 'bob', 'of Bob');
    alter table papers enable row level security, force row level security;
    create policy own on papers using (tenant = current_setting('app.tenant', true));
    do $$ begin create role cache_reader; exception when duplicate_object then null; end $$;
    grant select, update on papers to cache_reader;
  `);
  connection.release();
  const store = memoryStore();
  const tenants = ["ann", "bob"];
  for (const tenant of tenants) {
    const url = new URL(db.url);
    url.searchParams.set("options", `-c role=cache_reader -c app.tenant=${tenant}`);
    registerDatabase({ name: tenant, url: url.href, cacheStore: store });
  }
  registerDatabase({ name: "again", url: db.url, cacheStore: store });
  try {
    class Paper extends model("papers", {
      id: integer().primaryKey(),
      tenant: text(),
      body: text().nullable(),
    }, { cache: "permanent", database: "ann" }) {}
    const [Ann, Bob] = [Paper.using("ann"), Paper.using("bob")];
    for (let round = 0; round < 2; round++) {
      assert.equal((await Ann.get({ id: 1 })).body, "of Ann");
      assert.equal(await Ann.getOrNull({ id: 2 }), null);
      assert.equal(await Bob.getOrNull({ id: 1 }), null);
      assert.equal((await Bob.get({ id: 2 })).body, "of Bob");
    }
    // a write by another name of the same database makes the rows of all roles void
    await Paper.using("again").updateWhere({ id: { in: [1, 2] } }, { body: "new" });
    assert.equal((await Ann.get({ id: 1 })).body, "new");
    assert.equal((await Bob.get({ id: 2 })).body, "new");
    assert.equal(await Bob.getOrNull({ id: 1 }), null);
  } finally {
    for (const name of [...tenants, "again"]) await closeDatabase(name);
  }
});
