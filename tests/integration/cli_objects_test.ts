/** `matrx generate --with-objects`: what models do not say, as SQL files. */
import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { join } from "node:path";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runScript } from "../support/generated.ts";
import { testServer } from "../support/servers.ts";
import { matrx, testFolder } from "./cli_support.ts";

const server = await testServer("pg18");
const skip = { skip: server.skip };
let db: TestDatabase;

before(async () => {
  if (server.skip !== false) return;
  db = await testDatabase(server);
  await runScript(
    db.driver,
    `
    create schema crm;
    comment on schema crm is 'Customers';
    create type crm.mood as enum ('sad', 'ok');
    create table crm.notes (id serial primary key, mood crm.mood, body text -- with a comment
    );
    create function crm.touch() returns trigger language plpgsql as 'begin return new; -- done
    end';
    create function crm."Odd/Name"(a int) returns int language sql as 'select a';
    create function crm."Odd/Name"(a text) returns text language sql as 'select a';
    create trigger touched before update on crm.notes for each row execute function crm.touch();
    create view crm.moods as select mood, count(*) as n from crm.notes group by mood;
    comment on view crm.moods is 'said by the model';
  `,
  );
});
after(async () => await db?.[Symbol.asyncDispose]());

const args = () => ["generate", "--database", db.url, "--schema", "crm", "--with-objects"];

test("generate --with-objects writes a file for each thing that no model says", skip, async () => {
  await using folder = await testFolder();
  const first = await matrx(args(), { cwd: folder.path });
  assert.equal(first.status, 0, first.err);
  assert.match(first.out, /^SQL objects +8 created in /m);
  const files = (await readdir(join(folder.path, "db/objects"), { recursive: true }))
    .filter((name) => name.endsWith(".sql")).sort();
  const odd = files.find((name) => /^crm\/functions\/odd_name-[0-9a-f]{8}\.sql$/.test(name))!;
  assert.deepEqual(
    files,
    [
      odd,
      ...["crm/functions/touch.sql", "crm/schema.sql", "crm/sequences.sql", "crm/tables/notes.sql"],
      ...["crm/types/mood.sql", "crm/views/moods.sql"],
    ].sort(),
  );
  const view = await folder.read("db/objects/crm/views/moods.sql");
  assert.match(view, /CREATE VIEW "crm"\."moods"/);
  assert.doesNotMatch(view, /said by the model/);
  assert.equal(
    (await folder.read(`db/objects/${odd}`)).match(/CREATE OR REPLACE FUNCTION/g)?.length,
    2,
  );
  assert.match(await folder.read("db/objects/crm/tables/notes.sql"), /CREATE TRIGGER touched/);
  assert.match(await folder.read("db/objects/crm/sequences.sql"), /OWNED BY/);
  assert.match(await folder.read("db/objects/crm/schema.sql"), /Customers/);

  const again = await matrx([...args(), "--dry-run"], { cwd: folder.path });
  assert.equal(again.status, 0, again.out + again.err);
});

test("generate --with-objects keeps an edit until the database changes too", skip, async () => {
  await using folder = await testFolder();
  await matrx(args(), { cwd: folder.path });
  const path = join(folder.path, "db/objects/crm/views/moods.sql");
  const own = join(folder.path, "db/objects/mine.sql");
  await writeFile(path, "create view crm.moods as select 1 as n;\n");
  await writeFile(own, "create view crm.mine as select 1 as n;\n");
  const kept = await matrx(args(), { cwd: folder.path });
  assert.equal(kept.status, 0, kept.err);
  assert.match(await folder.read("db/objects/crm/views/moods.sql"), /select 1/);

  await runScript(
    db.driver,
    "create or replace view crm.moods as select mood, count(*) as n, 1 as x from crm.notes group by mood",
  );
  const refused = await matrx(args(), { cwd: folder.path });
  assert.equal(refused.status, 1);
  assert.match(refused.err, /changed by hand: crm\/views\/moods\.sql/);
  assert.match(await folder.read("db/objects/crm/views/moods.sql"), /select 1/);
  const forced = await matrx([...args(), "--force"], { cwd: folder.path });
  assert.equal(forced.status, 0, forced.err);
  assert.match(await folder.read("db/objects/crm/views/moods.sql"), /CREATE VIEW/);
  assert.match(await folder.read("db/objects/mine.sql"), /select 1/);

  await runScript(db.driver, "drop view crm.moods");
  const gone = await matrx(args(), { cwd: folder.path });
  assert.equal(gone.status, 0, gone.err);
  await assert.rejects(folder.read("db/objects/crm/views/moods.sql"));
});

test("generate --strict refuses a database that has what cannot be written", skip, async () => {
  await using folder = await testFolder();
  await using other = await testDatabase(server);
  const strict = ["generate", "--database", other.url, "--with-objects", "--strict"];
  assert.equal((await matrx(strict, { cwd: folder.path })).status, 0);
  await runScript(
    other.driver,
    "create type odd",
  );
  const refused = await matrx(strict, { cwd: folder.path });
  assert.equal(refused.status, 1);
  assert.match(refused.err, /undescribed_objects/);
  assert.match(refused.err, /type public\.odd/);
  const wrong = await matrx(["generate", "--database", other.url, "--strict"], {
    cwd: folder.path,
  });
  assert.equal(wrong.status, 2);
  assert.match(wrong.err, /with-objects/);
});
