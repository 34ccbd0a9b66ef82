import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { openPglite } from "../../src/drivers/pglite.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { ask, failure, one } from "../contract/subject.ts";
import { driverOptions } from "../support/database.ts";

async function folder(): Promise<{ path: string; url: string } & AsyncDisposable> {
  const base = await mkdtemp(join(tmpdir(), "matrx-orm-folder-"));
  const path = join(base, "a b", "data");
  return {
    path,
    url: `pglite://${path}`,
    [Symbol.asyncDispose]: () => rm(base, { recursive: true, force: true }),
  };
}

const open = (url: string): ReturnType<typeof openPglite> => openPglite(driverOptions(url));

test("openPglite() keeps data in a folder, and extensions with it", async () => {
  await using place = await folder();
  const first = open(place.url);
  await ask(first, "create extension vector");
  await ask(first, "create extension hstore");
  await ask(first, "create table kept (v vector(3), h hstore)");
  await ask(first, "insert into kept values ($1, $2)", "[1,2,3]", "a=>1");
  assert.ok(existsSync(`${place.path}.lock`));
  await first.close();
  assert.ok(!existsSync(`${place.path}.lock`));
  const second = open(place.url);
  const { rows } = await ask(second, "select v, h, v <-> '[1,2,4]' from kept where h ? 'a'");
  assert.deepEqual(rows, [["[1,2,3]", '"a"=>"1"', "1"]]);
  await second.close();
});

test("openPglite() opens a relative folder", async () => {
  await using place = await folder();
  const driver = open(`pglite://./${join("node_modules", ".matrx-test", crypto.randomUUID())}`);
  const own = await ask(driver, "select 1");
  assert.deepEqual(own.rows, [["1"]]);
  await driver.close();
  await rm(join("node_modules", ".matrx-test"), { recursive: true, force: true });
  assert.ok(!existsSync(place.path));
});

test("openPglite() refuses a folder that this process has open", async () => {
  await using place = await folder();
  const first = open(place.url);
  await one(first, "select 1");
  const second = open(`pglite://${place.path}/`);
  const error = await failure(one(second, "select 1"));
  assert.ok(error instanceof ConfigurationError);
  assert.equal(error.code, "folder_locked");
  assert.ok(error.message.includes(String(process.pid)) && error.message.includes(place.path));
  await first.close();
  assert.equal(await one(second, "select 1"), "1");
  await second.close();
});

test("openPglite() refuses a folder of a live process and takes over that of a dead one", async () => {
  await using place = await folder();
  const first = open(place.url);
  await ask(first, "create table t (n int)");
  await first.close();
  const other = spawn("sleep", ["60"], { stdio: "ignore" });
  await writeFile(`${place.path}.lock`, `${other.pid}\n\n`);
  const refused = open(place.url);
  const error = await failure(one(refused, "select 1"));
  assert.ok(error instanceof ConfigurationError && error.message.includes(`process ${other.pid}`));
  const gone = new Promise((resolve) => other.on("close", resolve));
  other.kill("SIGKILL");
  await gone;
  assert.equal(await one(refused, "select count(*) from t"), "0");
  await refused.close();
  await writeFile(`${place.path}.lock`, "");
  const empty = open(place.url);
  assert.equal(await one(empty, "select count(*) from t"), "0");
  await empty.close();
});

test("openFolder() names who has a folder where it may not look at other processes", {
  skip: "Deno" in globalThis ? false : "starts a Deno process with few rights",
}, async () => {
  await using place = await folder();
  const base = join(place.path, "../..");
  await mkdir(place.path, { recursive: true });
  await writeFile(`${place.path}.lock`, `${process.pid}\n\n`);
  const module = import.meta.resolve("../../src/drivers/pglite/folder.ts");
  await writeFile(
    join(base, "open.ts"),
    `import { openFolder } from ${JSON.stringify(module)};
await openFolder(${JSON.stringify(place.path)}).catch(({ code }) => console.log(code));`,
  );
  const config = join(import.meta.dirname ?? ".", "../../deno.json");
  const rights = [`--allow-read=${base}`, `--allow-write=${base}`, "--no-prompt", "--no-check"];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...["run", "--quiet", "--config", config, ...rights, join(base, "open.ts")],
  ]);
  assert.equal(stdout.trim(), "folder_locked");
});

