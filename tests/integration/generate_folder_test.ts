import assert from "node:assert/strict";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { applyPlan, readOutput } from "../../generator/io.ts";
import { MANIFEST_PATH } from "../../generator/manifest.ts";
import type { FilePlan, PlannedFile } from "../../generator/plan.ts";
import { ConfigurationError } from "../../src/errors/base.ts";
import { emptyFolder, generateInto, pathsWith } from "../support/generated.ts";
import { catalogOf, simpleTable } from "../unit/emit_world.ts";

const catalog = catalogOf([simpleTable("orders"), simpleTable("users")]);

/** Every file of a folder with its text. */
async function contents(folder: string): Promise<Record<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: Record<string, string> = {};
  for (const entry of names) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    found[path.slice(folder.length + 1)] = await readFile(path, "utf8");
  }
  return found;
}

const plan = (...files: PlannedFile[]): FilePlan => ({ files, orphans: [] });

test("applyPlan() does not touch the files of a second run", async () => {
  await using folder = await emptyFolder();
  await generateInto(folder.path, catalog);
  const paths = Object.keys(await contents(folder.path));
  const times = () =>
    Promise.all(paths.map(async (path) => (await stat(join(folder.path, path))).mtimeMs));
  const before = await times();
  const again = await generateInto(folder.path, catalog);
  assert.deepEqual(again.files.filter((file) => file.action !== "keep"), []);
  assert.deepEqual(await times(), before);
});

test("applyPlan() changes the file of a changed table alone", async () => {
  await using folder = await emptyFolder();
  await generateInto(folder.path, catalog);
  const changed = catalogOf([simpleTable("orders", "total"), simpleTable("users")]);
  const again = await generateInto(folder.path, changed);
  assert.deepEqual(pathsWith(again, "replace"), ["generated/order.ts", MANIFEST_PATH]);
});

test("applyPlan() refuses and writes nothing when a generated file was changed by hand", async () => {
  await using folder = await emptyFolder();
  await generateInto(folder.path, catalog);
  const path = join(folder.path, "generated/user.ts");
  await writeFile(path, "// mine\n");
  const before = await contents(folder.path);
  const changed = catalogOf([simpleTable("orders", "total"), simpleTable("users")]);
  await assert.rejects(generateInto(folder.path, changed), (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.code, "edited_files");
    assert.match(error.message, /generated\/user\.ts/);
    return true;
  });
  assert.deepEqual(await contents(folder.path), before);
  await generateInto(folder.path, changed, { force: true });
  assert.match(await readFile(path, "utf8"), /class UserBase/);
});

test("applyPlan() removes the file of a dropped table and keeps the user's", async () => {
  await using folder = await emptyFolder();
  await generateInto(folder.path, catalog);
  await writeFile(join(folder.path, "user.ts"), "// mine\n");
  const again = await generateInto(folder.path, catalogOf([simpleTable("orders")]));
  assert.deepEqual(pathsWith(again, "remove"), ["generated/user.ts"]);
  assert.deepEqual(again.orphans, [{ path: "user.ts", why: "dropped" }]);
  const left = await contents(folder.path);
  assert.equal(left["user.ts"], "// mine\n");
  assert.equal(left["generated/user.ts"], undefined);
  assert.doesNotMatch(left["generated/mod.ts"]!, /user/);
});

test("applyPlan() leaves the folder as it was when a file cannot be written", async () => {
  await using folder = await emptyFolder();
  await generateInto(folder.path, catalog);
  const before = await contents(folder.path);
  // a folder in the place of a file: the last rename fails after all others were done
  await mkdir(join(folder.path, "zzz.ts"));
  const faulty = plan(
    { path: "generated/order.ts", action: "replace", text: "new" },
    { path: "generated/user.ts", action: "remove", text: null },
    { path: "new.ts", action: "write-once", text: "new" },
    { path: "zzz.ts", action: "write-once", text: "new" },
  );
  assert.throws(() => applyPlan(faulty, folder.path), (error) => {
    assert.ok(error instanceof ConfigurationError);
    assert.equal(error.code, "unwritable_output");
    assert.match(String(error.hint), /left as it was/);
    return true;
  });
  assert.deepEqual(await contents(folder.path), before);
});

test("applyPlan() makes no folder that it cannot fill", async () => {
  await using folder = await emptyFolder();
  const faulty = plan(
    { path: "generated/x", action: "create", text: "" },
    { path: "generated/x/y.ts", action: "create", text: "" },
  );
  assert.throws(() => applyPlan(faulty, join(folder.path, "a/b")), { code: "unwritable_output" });
  assert.deepEqual(await readdir(folder.path), []);
});

test("applyPlan() says that a folder cannot be written", async (t) => {
  await using folder = await emptyFolder();
  await writeFile(join(folder.path, "models"), "a file");
  await assert.rejects(generateInto(join(folder.path, "models"), catalog), (error) => {
    return error instanceof ConfigurationError && /models/.test(error.message);
  });
  assert.equal(await readFile(join(folder.path, "models"), "utf8"), "a file");
  const locked = join(folder.path, "locked");
  await mkdir(locked);
  await chmod(locked, 0o500);
  if (await writeFile(join(locked, "probe"), "").then(() => true, () => false)) {
    t.diagnostic("the superuser may write everywhere");
    return;
  }
  await assert.rejects(generateInto(locked, catalog), /Cannot write into/);
});

test("readOutput() takes a link of the user's for the file that is there", async () => {
  await using folder = await emptyFolder();
  await writeFile(join(folder.path, "elsewhere"), "// mine\n");
  await mkdir(join(folder.path, "models"));
  await symlink(join(folder.path, "elsewhere"), join(folder.path, "models/order.ts"));
  await generateInto(join(folder.path, "models"), catalog);
  assert.equal(await readFile(join(folder.path, "elsewhere"), "utf8"), "// mine\n");
});

test("applyPlan() clears away what a killed run left behind", async () => {
  await using folder = await emptyFolder();
  await generateInto(folder.path, catalog);
  await writeFile(join(folder.path, "generated/order.ts.matrx-new"), "half");
  await rm(join(folder.path, "generated/order.ts"));
  await generateInto(folder.path, catalog);
  const names = Object.keys(await contents(folder.path));
  assert.ok(names.includes("generated/order.ts"));
  assert.ok(!names.some((name) => name.includes(".matrx-new")), String(names));
  assert.equal(readOutput(folder.path).files.size, 6);
});
