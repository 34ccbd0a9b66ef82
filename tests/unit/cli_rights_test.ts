import assert from "node:assert/strict";
import { test } from "node:test";
import { readArgs } from "../../cli/args.ts";
import { COMMANDS, optionsOf } from "../../cli/commands.ts";
import { chooseDatabase } from "../../cli/databases.ts";
import { commandHelp } from "../../cli/help.ts";
import { fromText, isData, toText } from "../../cli/rights/data.ts";
import { flagsOf, permissionSet, seenFrom, shellLine } from "../../cli/rights/flags.ts";
import { reachOf } from "../../cli/rights/reach.ts";
import { type Machine, type Rights, rightsOf } from "../../cli/rights/rights.ts";
import { keptFlags } from "../../cli/rights/self.ts";
import type { MatrxConfig } from "../../generator/config.ts";
import { fakeHost } from "./cli_host.ts";

const machine: Machine = {
  packages: { formatter: ["/pkg/formatter"], embedded: ["/pkg/pglite"], parser: ["/pkg/parser"] },
  cache: "/cache/matrx-orm",
  passfile: undefined,
  importHosts: ["registry.test:443"],
  own: [],
  missing: (path) => path,
};

/** The rights of a command line. */
function rightsFor(
  name: string,
  args: readonly string[],
  config: MatrxConfig = {},
  url = "postgres://me@db.test/shop",
): Rights {
  const command = COMMANDS.find((one) => one.name === name)!;
  return rightsOf({
    command,
    values: readArgs(args, optionsOf(command)).values,
    cwd: "/work",
    loaded: { config, folder: "/project", file: "/project/matrx.config.ts" },
    configFiles: ["/project/matrx.config.ts"],
    databases: command.permissions.net.length === 0 ? [] : [{ url }],
    machine,
  });
}

test("rightsOf() names the host of the database, and the folders of options and config", () => {
  assert.deepEqual(rightsFor("generate", ["--out", "models"]), {
    read: ["/project/matrx.config.ts", "/work/models", "/pkg/formatter"],
    write: ["/work/models"],
    net: ["db.test:5432"],
    env: ["NO_COLOR", "TERM", "DATABASE_*", "PG*", "USER"],
    import: ["registry.test:443"],
  });
  const configured = rightsFor("generate", ["--with-objects"], { out: "db", objects: "db/sql" });
  assert.deepEqual(configured.write, ["/project/db"], "what lies in another folder is part of it");
  const migrate = rightsFor("migrate", [], { migrations: "changes", models: ["src/a.ts"] });
  assert.deepEqual(migrate.read.slice(1, 3), ["/project/changes", "/project/src"]);
  assert.deepEqual(migrate.write, []);
});

test("rightsOf() grants no file for standard output, and what options add", () => {
  assert.deepEqual(rightsFor("diagram", ["--out", "-"]).write, []);
  const more = rightsFor("migrate", [
    ...["--allow-read", "/data", "--allow-net", "api.test:443", "--allow-env", "TOKEN"],
    ...["--allow-write", "/log", "--allow-import", "esm.test:443"],
  ]);
  assert.ok(more.read.includes("/data") && more.env.includes("TOKEN"));
  assert.deepEqual(more.net, ["db.test:5432", "api.test:443"]);
  assert.deepEqual(more.write, ["/log"]);
  assert.deepEqual(more.import, ["registry.test:443", "esm.test:443"]);
});

test("rightsOf() asks for the files of an embedded database where there is one", () => {
  const memory = rightsFor("status", [], {}, "pglite://memory");
  assert.deepEqual(memory.net, []);
  assert.deepEqual(memory.write, ["/cache/matrx-orm"]);
  assert.ok(memory.read.includes("/pkg/pglite") && memory.env.includes("MATRX_CACHE_DIR"));
  const folder = rightsFor("status", [], {}, "pglite:///data/shop");
  assert.deepEqual(folder.write.slice(0, 3), ["/data/shop", "/data/shop.lock", "/data/shop.new"]);
});