test("openPglite() opens a folder whose process was killed while it wrote", {
  skip: "Deno" in globalThis ? false : "starts a Deno process",
}, async () => {
  await using place = await folder();
  const program = `
    import { openPglite } from ${
    JSON.stringify(import.meta.resolve("../../src/drivers/pglite.ts"))
  };
    const driver = openPglite(${JSON.stringify(driverOptions(place.url))});
    await driver.query({ text: "create table if not exists w (n int, filler text)", params: [] });
    console.log("writing");
    for (let i = 0;; i++) {
      await driver.query({ text: "insert into w values ($1, repeat('x', 5000))", params: [String(i)] });
      if (i % 7 === 0) await driver.query({ text: "checkpoint", params: [] });
    }`;
  let before = 0;
  for (let round = 0; round < 2; round++) {
    const child = spawn(process.execPath, ["eval", program], {
      cwd: join(import.meta.dirname ?? ".", "../.."),
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise<void>((resolve, reject) => {
      child.stdout.on("data", () => resolve());
      child.on("close", () => reject(new Error("the writer ended too early")));
    });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const gone = new Promise((resolve) => child.on("close", resolve));
    child.kill("SIGKILL");
    await gone;
    const driver = open(place.url);
    const count = Number(await one(driver, "select count(*) from w"));
    assert.ok(count > before, `${count} rows after ${before}`);
    before = count;
    await driver.close();
  }
});

test("openPglite() makes a new database again after a crash while it was made", async () => {
  await using place = await folder();
  await mkdir(`${place.path}.new`, { recursive: true });
  await writeFile(join(`${place.path}.new`, "PG_VERSION"), "18");
  const driver = open(place.url);
  assert.equal(await one(driver, "select 1"), "1");
  await driver.close();
  assert.ok(!existsSync(`${place.path}.new`));
});

test("openPglite() refuses a folder that holds something else", async () => {
  await using place = await folder();
  await mkdir(place.path, { recursive: true });
  await writeFile(join(place.path, "notes.txt"), "mine");
  const driver = open(place.url);
  const error = await failure(one(driver, "select 1"));
  assert.ok(error instanceof ConfigurationError);
  assert.equal(error.code, "folder_not_empty");
  assert.equal(await readFile(join(place.path, "notes.txt"), "utf8"), "mine");
  assert.ok(!existsSync(`${place.path}.lock`));
  await driver.close();
});

test("openPglite() refuses a URL without a folder", () => {
  for (const url of ["pglite://", "pglite:memory", "pglite://x?y=1", ""]) {
    assert.throws(() => open(url), ConfigurationError, url);
  }
});

test("openPglite() works with a damaged seed and without a cache folder", async () => {
  const base = await mkdtemp(join(tmpdir(), "matrx-orm-cache-"));
  const before = process.env.MATRX_CACHE_DIR;
  try {
    process.env.MATRX_CACHE_DIR = base;
    const seed = join(base, "pglite-0.5.14.tar.gz");
    await writeFile(seed, "no archive");
    const driver = open("pglite://memory");
    assert.equal(await one(driver, "select 1"), "1");
    await driver.close();
    assert.ok((await readFile(seed)).length > 1_000_000);
    process.env.MATRX_CACHE_DIR = "/dev/null/nowhere";
    const without = open("pglite://memory");
    assert.equal(await one(without, "select 1"), "1");
    await without.close();
  } finally {
    if (before === undefined) delete process.env.MATRX_CACHE_DIR;
    else process.env.MATRX_CACHE_DIR = before;
    await rm(base, { recursive: true, force: true });
  }
});

test("create extension works for every extension that PGlite ships", async () => {
  const driver = open("pglite://memory");
  const { rows } = await ask(driver, "select name from pg_available_extensions order by name");
  assert.ok(rows.length >= 35, `${rows.length} extensions`);
  for (const [name] of rows) await ask(driver, `create extension if not exists "${name}" cascade`);
  assert.equal(await one(driver, "select '[1,0]'::vector <=> '[1,0]'"), "0");
  await driver.close();
});
