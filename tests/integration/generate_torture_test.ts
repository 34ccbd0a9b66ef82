import assert from "node:assert/strict";
import { test } from "node:test";
import { assertReadsBack } from "../support/compare.ts";
import { testDatabase } from "../support/database.ts";
import { catalogAfter, emptyFolder, generateInto, importFrom } from "../support/generated.ts";
import { hostileNames } from "../support/hostile.ts";
import { hostileSchema } from "../support/hostile_schema.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { formatCheck, typeCheck } from "./generate_support.ts";

const canary = globalThis as { PWNED?: unknown };

test("hostileNames holds hundreds of different names", () => {
  assert.ok(hostileNames.length >= 650, `${hostileNames.length} names`);
  assert.equal(new Set(hostileNames).size, hostileNames.length);
});

for (const kind of serverKinds) {
  const server = await testServer(kind);
  test(`planGeneration() keeps every hostile name on ${kind}`, { skip: server.skip }, async () => {
    await using db = await testDatabase(server);
    await using folder = await emptyFolder();
    const catalog = await catalogAfter(db.driver, hostileSchema());
    const plan = await generateInto(folder.path, catalog);
    assert.equal(plan.counts.tables, hostileNames.length + 2);

    const models = await importFrom(folder.path);
    assert.equal(assertReadsBack(models, catalog), plan.counts.tables);
    assert.deepEqual(models.labelListLabels, hostileNames, "the labels in their order");
    assert.equal(canary.PWNED, undefined, "nothing from the catalog was evaluated");

    const again = await generateInto(folder.path, catalog);
    assert.deepEqual(again.files.filter((file) => file.action !== "keep"), []);
  });
}

const server = await testServer("pg18");
for (const explicit of [false, true]) {
  const mode = explicit ? "explicit" : "plain";
  const name = `planGeneration() writes ${mode} files that compile and are formatted`;
  test(name, { skip: server.skip }, async () => {
    await using db = await testDatabase(server);
    await using folder = await emptyFolder();
    const catalog = await catalogAfter(db.driver, hostileSchema());
    await generateInto(folder.path, catalog, { explicit });
    const formatted = await formatCheck(folder.path);
    assert.equal(formatted.status, 0, formatted.output);
    const checked = await typeCheck(folder.path, explicit);
    assert.equal(checked.status, 0, checked.output);
  });
}
