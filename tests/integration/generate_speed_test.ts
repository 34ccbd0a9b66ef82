import assert from "node:assert/strict";
import { test } from "node:test";
import { loadFormatter } from "../../generator/emit/format.ts";
import { planGeneration } from "../../generator/generate.ts";
import { applyPlan, readOutput } from "../../generator/io.ts";
import { cpuOf, leastOf } from "../support/cpu.ts";
import { emptyFolder } from "../support/generated.ts";
import { builtin, catalogOf, type TableDraft } from "../unit/emit_world.ts";

const TABLES = 1000;
/** Seconds of CPU that generating them may take. */
const LIMIT = 5;

function table(number: number): TableDraft {
  const facts = Array.from({ length: 12 }, (_, at) => [
    `some_column_${at}`,
    { type: builtin("varchar", "20"), default: "'nothing'::character varying", comment: "Says it" },
  ]);
  const parents = [number - 1, number - 7].filter((parent) => parent >= 0);
  return {
    name: `business_objects_${number}`,
    columns: {
      id: { type: builtin("uuid"), notNull: true, default: "gen_random_uuid()" },
      parent_0_id: builtin("uuid"),
      parent_1_id: builtin("uuid"),
      ...Object.fromEntries(facts),
    },
    primaryKey: ["id"],
    foreignKeys: parents.map((parent, at) => ({
      columns: [`parent_${at}_id`],
      to: `business_objects_${parent}`,
    })),
  };
}

for (const managers of [false, true]) {
  const what = managers ? "with managers " : "";
  test(`planGeneration() of ${TABLES} tables ${what}takes less than ${LIMIT} s of CPU`, async (t) => {
    const catalog = catalogOf(Array.from({ length: TABLES }, (_, number) => table(number)));
    const seconds = await leastOf(LIMIT, async () => {
      await using folder = await emptyFolder();
      const generate = async () => {
        const existing = readOutput(folder.path);
        applyPlan(
          planGeneration(catalog, { managers }, existing, await loadFormatter()),
          folder.path,
        );
      };
      const first = await cpuOf(generate);
      const second = await cpuOf(generate);
      t.diagnostic(
        `${TABLES} tables of 15 columns, ${what}${first.toFixed(2)} s, unchanged ${
          second.toFixed(2)
        } s`,
      );
      assert.ok(second < first, `unchanged ${second} s, first ${first} s`);
      return first;
    });
    assert.ok(seconds < LIMIT, `${seconds} s`);
  });
}
