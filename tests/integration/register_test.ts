import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import process from "node:process";
import {
  closeAll,
  closeDatabase,
  connectionString,
  databaseNames,
  registerDatabase,
  registerDatabaseFromEnv,
} from "../../src/connect.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { ConnectionError } from "../../src/errors/database.ts";
import { sessionFor } from "../../src/execute/session.ts";
import { transaction } from "../../src/execute/transaction.ts";
import { testDatabase } from "../support/database.ts";
import { serverKinds, testServer } from "../support/servers.ts";

const SECRET = "pa55word-of-nobody";

async function value(text: string, database: string | null = null): Promise<unknown> {
  return (await sessionFor(database).run({ text, params: [] })).rows[0]?.[0];
}

function shows(error: unknown, secret: string): boolean {
  const seen: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    seen.push(at.message, at.stack ?? "", JSON.stringify(at), String(Object.values(at)));
  }
  return seen.some((text) => text.includes(secret));
}

afterEach(closeAll);

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const title = (words: string): [string, { skip: string | false }] => [
    `${words} on ${kind}`,
    { skip: server.skip },
  ];

  test(...title("registerDatabase() opens a URL on first use"), async () => {
    await using db = await testDatabase(server, { folder: true });
    await db.driver.close();
    registerDatabase({ name: "main", url: db.url });
    registerDatabase({ name: "main", url: db.url });
    assert.equal(await value("select 40 + 2"), "42");
    await transaction(async () => void await value("create table t (id int)"));
    assert.equal(await value("select count(*) from t", "main"), "0");
    await closeDatabase("main");
    await assert.rejects(async () => await value("select 1"), { code: "database_closed" });
    registerDatabase({ name: "main", url: db.url, poolMax: 2 });
    assert.equal(await value("select count(*) from t"), "0");
    await closeAll();
    assert.deepEqual(databaseNames(), []);
  });
}

for (const kind of ["pg18", "pg15"] as const) {
  const server = await testServer(kind);
  const title = (words: string): [string, { skip: string | false }] => [
    `${words} on ${kind}`,
    { skip: server.skip },
  ];

  test(...title("registerDatabase() keeps databases and their transactions apart"), async () => {
    await using one = await testDatabase(server);
    await using two = await testDatabase(server);
    registerDatabase({ name: "one", url: one.url });
    registerDatabase({ name: "two", url: two.url });
    for (const name of ["one", "two"]) await value("create table t (id int)", name);
    await assert.rejects(
      transaction(async (tx) => {
        await value("insert into t values (1)");
        await value("insert into t values (2)", "two");
        await transaction(() => value("insert into t values (3)", "two"), { database: "two" });
        assert.equal(sessionFor("two").transaction, null);
        assert.equal(sessionFor(null).transaction, tx);
        throw new Error("no");
      }),
      /^Error: no$/,
    );
    assert.equal(await value("select count(*) from t", "one"), "0");
    assert.equal(await value("select count(*) from t", "two"), "2");
    await assert.rejects(async () => await value("select 1", "tow"), {
      code: "unknown_database",
      hint: 'Did you mean "two"? Registered: "one", "two"',
    });
    // the first one stays the default
    assert.equal(await value("select current_database()"), one.name);
  });

  test(...title("registerDatabase() takes the parts of an address"), async () => {
    await using db = await testDatabase(server);
    const url = new URL(db.url);
    const parts = {
      host: url.hostname,
      port: Number(url.port),
      database: db.name,
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
    registerDatabase({ name: "parts", ...parts });
    assert.equal(await value("select current_database()"), db.name);
    assert(!connectionString("parts").includes(`:${parts.password}@`) || parts.password === "");
  });

  test(...title("registerDatabase() passes poolMax and timeouts on"), async () => {
    await using db = await testDatabase(server);
    registerDatabase({
      name: "main",
      url: db.url,
      poolMax: 1,
      acquireTimeoutMs: 200,
      statementTimeoutMs: 300,
    });
    await transaction(async () => {
      await assert.rejects(sessionFor("main").run({ text: "select pg_sleep(5)", params: [] }), {
        code: "statement_timeout",
      });
      throw new Error("done");
    }).catch((error) => assert.equal(error.message, "done"));
    const holder = transaction((tx) => tx.run({ text: "select pg_sleep(0.25)", params: [] }));
    await new Promise((resolve) => setTimeout(resolve, 30));
    await transaction(async () => {}, { timeoutMs: 100 }).then(
      () => assert.fail("the only connection was taken"),
      (error) => assert.equal(error.code, "transaction_timeout"),
    );
    await holder;
  });

  test(...title("registerDatabase() never shows the password of a failed connection"), async () => {
    await using db = await testDatabase(server);
    const wrongUser = new URL(db.url);
    wrongUser.username = "nobody_at_all";
    wrongUser.password = SECRET;
    const deadPort = new URL(wrongUser);
    deadPort.port = "1";
    for (const url of [wrongUser, deadPort]) {
      registerDatabase({ name: "wrong", url: url.href });
      assert(!connectionString("wrong").includes(SECRET));
      await assert.rejects(async () => await value("select 1"), (error) => {
        assert(error instanceof ConnectionError);
        assert.equal(error.context["database"], "wrong");
        assert(!shows(error, SECRET), "the password is shown");
        return true;
      });
      await closeAll();
    }
  });

  test(...title("registerDatabaseFromEnv() reads a URL or its parts"), async () => {
    await using db = await testDatabase(server);
    const url = new URL(db.url);
    process.env["MATRXT_URL"] = db.url;
    process.env["MATRXT_POOL_MAX"] = "2";
    try {
      registerDatabaseFromEnv("url", "MATRXT");
      assert.equal(await value("select current_database()", "url"), db.name);
      delete process.env["MATRXT_URL"];
      process.env["MATRXT_HOST"] = url.hostname;
      process.env["MATRXT_PORT"] = url.port;
      process.env["MATRXT_USER"] = decodeURIComponent(url.username);
      process.env["ODD_SECRET"] = decodeURIComponent(url.password);
      const variables = { password: "ODD_SECRET" };
      registerDatabaseFromEnv("parts", "MATRXT", { variables, database: db.name });
      assert.equal(await value("select current_database()", "parts"), db.name);
    } finally {
      for (const name of Object.keys(process.env)) {
        if (name.startsWith("MATRXT_") || name === "ODD_SECRET") delete process.env[name];
      }
    }
  });
}

test("registerDatabaseFromEnv() names all missing variables at once", () => {
  process.env["MATRXU_HOST"] = "h";
  process.env["MATRXU_USER"] = "";
  try {
    assert.throws(
      () => registerDatabaseFromEnv("main", "MATRXU", { variables: { database: "THE_NAME" } }),
      (error) => {
        assert(error instanceof ConfigurationError);
        assert.equal(error.code, "missing_configuration");
        assert.equal(
          error.message,
          'Cannot register database "main": the environment lacks THE_NAME, MATRXU_USER, ' +
            "MATRXU_PASSWORD",
        );
        assert.equal(error.hint, "Set them, or MATRXU_URL alone");
        return true;
      },
    );
    process.env["MATRXU_POOL_MAX"] = "many";
    assert.throws(() => registerDatabaseFromEnv("main", "MATRXU", { url: "pglite://memory" }), {
      code: "invalid_configuration",
      message: /MATRXU_POOL_MAX/,
    });
    assert.deepEqual(databaseNames(), []);
  } finally {
    for (const name of ["MATRXU_HOST", "MATRXU_USER", "MATRXU_POOL_MAX"]) delete process.env[name];
  }
});
