/** What a schema says of a row is what the table says of it: random rows of ten models. */
import assert from "node:assert/strict";
import process from "node:process";
import { after, test } from "node:test";
import { inspect } from "node:util";
import { z } from "npm:zod@4.6.7";
import { closeDatabase, OrmError, registerDatabase } from "../../mod.ts";
import { insertSchema, rowSchema, updateSchema } from "../../src/zod/schemas.ts";
import { testDatabase } from "../support/database.ts";
import { runScript } from "../support/generated.ts";
import { testServer } from "../support/servers.ts";
import { JUNK, POOLS, TABLES, zodModels } from "./zod_world.ts";

const given = await testServer("pg18");
const server = given.skip === false ? given : await testServer("pglite");
const RUNS = Number(
  process.env["MATRX_ZOD_ROWS"] ?? (server.kind === "pg18" ? 10_000 : 2_000),
);
/** How many rows are under way at once. */
const TOGETHER = 50;

const SEED = Number(process.env["MATRX_TEST_SEED"] ?? 1);

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const database = await testDatabase(server);
await runScript(database.driver, TABLES);
registerDatabase({ name: "zod", driver: database.driver });
const models = zodModels("zod");
after(async () => {
  await closeDatabase("zod");
  await database[Symbol.asyncDispose]();
});

/** What a schema cannot know, or judges otherwise on purpose. docs/validation.md tells of each. */
const EXCLUSIONS: readonly {
  readonly why: string;
  readonly holds: (model: string, value: unknown, column: string) => boolean;
}[] = [
  {
    why: "words for a time that are not ISO 8601",
    holds: (model, value) =>
      model === "Times" && typeof value === "string" && !/^\d+[-:]\d/.test(value),
  },
  {
    why: "whether a referenced row is there",
    holds: (_, value, column) => /^(?:parentCode|textId)$/.test(column) && value !== null,
  },
  {
    why: "NULL among items that are not nullable",
    holds: (model, value) =>
      /^(?:Lists|Docs|Types)$/.test(model) && Array.isArray(value) && value.includes(null),
  },
  {
    why: "other dimensions than those that were declared",
    holds: (model, value, column) =>
      model === "Lists" && Array.isArray(value) &&
      value.some((item) => Array.isArray(item) !== (column === "i")),
  },
  {
    why: "JSON null in a column that cannot be NULL",
    holds: (model, value) =>
      model === "Docs" &&
      (Object.is(value, NaN) || value === Infinity ||
        value instanceof Date && Number.isNaN(value.getTime())),
  },
  {
    why: "a time that PostgreSQL has and a Date has not",
    holds: (model, value) => model === "Times" && value === "294276-12-31",
  },
];

// deno-lint-ignore no-explicit-any -- the models are of ten types
type AnyModel = any;

/** A row to try. */
interface Case {
  readonly model: keyof typeof models;
  readonly row: Record<string, unknown>;
  /** The column that has an odd value, or what else is odd. */
  readonly odd: string;
}

const next = random(SEED);
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;
const names = Object.keys(models) as (keyof typeof models)[];

function caseOf(run: number): Case {
  const model = names[run % names.length]!;
  const columns = Object.entries(POOLS[model]!);
  const row: Record<string, unknown> = model === "Keys" ? { code: run.toString(36) } : {};
  for (const [column, { usual }] of columns) {
    const value = pick(usual);
    if (value !== undefined) row[column] = value;
  }
  const [column, { odd }] = pick(columns);
  const kind = next();
  if (kind < 0.6) row[column] = pick([...odd, ...odd, ...JUNK]);
  else if (kind < 0.65) {
    const name = pick(["nope", "Label", "twice", "id "]);
    row[name] = 1;
    return { model, row, odd: name };
  } else if (kind < 0.7) delete row[column];
  return { model, row, odd: column };
}

/** What is asked of a schema and of its table. */
type Verdict = { readonly parse: () => z.ZodSafeParseResult<unknown>; write(): Promise<object> };

/** Says what is wrong; undefined where schema and table agree, or are known not to. */
async function disagreement(
  { model, row, odd }: Case,
  counts: Counts,
  { parse, write }: Verdict,
): Promise<string | undefined> {
  const place = `${model}.${odd} = ${inspect(row[odd])}`;
  const parsed = parse();
  const why = EXCLUSIONS.find(({ holds }) => holds(model, row[odd], odd))?.why;
  try {
    const made = await write();
    counts.taken++;
    if (why !== undefined) return counts.exclude(why);
    const read = rowSchema(models[model] as AnyModel).safeParse(made);
    if (!read.success) return `${place}: as it is read: ${z.prettifyError(read.error)}`;
    return parsed.success ? undefined : `${place}: refused: ${z.prettifyError(parsed.error)}`;
  } catch (error) {
    if (!(error instanceof OrmError)) throw error;
    counts.refused++;
    if (!parsed.success) return undefined;
    return why === undefined ? `${place}: taken, but ${error.message}` : counts.exclude(why);
  }
}

/** How many rows were taken and refused, and how many no schema can judge. */
class Counts {
  taken = 0;
  refused = 0;
  readonly excluded = new Map<string, number>();

  exclude(why: string): undefined {
    this.excluded.set(why, (this.excluded.get(why) ?? 0) + 1);
  }

  print(what: string): void {
    console.log(`zod: ${what}, seed ${SEED}: ${this.taken} taken, ${this.refused} refused`);
    for (const [why, times] of this.excluded) console.log(`zod: not judged ${times} times: ${why}`);
  }
}

test("insertSchema() takes what the table takes and refuses what it refuses", async () => {
  const counts = new Counts();
  const wrong = new Set<string>();
  for (let run = 0; run < RUNS; run += TOGETHER) {
    const cases = Array.from(
      { length: Math.min(TOGETHER, RUNS - run) },
      (_, at) => caseOf(run + at),
    );
    const found = await Promise.all(cases.map((one) => {
      const Model = models[one.model] as AnyModel;
      return disagreement(one, counts, {
        parse: () => insertSchema(Model).safeParse(one.row),
        write: () => Model.create(one.row),
      });
    }));
    for (const one of found) if (one !== undefined) wrong.add(one);
  }
  counts.print(`${RUNS} inserts`);
  assert.deepEqual([...wrong], []);
  assert.ok(counts.taken > RUNS / 4 && counts.refused > RUNS / 6);
});

test("updateSchema() takes what the table takes and refuses what it refuses", async () => {
  const counts = new Counts();
  const wrong = new Set<string>();
  const rows = new Map<string, AnyModel>();
  for (const name of names) {
    const usual = Object.entries(POOLS[name]!).map(([column, pool]) => [column, pool.usual[0]]);
    const key = name === "Keys" ? { code: "updated" } : {};
    const Model = models[name] as AnyModel;
    rows.set(name, await Model.create({ ...Object.fromEntries(usual), ...key }));
  }
  const runs = Math.ceil(RUNS / 5);
  for (let run = 0; run < runs; run++) {
    const one = caseOf(run);
    delete one.row["code"];
    const Model = models[one.model] as AnyModel;
    const row = rows.get(one.model)!;
    const found = await disagreement(one, counts, {
      parse: () => updateSchema(Model).safeParse(one.row),
      write: async () => {
        await row.update(one.row);
        return row;
      },
    });
    if (found !== undefined) wrong.add(found);
  }
  counts.print(`${runs} updates`);
  assert.deepEqual([...wrong], []);
  assert.ok(counts.taken > runs / 4 && counts.refused > runs / 6);
});
