import assert from "node:assert/strict";
import { test } from "node:test";
import { check, decimal, index, integer, model, sql, text, timestamptz, uuid } from "../../mod.ts";
import { readDeclared } from "../../migrations/declare/read_declared.ts";
import { openShadow, type Shadow } from "../../migrations/shadow/shadow.ts";
import { cpuOf, leastOf } from "../support/cpu.ts";

const TABLES = 50;
/** Seconds of CPU that a warm cycle may take: 2 on a machine with nothing else to do, more on a busy one. */
const LIMIT = 6;

function table(number: number): unknown {
  const shape = {
    id: uuid().primaryKey().default(sql`gen_random_uuid()`),
    name: text().unique(),
    amount: decimal(12, 2).default(0),
    rank: integer().nullable(),
    createdAt: timestamptz().default(sql`now()`),
    ...(number === 0 ? {} : { parentId: uuid().references(() => classes[number - 1]) }),
  };
  return class extends model(`business_objects_${number}`, shape, {
    constraints: [check(sql`amount >= 0`)],
    indexes: [index("rank", "-createdAt"), index(sql`lower(name)`).where(sql`rank > 3`)],
  }) {};
}

const classes: unknown[] = [];
for (let number = 0; number < TABLES; number++) classes.push(table(number));

test(`A warm shadow of ${TABLES} tables takes less than ${LIMIT} s of CPU`, async (t) => {
  await (await openShadow()).close(); // makes the seed where there is none
  const seconds = await leastOf(LIMIT, async () => {
    const opened: Shadow[] = [];
    const boot = await cpuOf(async () => opened.push(await openShadow()));
    const [shadow] = opened;
    const build = await cpuOf(async () => {
      const catalog = await readDeclared(shadow!, { models: classes });
      assert.ok(
        catalog.objects.has('index "public"."business_objects_7"."business_objects_7_lower_idx"'),
      );
    });
    const reset = await cpuOf(() => shadow!.reset());
    const again = await cpuOf(() => readDeclared(shadow!, { models: classes }));
    await shadow!.close();
    t.diagnostic(
      `${TABLES} tables: boot ${boot.toFixed(2)} s, build and read ${build.toFixed(2)} s, ` +
        `reset ${reset.toFixed(2)} s, build and read again ${again.toFixed(2)} s of CPU`,
    );
    return boot + build;
  });
  assert.ok(seconds < LIMIT, `${seconds} s`);
});
