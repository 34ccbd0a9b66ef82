/** Holds schemas of Zod against tables: what each of them says of random rows. */
import assert from "node:assert/strict";
import process from "node:process";
import { inspect } from "node:util";
import { z } from "npm:zod@4.6.7";
import { OrmError } from "../../mod.ts";
import { insertSchema, rowSchema, updateSchema } from "../../src/zod/schemas.ts";
import { JUNK, type Pool } from "./zod_world.ts";

// deno-lint-ignore no-explicit-any -- the models are of many types
type AnyModel = any;

/** What a schema cannot know, or judges otherwise on purpose. docs/validation.md tells of each. */
export interface Exclusion {
  readonly why: string;
  readonly holds: (model: string, value: unknown, column: string) => boolean;
}

/** Models and what their columns are tried with. */
export interface PropertyWorld {
  readonly models: Readonly<Record<string, AnyModel>>;
  readonly pools: Readonly<Record<string, Readonly<Record<string, Pool>>>>;
  readonly exclusions: readonly Exclusion[];
  /** Values that a row must have beside those of the pools, by model and a number. */
  readonly key: (model: string, number: number | "updated") => Record<string, unknown>;
}

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

const next = random(SEED);
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;

/** A row to try. */
interface Case {
  readonly model: string;
  readonly row: Record<string, unknown>;
  /** The column that has an odd value, or what else is odd. */
  readonly odd: string;
}

function caseOf({ models, pools, key }: PropertyWorld, run: number): Case {
  const names = Object.keys(models);
  const model = names[run % names.length]!;
  const columns = Object.entries(pools[model]!);
  const row: Record<string, unknown> = key(model, run);
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
  { models, exclusions }: PropertyWorld,
  { model, row, odd }: Case,
  counts: Counts,
  { parse, write }: Verdict,
): Promise<string | undefined> {
  const place = `${model}.${odd} = ${inspect(row[odd])}`;
  const parsed = parse();
  const why = exclusions.find(({ holds }) => holds(model, row[odd], odd))?.why;
  try {
    const made = await write();
    counts.taken++;
    if (why !== undefined) return counts.exclude(why);
    const read = rowSchema(models[model]).safeParse(made);
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

/** Tries inserts, and fails where a schema and its table say otherwise. */
export async function agreeOnInserts(world: PropertyWorld, runs: number): Promise<void> {
  const counts = new Counts();
  const wrong = new Set<string>();
  for (let run = 0; run < runs; run += TOGETHER) {
    const cases = Array.from(
      { length: Math.min(TOGETHER, runs - run) },
      (_, at) => caseOf(world, run + at),
    );
    const found = await Promise.all(cases.map((one) => {
      const Model = world.models[one.model];
      return disagreement(world, one, counts, {
        parse: () => insertSchema(Model).safeParse(one.row),
        write: () => Model.create(one.row),
      });
    }));
    for (const one of found) if (one !== undefined) wrong.add(one);
  }
  counts.print(`${runs} inserts`);
  assert.deepEqual([...wrong], []);
  assert.ok(counts.taken > runs / 4 && counts.refused > runs / 6);
}

/** Tries updates of one row of each table, and fails where a schema and its table say otherwise. */
export async function agreeOnUpdates(world: PropertyWorld, runs: number): Promise<void> {
  const counts = new Counts();
  const wrong = new Set<string>();
  const rows = new Map<string, AnyModel>();
  for (const [name, Model] of Object.entries(world.models)) {
    const usual = Object.entries(world.pools[name]!).map(([column, pool]) => [
      column,
      pool.usual[0],
    ]);
    const key = world.key(name, "updated");
    rows.set(name, await Model.create({ ...Object.fromEntries(usual), ...key }));
  }
  for (let run = 0; run < runs; run++) {
    const one = caseOf(world, run);
    for (const name of Object.keys(world.key(one.model, run))) delete one.row[name];
    const row = rows.get(one.model)!;
    const found = await disagreement(world, one, counts, {
      parse: () => updateSchema(world.models[one.model]).safeParse(one.row),
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
}
