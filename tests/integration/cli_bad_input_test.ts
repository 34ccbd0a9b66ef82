import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { testServer } from "../support/servers.ts";
import { matrx, type Ran, testFolder } from "./cli_support.ts";

const server = await testServer("pg18");
const skip = { skip: server.skip };
let db: TestDatabase;
before(async () => {
  if (server.skip !== false) return;
  db = await testDatabase(server);
  await db.driver.query({ text: "create schema billing", params: [] });
  await db.driver.query({ text: "create table orders (id int primary key)", params: [] });
});
after(async () => await db?.[Symbol.asyncDispose]());

const SECRET = "s3cr3t-w0rd";

/** A URL of the test's database with parts of it changed. */
function changed(change: (url: URL) => void): string {
  const url = new URL(db.url);
  change(url);
  return url.href;
}

interface Case {
  readonly name: string;
  readonly args: () => readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly code: string;
  readonly message: RegExp;
  readonly hint?: RegExp;
}

const generate = (...more: readonly string[]): string[] => ["generate", "--out", "db", ...more];
const config = (text: string): Record<string, string> => ({ "matrx.config.ts": text });

const cases: readonly Case[] = [
  {
    name: "an unknown scheme",
    args: () => generate("--database", `mysql://me:${SECRET}@localhost/x`),
    code: "invalid_url",
    message: /no driver opens mysql:\/\//,
    hint: /postgres:\/\//,
  },
  {
    name: "a URL that is none",
    args: () => generate("--database", `postgres://me:${SECRET}@local host:port/x`),
    code: "invalid_url",
    message: /its URL cannot be read/,
    hint: /percent-encoded/,
  },
  {
    name: "a URL with a schema",
    args: () => generate("--database", changed((url) => url.search = "?schema=billing")),
    code: "bad_url",
    message: /a parameter schema, which does nothing here/,
    hint: /--schema/,
  },
  {
    name: "a URL with an unknown parameter",
    args: () => generate("--database", changed((url) => url.search = "?sslmod=require")),
    code: "bad_url",
    message: /unknown parameter "sslmod"/,
    hint: /sslmode/,
  },
  {
    name: "a URL whose password has a bare question mark",
    args: () => generate("--database", `postgres://me:12?x&${SECRET}@localhost/x`),
    code: "bad_url",
    message: /it has an unknown parameter$/,
  },
  {
    name: "an embedded database that is not there",
    args: () => generate("--database", "pglite://./no-such-folder/db"),
    code: "folder_missing",
    message: /no-such-folder\/db: it does not exist/,
  },
  {
    name: "an embedded database in a folder that holds none",
    args: () => generate("--database", "pglite://./tests"),
    code: "folder_missing",
    message: /tests: it holds no database/,
  },
  {
    name: "a wrong password",
    args: () => generate("--database", changed((url) => url.password = SECRET)),
    code: "wrong_password",
    message: /Cannot connect to "main".*password authentication failed/,
  },
  {
    name: "a server that is down",
    args: () => generate("--database", `postgres://me:${SECRET}@127.0.0.1:1/x`),
    code: "connection_refused",
    message: /Cannot connect to "main" \(127\.0\.0\.1:1\/x\)/,
    hint: /Start the server/,
  },
  {
    name: "a database that is not there",
    args: () => generate("--database", changed((url) => url.pathname = "/no_such_database")),
    code: "unknown_database",
    message: /database "no_such_database" does not exist/,
  },
  {
    name: "a schema that is not there, with a near one",
    args: () => generate("--database", db.url, "--schema", "biling"),
    code: "schema_not_found",
    message: /Cannot read schema "biling"/,
    hint: /Did you mean "billing"\?/,
  },
  {
    name: "a schema that is not there, with none near",
    args: () => generate("--database", db.url, "--schema", "zzzzzzz"),
    code: "schema_not_found",
    message: /Cannot read schema "zzzzzzz"/,
    hint: /billing, public/,
  },
  {
    name: "a table filter that matches nothing",
    args: () => generate("--database", db.url, "--include-tables", "ordres"),
    code: "unknown_table",
    message: /Cannot find a table named "ordres"/,
    hint: /Did you mean "orders"\?/,
  },
  {
    name: "tables both included and excluded",
    args: () => generate("--include-tables", "a", "--exclude-tables", "b"),
    status: 2,
    code: "wrong_usage",
    message: /exclude each other/,
  },
  {
    name: "tables both included and excluded by the config",
    args: () => generate("--database", db.url),
    files: config("export default { generate: { includeTables: ['a'], excludeTables: ['b'] } };"),
    status: 2,
    code: "wrong_usage",
    message: /Cannot include and exclude tables at the same time/,
  },
  {
    name: "no database at all",
    args: () => generate(),
    status: 2,
    code: "wrong_usage",
    message: /No database is named/,
    hint: /DATABASE_URL/,
  },
  {
    name: "a config that throws",
    args: () => generate(),
    files: config("throw new Error('the moon is full');"),
    code: "config_failed",
    message: /Cannot load the config file .*matrx\.config\.ts: Error: the moon is full/,
  },
  {
    name: "a config that cannot be parsed",
    args: () => generate(),
    files: config("export default {"),
    code: "config_failed",
    message: /Cannot load the config file .*matrx\.config\.ts/,
  },
  {
    name: "a config without a default export",
    args: () => generate(),
    files: config("export const config = {};"),
    code: "invalid_config",
    message: /it has no default export/,
    hint: /export default defineConfig/,
  },
  {
    name: "a config with an unknown key",
    args: () => generate(),
    files: config("export default { generate: { shema: 'public' } };"),
    code: "invalid_config",
    message: /unknown key generate\.shema/,
    hint: /Did you mean generate\.schema\?/,
  },
  {
    name: "a config with a key in the wrong place",
    args: () => generate(),
    files: config("export default { generate: { out: 'x' } };"),
    code: "invalid_config",
    message: /unknown key generate\.out/,
    hint: /^Its place is out$/,
  },
  {
    name: "a config with a near key of another place",
    args: () => generate(),
    files: config("export default { schemas: ['public'] };"),
    code: "invalid_config",
    message: /unknown key schemas/,
    hint: /Did you mean generate\.schema\?/,
  },
  {
    name: "a config with an unknown casing",
    args: () => generate(),
    files: config("export default { generate: { casing: 'camle' } };"),
    code: "invalid_config",
    message: /generate\.casing does not take "camle"/,
    hint: /Did you mean camel\? It takes camel or preserve/,
  },
  {
    name: "a config with an empty value",
    args: () => generate(),
    files: config("export default { generate: { schema: ['public', ''] } };"),
    code: "invalid_config",
    message: /the value of generate\.schema is empty/,
  },
  {
    name: "a config with one text for a list of tables",
    args: () => generate(),
    files: config("export default { generate: { includeTables: 'orders' } };"),
    code: "invalid_config",
    message: /generate\.includeTables is not a list of texts/,
  },
  {
    name: "a config with a value of a wrong kind",
    args: () => generate(),
    files: config("export default { out: 3 };"),
    code: "invalid_config",
    message: /out is not a text/,
  },
  {
    name: "a config whose database has no URL",
    args: () => generate(),
    files: config("export default { databases: { main: undefined } };"),
    code: "missing_configuration",
    message: /"main"/,
  },
  {
    name: "a config file that is not there",
    args: () => generate("--config", "nowhere.ts"),
    code: "config_unreadable",
    message: /Cannot read the config file nowhere\.ts: it does not exist/,
  },
  {
    name: "an output folder that is a file",
    args: () => ["generate", "--database", db.url, "--out", "taken"],
    files: { taken: "text" },
    code: "unreadable_output",
    message: /taken/,
  },
  {
    name: "an output folder below a file",
    args: () => ["generate", "--database", db.url, "--out", "taken/below"],
    files: { taken: "text" },
    code: "unreadable_output",
    message: /taken\/below/,
  },
];

