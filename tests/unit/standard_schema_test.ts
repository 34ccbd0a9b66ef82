import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { z } from "npm:zod@4.6.7";
import {
  array,
  closeDatabase,
  domain,
  integer,
  jsonb,
  model,
  registerDatabase,
  type StandardSchema,
  ValidationError,
} from "../../mod.ts";
import { recording } from "../../src/drivers/recording.ts";

const Meta = z.object({ source: z.string(), qty: z.int().min(1).default(1) });

class Note extends model("notes", {
  id: integer().primaryKey(),
  meta: jsonb(Meta),
  list: array(jsonb(Meta)).nullable(),
  named: domain("meta", jsonb(Meta)).nullable(),
}, { database: "standard" }) {}

let driver = recording();

/** Runs a call on a database that answers nothing, and gives what it sent. */
async function sent(call: () => Promise<unknown>): Promise<(string | null)[]> {
  driver = recording({ unanswered: "empty" });
  registerDatabase({ name: "standard", driver });
  try {
    await call().catch((error) => {
      if (error instanceof ValidationError) throw error;
    });
    return driver.statements.flatMap((one) => [...one.params.reveal()]);
  } finally {
    await closeDatabase("standard");
  }
}

async function refused(call: () => Promise<unknown>): Promise<ValidationError> {
  const found = await sent(call).then(() => undefined, (error: unknown) => error);
  assert.ok(found instanceof ValidationError);
  assert.deepEqual(driver.statements.length, 0);
  return found;
}

test("jsonb(schema) does store what the schema makes of a value", async () => {
  const meta = { source: "web" };
  const params = await sent(() => Note.create({ id: 1, meta, list: [meta], named: meta }));
  assert.deepEqual(params, [
    "1",
    '{"source":"web","qty":1}',
    '{"{\\"source\\":\\"web\\",\\"qty\\":1}"}',
    '{"source":"web","qty":1}',
  ]);
});

test("jsonb(schema) does list all issues with their places, without values, before anything is sent", async () => {
  const meta = { source: 5, qty: 0, secret: "s3cret" };
  const error = await refused(() => Note.create({ id: 1, meta: meta as never }));
  assert.equal(error.code, "schema_mismatch");
  assert.deepEqual(error.issues.map(({ path }) => path), [["meta", "source"], ["meta", "qty"]]);
  assert.match(error.message, /at source, qty \(field "meta"\)$/);
  assert.ok(!inspect(error).includes("s3cret") && !inspect(error).includes("expected string"));
});

test("jsonb(schema) does check every way to write", async () => {
  const meta = { source: 5 } as never;
  const rows = [{ id: 1, meta: { source: "a" } }, { id: 2, meta }];
  const calls: (() => Promise<unknown>)[] = [
    () => Note.bulkCreate(rows),
    () => Note.upsert({ id: 1, meta }, { conflict: ["id"] }),
    () => Note.bulkUpsert(rows, { conflict: ["id"] }),
    () => Note.updateWhere({ id: 1 }, { meta }),
    () => Note.getOrCreate({ id: 1 }, { meta }),
    () =>
      Note.create({ id: 1, meta: { source: "a" }, list: [null, { source: "a" }, meta] as never }),
    () => Note.create({ id: 1, meta: { source: "a" }, named: meta }),
  ];
  for (const call of calls) {
    const found = await sent(call).then(() => undefined, (error: unknown) => error);
    assert.equal((found as ValidationError | undefined)?.code, "schema_mismatch", String(call));
  }
});

test("jsonb(schema) does not check what only looks for rows", async () => {
  const params = await sent(() => Note.filter({ meta: { contains: { source: 5 } } }).all());
  assert.deepEqual(params, ['{"source":5}']);
});

test("jsonb(schema) does refuse a schema that answers later", async () => {
  class Late extends model("late", {
    id: integer().primaryKey(),
    meta: jsonb(z.object({ a: z.string().refine(async () => await Promise.resolve(true)) })),
  }, { database: "standard" }) {}
  const later: StandardSchema<string> = {
    "~standard": {
      version: 1,
      vendor: "later",
      validate: () => Promise.reject(new Error("nobody hears")),
    },
  };
  class Later extends model("late", { id: integer().primaryKey(), meta: jsonb(later) }, {
    database: "standard",
  }) {}
  const error = await refused(() => Later.create({ id: 1, meta: "x" }));
  assert.equal(error.code, "async_schema");
  await assert.rejects(sent(() => Late.create({ id: 1, meta: { a: "x" } })));
});

test("jsonb() does refuse what is no schema", () => {
  assert.throws(() => jsonb({} as never), { code: "invalid_argument" });
  assert.throws(() => jsonb(null as never), { code: "invalid_argument" });
});
