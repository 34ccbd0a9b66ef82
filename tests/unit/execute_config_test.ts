import assert from "node:assert/strict";
import { test } from "node:test";
import { resolveConfig } from "../../src/execute/config.ts";
import type { DatabaseConfig } from "../../src/execute/database_config.ts";
import { recording } from "../../src/drivers/recording.ts";
import { redactUrl } from "../../src/execute/url.ts";
import { ConfigurationError } from "../../src/errors/base.ts";

const SECRET = "pa55word-of-nobody";

function refusal(config: unknown): ConfigurationError {
  try {
    resolveConfig(config as DatabaseConfig);
  } catch (error) {
    assert(error instanceof ConfigurationError);
    assert(!`${error.stack} ${JSON.stringify(error)}`.includes(SECRET), "the password is shown");
    return error;
  }
  throw new Error("nothing was refused");
}

test("resolveConfig() fills in the defaults", () => {
  assert.deepEqual({ ...resolveConfig({ name: "main", url: "pglite://memory" }) }, {
    name: "main",
    url: "pglite://memory",
    driver: undefined,
    schemas: ["public"],
    poolMode: "session",
    poolMax: 10,
    cacheLife: null,
    cacheStore: undefined,
    cacheSync: false,
    listenUrl: undefined,
    connectTimeoutMs: 10_000,
    acquireTimeoutMs: 10_000,
    statementTimeoutMs: 0,
    idleTimeoutMs: 30_000,
    livenessTimeoutMs: 15_000,
    leakAfterMs: 60_000,
    traceOrigins: false,
    onLeak: undefined,
    onQuery: undefined,
    onWarning: undefined,
    registeredAs: "main",
    server: "primary",
    replicas: null,
    readFrom: "primary",
    replicaFallback: true,
    readYourWrites: true,
    replicaWaitMs: 50,
  });
});

test("resolveConfig() fills a replica up with what its primary has", () => {
  const own = { poolMax: 3, schemas: ["a"], onQuery: () => {}, statementTimeoutMs: 5 };
  const url = "postgres://u:p@primary.internal:5433/shop?sslmode=require";
  const resolve = (config: Partial<DatabaseConfig>): (string | number)[][] =>
    resolveConfig({ name: "main", ...own, ...config }).replicas!.map((one) => {
      assert.equal(one.onQuery, own.onQuery);
      assert.deepEqual([one.schemas, one.registeredAs], [["a"], "main"]);
      return [one.name, one.server, one.url, one.poolMax, one.statementTimeoutMs];
    });
  assert.deepEqual(
    resolve({
      url,
      replicas: [
        "postgres://r@h/d",
        { host: "two.internal", poolMax: 9 },
        { port: 6000, user: "a b", password: "x:y", database: "other" },
      ],
    }),
    [
      ["main.replica1", "replica1", "postgres://r@h/d", 3, 5],
      ["main.replica2", "replica2", url.replace("primary", "two"), 9, 5],
      [
        ...["main.replica3", "replica3"],
        "postgres://a%20b:x%3Ay@primary.internal:6000/other?sslmode=require",
        ...[3, 5],
      ],
    ],
  );
  assert.deepEqual(
    resolve({ host: "h", database: "d", user: "u", password: "", replicas: [{ host: "r" }] }),
    [["main.replica1", "replica1", "postgresql://u@r:5432/d", 3, 5]],
  );
  assert.equal(resolveConfig({ name: "main", url, replicas: [] }).replicas?.length, 0);
});

