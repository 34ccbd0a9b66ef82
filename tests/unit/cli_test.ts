import assert from "node:assert/strict";
import { test } from "node:test";
import { readArgs } from "../../cli/args.ts";
import { COMMANDS, optionsOf } from "../../cli/commands.ts";
import { chooseDatabase } from "../../cli/databases.ts";
import { UsageError } from "../../cli/errors.ts";
import { main } from "../../cli/main.ts";
import { Output } from "../../cli/output.ts";
import { VERSION } from "../../src/util/version.ts";
import config from "../../deno.json" with { type: "json" };
import { ConfigurationError, OrmError } from "../../src/errors/base.ts";
import { connectError } from "../../src/drivers/shared/link_errors.ts";
import { fakeHost } from "./cli_host.ts";

const options = optionsOf(COMMANDS.find(({ name }) => name === "generate")!);

test("readArgs() reads flags, texts and lists that are repeated or hold commas", () => {
  const { values, words } = readArgs(
    ["--schema", "public,auth", "--dry-run", "--schema=billing", "--out", "a b", "-q", "word"],
    options,
  );
  assert.deepEqual(values.list("schema"), ["public", "auth", "billing"]);
  assert.equal(values.text("out"), "a b");
  assert.equal(values.flag("dry-run"), true);
  assert.equal(values.flag("quiet"), true);
  assert.equal(values.flag("force"), false);
  assert.equal(values.list("include-tables"), undefined);
  assert.deepEqual(words, ["word"]);
});

test("readArgs() takes a value that starts with a dash after an equals sign", () => {
  assert.equal(readArgs(["--out=-x"], options).values.text("out"), "-x");
  assert.equal(readArgs(["--out", "-"], options).values.text("out"), "-");
});

const mistakes: readonly (readonly [args: string[], message: RegExp, hint?: RegExp])[] = [
  [["--databse", "x"], /no option --databse/, /--database/],
  [["--include-table=x"], /no option --include-table/, /--include-tables/],
  [["-x"], /no option -x/],
  [["--__proto__"], /no option --__proto__/],
  [["--constructor=x"], /no option --constructor/],
  [["--out"], /--out needs a value/],
  [["--out", "--json"], /--out needs a value/, /--out=/],
  [["--out="], /--out is empty/],
  [["--json=yes"], /--json takes no value/],
  [["--out", "a", "--out", "b"], /--out is given twice/],
  [["--casing", "camle"], /does not take "camle"/, /Did you mean camel\?/],
];

for (const [args, message, hint] of mistakes) {
  test(`readArgs() refuses ${args.join(" ")}`, () => {
    assert.throws(() => readArgs(args, options), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      if (hint !== undefined) assert.match(error.hint ?? "", hint);
      return true;
    });
  });
}

test("main() prints the help of the program and of a command on standard output", async () => {
  for (const args of [["--help"], ["-h"], ["help"]]) {
    const host = fakeHost();
    assert.equal(await main(args, host), 0);
    for (const { name } of COMMANDS) assert.match(host.printed(), new RegExp(`\\b${name}\\b`));
    assert.equal(host.told(), "");
  }
  for (const args of [["help", "generate"], ["generate", "--help"], ["generate", "-h"]]) {
    const host = fakeHost();
    assert.equal(await main(args, host), 0);
    for (const name of Object.keys(options)) assert.ok(host.printed().includes(`--${name}`), name);
    assert.match(host.printed(), /export default defineConfig/);
  }
});

test("main() prints the version of the package", async () => {
  assert.equal(VERSION, config.version);
  for (const args of [["version"], ["--version"], ["-V"]]) {
    const host = fakeHost();
    assert.equal(await main(args, host), 0);
    assert.equal(host.printed(), `${config.version}\n`);
  }
});

test("main() gives 2 for wrong usage and names the nearest word", async () => {
  const wrong: readonly (readonly [string[], RegExp])[] = [
    [[], /Usage: matrx/],
    [["generat"], /Did you mean generate\?/],
    [["--database", "x"], /no option --database before a command/],
    [["generate", "--shema", "public"], /Did you mean --schema\?/],
    [["generate", "orders"], /takes no "orders"/],
    [["help", "generates"], /Did you mean generate\?/],
  ];
  for (const [args, told] of wrong) {
    const host = fakeHost();
    assert.equal(await main(args, host), 2, args.join(" "));
    assert.match(host.told(), told);
    assert.equal(host.printed(), "");
  }
});