test("reachOf() reads hosts, ports, sockets and certificates of a database", () => {
  const net = (url: string) => reachOf({ url }).net;
  assert.deepEqual(net("postgres://a:b@h.test:6543/x"), ["h.test:6543"]);
  assert.deepEqual(net("postgresql://a@[::1]/x"), ["[::1]:5432"]);
  assert.deepEqual(net("postgres://a@h/x?host=other&port=7"), ["other:7"]);
  assert.deepEqual(reachOf({ host: "::1", port: 9 }).net, ["[::1]:9"]);
  const socket = "/run/postgresql/.s.PGSQL.5433";
  for (
    const url of ["postgres://a@/x?host=/run/postgresql", "postgres://a@%2Frun%2Fpostgresql/x"]
  ) {
    const reach = reachOf({ url: `${url}${url.includes("?") ? "&" : "?"}port=5433` });
    assert.deepEqual([reach.net, reach.read, reach.write], [
      [`unix:${socket}`],
      [socket],
      [socket],
    ]);
  }
  assert.deepEqual(reachOf({ url: "postgres://h/x?sslrootcert=/tls/ca.pem" }).read, [
    "/tls/ca.pem",
  ]);
  assert.deepEqual(net("mysql://h/x"), []);
  assert.deepEqual(net("postgres://a b:c/x"), []);
});

test("flagsOf() and permissionSet() word the same rights", () => {
  const rights = seenFrom("/project", {
    ...{ read: ["/project/models", "/project", "/etc/a,b"], write: [], net: ["h:1"] },
    ...{ env: ["A"], import: [] },
  });
  assert.deepEqual(flagsOf(rights), [
    ...["--no-prompt", "--allow-net=h:1", "--allow-read=models,.,/etc/a,,b", "--allow-env=A"],
    "--ignore-env",
  ]);
  assert.deepEqual(permissionSet(rights), {
    net: ["h:1"],
    read: ["models", ".", "/etc/a,b"],
    env: { allow: ["A"], ignore: true },
  });
  assert.equal(shellLine(["deno", "--allow-env=PG*", "it's"]), `deno '--allow-env=PG*' 'it'\\''s'`);
});

test("every command declares its rights, and its help prints them", () => {
  for (const command of COMMANDS) {
    const { net, read, write } = command.permissions;
    const help = commandHelp(command);
    if (read.length === 0) {
      assert.deepEqual([net, write], [[], []], command.name);
      assert.ok(!help.includes("--allow-"), command.name);
      continue;
    }
    const [, line = ""] = /\n {2}(deno run .*)\n/.exec(help) ?? [];
    assert.match(line, new RegExp(`jsr:@matrx/orm/cli ${command.name}$`));
    assert.equal(line.includes("--allow-net=HOST:5432"), net.length > 0, command.name);
    assert.equal(line.includes("--allow-write="), write.length > 0, command.name);
    assert.ok(!/--allow-(?:run|ffi|sys|all)|-A/.test(line), command.name);
    const [, set = ""] = /\n {2}(\{"permissions".*)\n/.exec(help) ?? [];
    assert.deepEqual(Object.keys(JSON.parse(set).permissions), [`matrx-${command.name}`]);
  }
});

test("data goes from process to process as it is, and what is no data is known", () => {
  const config = {
    databases: { main: undefined, b: { url: "x", poolMax: 2 } },
    list: [null, true],
  };
  assert.ok(isData(config));
  const back = fromText(toText(config)) as typeof config;
  assert.deepEqual(back, config);
  assert.ok(Object.hasOwn(back.databases, "main"));
  for (const value of [() => 1, new Map(), { a: 1n }, [new Date()], NaN]) {
    assert.ok(!isData(value));
    assert.doesNotThrow(() => toText(value));
  }
});

test("keptFlags() keeps how modules are found, and no right", () => {
  assert.deepEqual(
    keptFlags([
      ...["deno", "run", "-A", "--config", "x.json", "--no-lock", "--unstable-kv"],
      ...["--allow-read=/", "--node-modules-dir=auto", "cli.ts", "generate", "--config", "m.ts"],
    ]),
    ["--config", "x.json", "--no-lock", "--unstable-kv", "--node-modules-dir=auto"],
  );
});

test("chooseDatabase() fills in what a URL leaves open as libpq does", () => {
  const env = { PGUSER: "ann", PGPASSWORD: "p/w", PGPORT: "6", PGDATABASE: "shop", USER: "root" };
  const url = (given: string) => chooseDatabase(given, {}, fakeHost({ env })).database.url;
  assert.equal(url("postgres://h"), "postgres://ann:p%2Fw@h:6/shop");
  assert.equal(url("postgres://bob:x@h:5/y"), "postgres://bob:x@h:5/y");
  assert.equal(url("pglite://memory"), "pglite://memory");
  const none = chooseDatabase("postgres://h/x", {}, fakeHost({ env: { USER: "root" } }));
  assert.equal(none.database.url, "postgres://root@h/x");
});