test("resolveConfig() refuses replicas that say nothing or the wrong thing", () => {
  const url = `postgres://u:${SECRET}@h/d`;
  const cases: [Record<string, unknown>, string, RegExp][] = [
    [{ replicas: url }, "invalid_configuration", /replicas must be a list/],
    [{ replicas: [7] }, "invalid_configuration", /replica1 must be a URL or an object/],
    [{ replicas: [url, null] }, "invalid_configuration", /replica2 must be/],
    [
      { replicas: [{ protocol: "pglite" }] },
      "invalid_configuration",
      /replica1 has parts of a URL/,
    ],
    [{ replicas: [{ hots: "r" }] }, "unknown_configuration", /"hots" \(did you mean "host"\?\)/],
    [{ replicas: [{ url, host: "r" }] }, "conflicting_configuration", /"main.replica1"/],
    [{ replicas: ["mysql://h/d"] }, "invalid_url", /"main.replica1"/],
    [{ replicas: [{ replicas: [] }] }, "invalid_configuration", /replica1 cannot have replicas/],
    [{ readFrom: "replicas" }, "missing_configuration", /replicas are missing/],
    [{ readFrom: "replica" }, "invalid_configuration", /"primary" or "replicas"/],
    [{ readYourWrites: 1 }, "invalid_configuration", /readYourWrites must be true or false/],
    [{ replicaWaitMs: -1 }, "invalid_configuration", /replicaWaitMs/],
  ];
  for (const [config, code, message] of cases) {
    const error = refusal({ name: "main", url, ...config });
    assert.equal(error.code, code, JSON.stringify(Object.keys(config)));
    assert.match(error.message, message);
  }
});

test("resolveConfig() names all missing keys at once", () => {
  const cases: [unknown, string][] = [
    [{ name: "", url: "" }, "Cannot register the database: name, url are missing"],
    [{ name: "main" }, 'Cannot register database "main": url is missing'],
    [{ name: "main", url: undefined }, 'Cannot register database "main": url is missing'],
    [
      { name: "main", port: 5432 },
      'Cannot register database "main": host, database, user, password are missing',
    ],
    [
      { name: "main", host: "h", user: "u", password: SECRET },
      'Cannot register database "main": database is missing',
    ],
    [{}, "Cannot register the database: name, url are missing"],
  ];
  for (const [config, message] of cases) {
    const error = refusal(config);
    assert.equal(error.code, "missing_configuration");
    assert.equal(error.message, message);
  }
});

test("resolveConfig() names the nearest option when one is unknown", () => {
  const error = refusal({ name: "main", url: "pglite://memory", poolMaximum: 3, schema: "public" });
  assert.equal(error.code, "unknown_configuration");
  assert.match(error.message, /"poolMaximum"/);
  assert.match(error.message, /"schema" \(did you mean "schemas"\?\)/);
  assert.match(error.hint ?? "", /acquireTimeoutMs/);
});

