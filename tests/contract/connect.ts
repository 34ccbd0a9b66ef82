import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ConfigurationError } from "../../src/errors/base.ts";
import { ConnectionError } from "../../src/errors/database.ts";
import { driverOptions } from "../support/database.ts";
import { freePort } from "../support/servers.ts";
import { everythingSaid, failure, one, type Subject } from "./subject.ts";

const SECRET = "s3cr3t-pässword%&";

/** Every way in which a connect goes wrong: one clear error, a hint, no password. */
export function connectSection(subject: Subject): void {
  const skip = subject.skip("concurrentConnections", "ownPool");
  const { name } = subject;

  /** Tries a changed URL; gives the error, checked for the password and for being alone. */
  async function attempt(change: (url: URL) => void, more = {}): Promise<ConnectionError> {
    const url = new URL((await subject.shared()).url);
    url.password = encodeURIComponent(SECRET);
    change(url);
    const driver = subject.open(driverOptions(url.href, { connectTimeoutMs: 400, ...more }));
    try {
      const error = await failure(one(driver, "select 1"));
      const acquired = await failure(driver.acquire());
      assert.ok(error instanceof ConnectionError, String(error));
      assert.equal((acquired as ConnectionError).code, error.code);
      assert.equal(error.outcome, "rolledBack");
      assert.ok(error.hint !== undefined && error.hint.length > 10);
      const said = everythingSaid(error) + everythingSaid(acquired);
      assert.ok(!said.includes("s3cr3t"), said);
      assert.match(error.message, /^Cannot connect to "test" \(/);
      return error;
    } finally {
      await driver.close();
    }
  }

  test(`${name}: a wrong password gives wrong_password`, { skip }, async () => {
    const error = await attempt(() => {});
    assert.deepEqual([error.code, error.sqlstate], ["wrong_password", "28P01"]);
    assert.equal((await attempt((url) => url.password = "")).code, "password_missing");
    assert.equal((await attempt((url) => url.username = "no_such_role")).code, "wrong_password");
  });

  test(`${name}: an unknown database gives unknown_database`, { skip }, async () => {
    const { password } = new URL((await subject.shared()).url);
    const error = await attempt((url) => {
      url.password = password;
      url.pathname = "/no%20such%20database";
    });
    assert.deepEqual([error.code, error.sqlstate], ["unknown_database", "3D000"]);
    assert.match(error.message, /no such database/);
  });

  test(`${name}: a server that is down gives connection_refused`, { skip }, async () => {
    const port = await freePort();
    const error = await attempt((url) => url.port = String(port));
    assert.equal(error.code, "connection_refused");
    assert.equal(error.retryable, true);
    assert.ok(error.message.includes(String(port)));
    const socket = await attempt((url) => url.search = "?host=/nonexistent/socket");
    assert.equal(socket.code, "connection_refused");
  });

  test(`${name}: an unknown host gives unknown_host`, { skip }, async () => {
    assert.equal(
      (await attempt((url) => url.hostname = "no-such-host.invalid", { connectTimeoutMs: 8_000 }))
        .code,
      "unknown_host",
    );
  });

  test(`${name}: a server that says nothing gives connect_timeout`, { skip }, async () => {
    const links: { destroy(): void }[] = [];
    const silent = createServer((socket) => void links.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const start = performance.now();
    const error = await attempt((url) => url.port = String(port));
    assert.equal(error.code, "connect_timeout");
    assert.ok(performance.now() - start < 3_000);
    for (const link of links) link.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  test(`${name}: something that is no PostgreSQL gives a ConnectionError`, { skip }, async () => {
    const web = createServer((socket) => {
      socket.on("error", () => {});
      socket.resume();
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\nthis is a web server");
    });
    await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
    const address = web.address();
    await attempt((url) => url.port = String(typeof address === "object" ? address?.port : 0));
    await new Promise((resolve) => web.close(resolve));
  });

  test(`${name}: sslmode does what libpq says`, { skip }, async () => {
    const { url: good } = await subject.shared();
    const root = fileURLToPath(new URL("../support/tls/ca.crt", import.meta.url));
    const used = async (host: string, search: string): Promise<string | null | undefined> => {
      const url = new URL(good);
      url.hostname = host;
      url.search = search;
      const driver = subject.open(driverOptions(url.href));
      try {
        // a cancel must find its way through TLS as well
        await failure(driver.query({ text: "select pg_sleep(20)", params: [] }, { timeoutMs: 50 }));
        return await one(driver, "select ssl from pg_stat_ssl where pid = pg_backend_pid()");
      } finally {
        await driver.close();
      }
    };
    assert.equal(await used("127.0.0.1", ""), "f");
    assert.equal(await used("127.0.0.1", "?sslmode=disable"), "f");
    assert.equal(await used("127.0.0.1", "?sslmode=prefer"), "t");
    assert.equal(await used("127.0.0.1", "?sslmode=require"), "t");
    assert.equal(await used("localhost", `?sslmode=verify-full&sslrootcert=${root}`), "t");
    assert.equal(await used("127.0.0.1", `?sslmode=verify-ca&sslrootcert=${root}`), "t");
    const { password } = new URL(good);
    const refused = async (host: string, search: string): Promise<string> =>
      (await attempt((url) => {
        url.password = password;
        url.hostname = host;
        url.search = search;
      }, { connectTimeoutMs: 5_000 })).code;
    assert.equal(await refused("localhost", "?sslmode=verify-full"), "tls_certificate");
    assert.equal(await refused("127.0.0.1", "?sslmode=verify-ca"), "tls_certificate");
    assert.equal(
      await refused("127.0.0.1", `?sslmode=verify-full&sslrootcert=${root}`),
      "tls_certificate",
    );
  });

  test(`${name}: a URL that cannot be read is refused without showing it`, { skip }, () => {
    const bad = [
      "mysql://u:s3cr3t@h/d",
      "postgres://u:s3cr3t@h:99999/d",
      "postgres://u:s3cr3t@h:x/d",
      "postgres://u:s3cr3t%zz@h/d",
      "postgres://u:s3cr3t@h/d?sslmode=full",
      "postgres://u:s3cr3t@h/d?sslmod=require",
      "postgres://u:s3cr3t@a,b/d",
      "postgres://u:s3cr3t@h/d?sslrootcert=/nonexistent",
      "postgres://u:s3cr3t@[::1/d",
      "",
    ];
    for (const url of bad) {
      assert.throws(() => subject.open(driverOptions(url)), (error) => {
        assert.ok(error instanceof ConfigurationError, url);
        assert.ok(!everythingSaid(error).includes("s3cr3t"), url);
        return true;
      });
    }
  });

  test(`${name}: a Unix socket in the URL is used`, { skip }, async () => {
    const { driver, url } = await subject.shared();
    const sockets = await one(driver, "select current_setting('unix_socket_directories')");
    for (const put of ["host", "query"] as const) {
      const local = new URL(url);
      if (put === "query") local.searchParams.set("host", sockets ?? "");
      const text = put === "query"
        ? local.href
        : local.href.replace("@127.0.0.1:", `@${encodeURIComponent(sockets ?? "")}:`);
      const over = subject.open(driverOptions(text));
      assert.equal(await one(over, "select inet_server_addr()"), null);
      await over.close();
    }
  });

  test(`${name}: settings of the role do not change the text of values`, { skip }, async () => {
    await using db = await subject.fresh();
    await one(db.driver, `alter database "${db.name}" set datestyle = 'German'`);
    await one(db.driver, `alter database "${db.name}" set intervalstyle = 'iso_8601'`);
    await one(db.driver, `alter database "${db.name}" set bytea_output = 'escape'`);
    await one(db.driver, `alter database "${db.name}" set extra_float_digits = 0`);
    const driver = subject.open(driverOptions(db.url));
    const row =
      "select concat_ws(' ', date '2026-02-01', interval '90 min', '\\x00'::bytea, 0.1::float8 + 0.2::float8)";
    assert.equal(await one(driver, row), "2026-02-01 01:30:00 \\x00 0.30000000000000004");
    await driver.close();
    const pooled = subject.open(driverOptions(db.url, { poolMode: "transaction" }));
    const error = await failure(one(pooled, "select 1"));
    assert.ok(error instanceof ConfigurationError);
    assert.match(error.message, /datestyle is "German/);
    await pooled.close();
  });

  test(`${name}: transaction mode sends no names and keeps the statement timeout itself`, {
    skip,
  }, async () => {
    const { url } = await subject.shared();
    const driver = subject.open(
      driverOptions(url, { poolMode: "transaction", statementTimeoutMs: 100 }),
    );
    assert.deepEqual([driver.capabilities.namedStatements, driver.capabilities.listen], [
      false,
      false,
    ]);
    await driver.query({ text: "select 1", params: [], name: "x" });
    const held = await driver.acquire();
    await held.query({ text: "select 1", params: [], name: "y" });
    assert.equal(await one(held, "select count(*) from pg_prepared_statements"), "0");
    held.release();
    assert.equal(await one(driver, "select count(*) from pg_prepared_statements"), "0");
    assert.equal((await failure(one(driver, "select pg_sleep(20)"))).name, "TimeoutError");
    const connection = await driver.acquire();
    await connection.query({ text: "select 1", params: [], name: "y" });
    assert.equal(await one(connection, "select count(*) from pg_prepared_statements"), "0");
    assert.equal(
      (await failure(connection.listen("c", () => {})) as ConfigurationError).code,
      "listen_unsupported",
    );
    connection.release();
    await driver.close();
  });
}