test("main() prints an error as JSON when it is asked to", async () => {
  const host = fakeHost();
  assert.equal(await main(["generate", "--json", "--shema", "x"], host), 2);
  const { error } = JSON.parse(host.printed());
  assert.equal(error.code, "wrong_usage");
  assert.match(error.hint, /--schema/);
  assert.equal(host.told(), "");
});

test("Output.error() prints message, hint and code, and the stack only when asked", () => {
  const error = new OrmError("Cannot do it", {
    code: "cannot",
    hint: "Do not",
    cause: new Error("y"),
  });
  const mode = { json: false, quiet: true, verbose: false };
  const short = fakeHost();
  new Output(short, mode).error(error);
  assert.equal(short.told(), "error Cannot do it\n  Do not\n  code: cannot\n");
  const long = fakeHost();
  new Output(long, { ...mode, verbose: true }).error(error);
  assert.match(long.told(), /cli_test\.ts[\s\S]*caused by Error: y/);
});

test("Output.error() prints the first line of the cause that the hint refers to", () => {
  const host = fakeHost();
  const cause = new Error("the disk is full\nat all ends");
  const error = new OrmError("Cannot do it", { code: "cannot", hint: "See the cause", cause });
  new Output(host, { json: false, quiet: false, verbose: false }).error(error);
  const told = "error Cannot do it\n  See the cause\n  cause: the disk is full\n  code: cannot\n";
  assert.equal(host.told(), told);
});

test("connectError() says that a right of the runtime is missing", () => {
  const cause = Object.assign(new Error("getaddrinfo EPERM db.example"), { code: "EPERM" });
  const error = connectError(cause, { name: "main", place: "db.example/shop" });
  assert.equal(error.code, "permission_missing");
  assert.match(error.hint ?? "", /--allow-net/);
});

test("Output colours on a terminal alone, and never under NO_COLOR", () => {
  const mode = { json: false, quiet: false, verbose: false };
  const told = (env: Readonly<Record<string, string>>, terminal: boolean): string => {
    const host = fakeHost({ env, terminal });
    const output = new Output(host, mode);
    output.progress("working");
    output.warning("careful");
    return host.told();
  };
  assert.equal(told({}, true), "\u001b[2mworking\u001b[0m\n\u001b[33mwarning\u001b[0m careful\n");
  assert.equal(told({ NO_COLOR: "1" }, true), "working\nwarning careful\n");
  assert.equal(told({}, false), "warning careful\n");
});

test("Output.result() prints nothing under --quiet and JSON under --json", () => {
  const print = (mode: { json: boolean; quiet: boolean }): string => {
    const host = fakeHost();
    new Output(host, { ...mode, verbose: false }).result({ a: 1 }, ["one", "two"]);
    return host.printed();
  };
  assert.equal(print({ json: false, quiet: false }), "one\ntwo\n");
  assert.equal(print({ json: false, quiet: true }), "");
  assert.equal(print({ json: true, quiet: true }), '{\n  "a": 1\n}\n');
});

test("chooseDatabase() takes the option, else the config's first one, else the environment", () => {
  const databases = { main: "postgres://a/main", other: { url: "postgres://a/other", poolMax: 2 } };
  const host = fakeHost({ env: { DATABASE_URL: "postgres://a/env" } });
  assert.deepEqual(chooseDatabase("other", { databases }, host), {
    database: { name: "other", url: "postgres://a/other", poolMax: 2 },
    isDefault: false,
  });
  assert.deepEqual(chooseDatabase(undefined, { databases }, host), {
    database: { name: "main", url: "postgres://a/main" },
    isDefault: true,
  });
  assert.equal(chooseDatabase(undefined, {}, host).database.url, "postgres://a/env");
  assert.equal(chooseDatabase("pglite://x", { databases }, host).database.url, "pglite://x");
  const list = [{ name: "b", url: "postgres://a/b" }];
  assert.equal(chooseDatabase("b", { databases: list }, host).isDefault, true);
});

test("chooseDatabase() refuses a name that the config lacks, and none at all", () => {
  assert.throws(
    () => chooseDatabase("mian", { databases: { main: "postgres://a/b" } }, fakeHost()),
    (error) => error instanceof ConfigurationError && /"main"/.test(error.hint ?? ""),
  );
  assert.throws(() => chooseDatabase("main", {}, fakeHost()), ConfigurationError);
  assert.throws(() => chooseDatabase(undefined, {}, fakeHost()), UsageError);
});