test("resolveConfig() refuses a URL that no driver opens and names those that work", () => {
  const cases: [string, RegExp, RegExp][] = [
    ["postgress://u@h/d", /no driver opens postgress:\/\//, /Did you mean postgres:\/\//],
    [`mysql://root:${SECRET}@h/d`, /no driver opens mysql/, /postgres:\/\/.*pglite:\/\//],
    [`h:5432/${SECRET}`, /has no scheme/, /postgres:\/\//],
    [`postgres://u:${SECRET}#x@h/d`, /cannot be read/, /percent-encoded/],
    [`postgres://u:${SECRET}%zz@h/d`, /cannot be read/, /percent-encoded/],
    [`postgres://u:${SECRET}@h:99999/d`, /cannot be read/, /percent-encoded/],
    [`postgres://u:${SECRET}@/d`, /names no host/, /percent-encoded/],
    ["postgres:///d", /names no host/, /user:password@host/],
    ["pglite://", /names no folder/, /pglite:\/\/memory/],
  ];
  for (const [url, message, hint] of cases) {
    const error = refusal({ name: "main", url });
    assert.equal(error.code, "invalid_url", url);
    assert.match(error.message, message);
    assert.match(error.hint ?? "", hint);
  }
});

test("resolveConfig() takes URLs of every form", () => {
  const urls = [
    "postgres://u:p@h/d",
    "postgresql://u@[::1]:5433/d?sslmode=require",
    "postgres://u@/d?host=/run/postgresql",
    "postgres:///d?host=/run/postgresql",
    "POSTGRES://u@h/d",
    "pglite://memory",
    "pglite://./.data",
    "pglite:///var/data with blanks",
  ];
  for (const url of urls) assert.equal(resolveConfig({ name: "main", url }).url, url);
});

test("resolveConfig() builds a URL whose parts come back whole", () => {
  const odd = "a@b:c/d?e#f%g 'h\" é";
  const parts = { name: "main", host: "::1", database: odd, user: odd, password: odd };
  const url = new URL(resolveConfig(parts).url);
  assert.equal(decodeURIComponent(url.username), odd);
  assert.equal(decodeURIComponent(url.password), odd);
  assert.equal(decodeURIComponent(url.pathname.slice(1)), odd);
  assert.equal(url.host, "[::1]:5432");
  const socket = resolveConfig({ ...parts, host: "/run/pg", port: 5433, password: "" });
  assert.equal(new URL(socket.url).searchParams.get("host"), "/run/pg");
  assert.equal(new URL(socket.url).port, "5433");
});

test("resolveConfig() refuses two ways to the same database", () => {
  const error = refusal({ name: "main", url: "postgres://u@h/d", host: "h", user: "u" });
  assert.equal(error.code, "conflicting_configuration");
  assert.match(error.message, /url and host, user/);
});

test("resolveConfig() refuses values of a wrong kind by the option's name", () => {
  const wrong: [string, unknown][] = [
    ["poolMax", 0],
    ["poolMax", 1.5],
    ["connectTimeoutMs", -1],
    ["statementTimeoutMs", "10"],
    ["idleTimeoutMs", 1e12],
    ["poolMode", "both"],
    ["schemas", []],
    ["schemas", "public"],
    ["onQuery", "log"],
    ["onLeak", "log"],
    ["leakAfterMs", 0],
    ["traceOrigins", "yes"],
    ["url", 5],
    ["driver", {}],
    ["driver", null],
  ];
  for (const [key, value] of wrong) {
    const base = key === "driver" ? { name: "main" } : { name: "main", url: "pglite://memory" };
    const error = refusal({ ...base, [key]: value });
    assert.equal(error.code, "invalid_configuration", key);
    assert.match(error.message, new RegExp(key));
  }
});

test("redactUrl() never shows a password", () => {
  const cases: [string, string][] = [
    [`postgres://u:${SECRET}@h:5432/d`, "postgres://u:***@h:5432/d"],
    [`postgres://u:${SECRET}/@?#@h/d`, "postgres://u:***@h/d"],
    [`postgres://u:x@${SECRET}@h/d`, "postgres://u:***@h/d"],
    [`postgres://u:${SECRET}`, "postgres://u:***"],
    [`postgres://u:${SECRET}/d`, "postgres://u:***"],
    [
      `postgres://h/d?user=u&password=${SECRET}&sslmode=require`,
      "postgres://h/d?user=u&password=***&sslmode=require",
    ],
    ["postgres://u@h:5432/d", "postgres://u@h:5432/d"],
    ["postgres://[::1]:5432/d", "postgres://[::1]:5432/d"],
    ["pglite://memory", "pglite://memory"],
    [SECRET, "***"],
  ];
  for (const [url, shown] of cases) assert.equal(redactUrl(url), shown);
});

test("resolveConfig() refuses cacheSync where nothing can be heard", () => {
  const url = "postgres://u:p@pooler.internal:6432/shop";
  const pooled = { name: "main", url, cacheSync: true, poolMode: "transaction" } as const;
  const fault = refusal(pooled);
  assert.equal(fault.code, "cache_sync_unsupported");
  assert.match(fault.hint ?? "", /listenUrl/);
  const listenUrl = "postgres://u:p@db.internal:5432/shop";
  assert.equal(resolveConfig({ ...pooled, listenUrl }).cacheSync, true);
  const driver = recording();
  const silent = refusal({ name: "main", driver, cacheSync: true });
  assert.equal(silent.code, "cache_sync_unsupported");
  assert.match(silent.message, /recording/);
  assert.equal(resolveConfig({ name: "main", driver, cacheSync: true, listenUrl }).cacheSync, true);
  assert.equal(refusal({ name: "main", url, cacheSync: "yes" }).code, "invalid_configuration");
  assert.equal(refusal({ name: "main", url, listenUrl: 5 }).code, "invalid_configuration");
  const wrong = refusal({ name: "main", url, listenUrl: `mysql://u:${SECRET}@h/d` });
  assert.equal(wrong.code, "invalid_url");
  const replica = { url, replicas: [{ url, cacheSync: true }] };
  assert.equal(refusal({ name: "main", ...replica }).code, "invalid_configuration");
});