for (const one of cases) {
  test(`generate says one clear thing about ${one.name}`, skip, async () => {
    await using folder = await testFolder();
    for (const [path, text] of Object.entries(one.files ?? {})) await folder.write(path, text);
    const before = await folder.all();
    const how = { cwd: folder.path, ...(one.env === undefined ? {} : { env: one.env }) };
    const told = await matrx(one.args(), how);
    const json = await matrx([...one.args(), "--json"], how);
    const long = await matrx([...one.args(), "--verbose"], how);
    assert.deepEqual(await folder.all(), before, "the folder is as it was");
    for (const ran of [told, json, long]) noSecret(ran, one.status ?? 1);
    assert.equal(told.out, "");
    const [first, ...rest] = told.err.split("\n");
    assert.match(first!, /^error /);
    assert.match(first!, one.message);
    assert.equal(told.err.match(/^error /gm)?.length, 1, told.err);
    assert.ok(rest.length <= 4, told.err);
    const { error } = JSON.parse(json.out);
    assert.equal(error.code, one.code, told.err);
    if (one.hint !== undefined) assert.match(error.hint ?? "", one.hint);
  });
}

function noSecret({ status, out, err }: Ran, expected: number): void {
  assert.equal(status, expected, err + out);
  assert.ok(!(out + err).includes(SECRET), "the password is not told");
}

test("generate leaves no trace where it may not write", {
  skip: server.skip !== false
    ? server.skip
    : "Deno" in globalThis && Deno.build.os === "linux"
    ? false
    : "needs a file system that nobody may write to",
}, async () => {
  const { status, err } = await matrx(["generate", "--database", db.url, "--out", "/proc/matrx"]);
  assert.equal(status, 1);
  assert.match(err, /Cannot write into \/proc\/matrx/);
  assert.match(err, /code: unwritable_output/);
});
