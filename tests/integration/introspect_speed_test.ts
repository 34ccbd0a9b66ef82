import assert from "node:assert/strict";
import { test } from "node:test";
import { introspect } from "../../generator/introspect/introspect.ts";
import { objectsOf } from "../../src/catalog/catalog.ts";
import { cpuOf, leastOf } from "../support/cpu.ts";
import { testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";

/** Seconds of the client's CPU that reading them may take. */
const LIMIT = 2;

const script = `do $do$ begin
    create type state as enum ('new', 'done');
    for i in 1..1000 loop
      execute format('create table t%1$s (
        id bigint generated always as identity primary key, parent_id bigint references t%1$s,
        name varchar(200) not null, state state default ''new'', amount numeric(12,2) check (amount > 0),
        tags text[], meta jsonb default ''{}'', created_at timestamptz not null default now(),
        unique (name, state));
        create index on t%1$s (parent_id); create index on t%1$s (lower(name)) where amount > 1;
        comment on column t%1$s.name is ''name of %1$s''', i);
    end loop;
  end $do$`;

for (const kind of ["pg18", "pg15"] as const) {
  const server = await testServer(kind);
  test(
    `introspect() reads 1,000 tables in ${LIMIT} s of CPU on ${kind}`,
    { skip: server.skip },
    async () => {
      await using db = await testDatabase(server);
      const connection = await db.driver.acquire();
      await connection.script(script);
      connection.release();

      const read = async () => {
        const { catalog } = await introspect(db.driver);
        assert.equal(objectsOf(catalog, "table").length, 1000);
        assert.equal(objectsOf(catalog, "column").length, 8000);
      };
      const seconds = await leastOf(LIMIT, async () => {
        const start = performance.now();
        const used = await cpuOf(read);
        console.log(
          `introspect ${kind}: 1,000 tables, ${used.toFixed(2)} s of client CPU, ` +
            `${Math.round(performance.now() - start)} ms`,
        );
        return used;
      });
      assert.ok(seconds < LIMIT, `${seconds} s`);
    },
  );
}
