/** What must hold of a filter beyond the rows that it gives. */
import assert from "node:assert/strict";
import {
  caseWhen,
  count,
  F,
  max,
  min,
  Q,
  type QCondition,
  type Query,
  type ShapeOf,
  sql,
  sum,
  transaction,
} from "../../mod.ts";
import { type Made, Maker, type Models } from "./oracle_filters.ts";
import type { Random } from "../support/random/random.ts";
import { plainly } from "./oracle_scalars.ts";
import { type Cell, type Data, ROWS } from "./oracle_world.ts";

/** A filter under test. */
export interface Subject {
  readonly one: Made;
  /** Another filter, to look at a part of the rows. */
  readonly other: Made;
  /** Whether the filters need the names of `Maker.names()`. */
  readonly named: boolean;
  readonly world: Data;
  readonly models: Models;
  /** The database's name in the registry. */
  readonly database: string;
  readonly random: Random;
  readonly context: string;
}

/** Checks one property. */
export type Check = (subject: Subject) => Promise<void>;

type Cells = InstanceType<Models["CellModel"]>;
type Rows = Query<Cells, ShapeOf<Cells>>;

/** All rows, with the names that the filters need; typed without them, as half of the time they are not there. */
const start = ({ models, named }: Subject): Rows =>
  named
    ? models.CellModel.filter().annotate(Maker.names()) as unknown as Rows
    : models.CellModel.filter() as unknown as Rows;

const condition = (made: Made): QCondition => made.where as QCondition;

/** The same condition where no index and no plan of a filter can serve it. */
const shown: Check = async (subject) => {
  const { one, world, context } = subject;
  const rows = await start(subject)
    .annotate({ hit: caseWhen(one.where, true).otherwise(false) }).values("id", "hit").all();
  const hits = rows.filter(({ hit }) => hit).map(({ id }) => id).sort((a, b) => a - b);
  assert.deepEqual(hits, world.cells.filter(one.holds).map(({ id }) => id), context);
};

/** A part of the rows falls into those for which the condition holds and those for which it does not. */
const parted: Check = async (subject) => {
  const { one, other, world, context } = subject;
  const part = start(subject).filter(condition(other));
  const [within, without] = await Promise.all([
    part.filter(condition(one)).count(),
    part.filter(Q(condition(one)).not()).count(),
  ]);
  const whole = world.cells.filter(other.holds);
  assert.equal(within, whole.filter(one.holds).length, context);
  assert.equal(within + without, whole.length, context);
};

/** Both parts together are all rows, each once; they share none. */
const united: Check = async (subject) => {
  const { one, context } = subject;
  const [inside, outside] = [
    start(subject).filter(condition(one)),
    start(subject).exclude(condition(one)),
  ];
  // sets compare whole rows, which json has no equality for
  const [ids, both] = await Promise.all([
    inside.values("id").union(outside.values("id"), { all: true }).orderBy("id").all(),
    inside.values("id").intersect(outside.values("id")).count(),
  ]);
  assert.deepEqual(
    ids.map(({ id }) => id),
    Array.from({ length: ROWS }, (_, at) => at + 1),
    context,
  );
  assert.equal(both, 0, context);
};

/** Aggregates over both parts make up those over all rows. */
const summed: Check = async (subject) => {
  const { one, world, context } = subject;
  const wanted = { n: count(), sum: sum("id"), low: min("id"), high: max("id") };
  const parts = await Promise.all([
    start(subject).filter(condition(one)).aggregate(wanted),
    start(subject).exclude(condition(one)).aggregate(wanted),
  ]);
  parts.forEach((part, index) => {
    const ids = world.cells.filter((cell) => one.holds(cell) === (index === 0)).map(({ id }) => id);
    assert.equal(part.n, ids.length, context);
    assert.equal(Number(part.sum ?? 0), ids.reduce((all, id) => all + id, 0), context);
    assert.equal(part.low, ids[0] ?? null, context);
    assert.equal(part.high, ids.at(-1) ?? null, context);
  });
};

/** Updates and deletes look at the rows that the filter gives. */
const written: Check = async ({ one, named, world, models, database, context }) => {
  if (named) return;
  const undone = new Error("undone");
  const { CellModel } = models;
  const expected = world.cells.filter(one.holds).map(({ id }) => id);
  const work = transaction(async (tx) => {
    const cells = CellModel.using(tx);
    // one at a time: two that change the same rows in another order would be a deadlock
    await cells.rawSql(sql`select pg_advisory_xact_lock(1)`);
    const changed = await cells.updateWhere(condition(one), { f: F("f") });
    const gone = await cells.deleteWhere(condition(one), { returning: true });
    assert.equal(changed, expected.length, context);
    assert.deepEqual(gone.map(({ id }) => id).sort((a, b) => a - b), expected, context);
    assert.equal(await cells.count(), ROWS - expected.length, context);
    throw undone;
  }, { database });
  await assert.rejects(work, (error) => {
    if (error !== undone) throw error;
    return true;
  });
};

/** An order, a limit, an offset; the rows, their number, and whether there are some. */
const paged: Check = async (subject) => {
  const { one, world, random, context } = subject;
  const [descending, first] = [random.once(2), random.once(2)];
  const [limit, offset] = [random.below(8), random.below(12)];
  const given = start(subject).filter(condition(one))
    .orderBy({ field: "n", descending, nulls: first ? "first" : "last" }, "-id");
  const sign = descending ? -1 : 1;
  const nulls = (cell: Cell): number => cell["n"] === null ? (first ? -1 : 1) : 0;
  let expected = world.cells.filter(one.holds).sort((a, b) =>
    nulls(a) - nulls(b) || sign * plainly(a["n"] as number ?? 0, b["n"] as number ?? 0) ||
    b.id - a.id
  );
  let query = random.once(4) ? given : given.offset(offset);
  if (query !== given) expected = expected.slice(offset);
  if (!random.once(4)) [query, expected] = [query.limit(limit), expected.slice(0, limit)];
  const [rows, n, any, head] = await Promise.all([
    query.all(),
    query.count(),
    query.exists(),
    query.first(),
  ]);
  assert.deepEqual(rows.map(({ id }) => id), expected.map(({ id }) => id), context);
  assert.equal(n, expected.length, context);
  assert.equal(any, expected.length > 0, context);
  assert.equal(head?.id, expected[0]?.id, context);
};

/** Distinct values, and distinct rows of an order, with limit and offset. */
const distinct: Check = async (subject) => {
  const { one, world, random, context } = subject;
  const [limit, offset] = [1 + random.below(5), random.below(4)];
  const holding = world.cells.filter(one.holds);
  const each = [...new Map(holding.map((cell) => [`${cell["n"]} ${cell["f"]}`, cell])).values()];
  const values = start(subject).filter(condition(one)).values("n", "f").distinct();
  // the first of each n by id, in the order of n
  const best = start(subject).filter(condition(one)).orderBy("n", "id").distinct("n");
  const order = (cell: Cell): number => cell["n"] === null ? Infinity : cell["n"] as number;
  const firsts = holding.filter((cell) =>
    !holding.some((it) => it["n"] === cell["n"] && it.id < cell.id)
  ).sort((a, b) => plainly(order(a), order(b)));
  const [all, n, part, partCount, partAny, bests, bestCount, bestPart, bestAny] = await Promise.all(
    [
      values.all(),
      values.count(),
      values.limit(limit).offset(offset).all(),
      values.limit(limit).offset(offset).count(),
      values.limit(limit).offset(offset).exists(),
      best.all(),
      best.count(),
      best.limit(limit).offset(offset).all(),
      best.limit(limit).offset(offset).exists(),
    ],
  );
  assert.equal(all.length, each.length, context);
  assert.equal(n, each.length, context);
  assert.equal(part.length, Math.max(0, Math.min(limit, each.length - offset)), context);
  assert.equal(partCount, part.length, context);
  assert.equal(partAny, part.length > 0, context);
  assert.deepEqual(bests.map(({ id }) => id), firsts.map(({ id }) => id), context);
  assert.equal(bestCount, firsts.length, context);
  assert.deepEqual(
    bestPart.map(({ id }) => id),
    firsts.slice(offset, offset + limit).map(({ id }) => id),
    context,
  );
  assert.equal(bestAny, bestPart.length > 0, context);
};

/** Groups, a condition on them, and their number. */
const grouped: Check = async (subject) => {
  const { one, named, world, random, context } = subject;
  // what a query named before it groups must be grouped by as well
  if (named) return;
  const least = 1 + random.below(3);
  const groups = start(subject).filter(condition(one)).groupBy("n")
    .annotate({ many: count(), top: max("id") }).having({ many: { gte: least } }).orderBy("-top");
  const found = [...Map.groupBy(world.cells.filter(one.holds), (cell) => cell["n"]).values()]
    .filter((cells) => cells.length >= least)
    .map((cells) => ({ n: cells[0]!["n"], many: cells.length, top: cells.at(-1)!.id }))
    .sort((a, b) => b.top - a.top);
  const [rows, n, any] = await Promise.all([groups.all(), groups.count(), groups.exists()]);
  assert.deepEqual(rows.map((row) => ({ ...row })), found, context);
  assert.equal(n, found.length, context);
  assert.equal(any, found.length > 0, context);
};

/** All properties; a filter is held to two of them in turn. */
export const CHECKS: readonly Check[] = [
  shown,
  parted,
  united,
  summed,
  written,
  paged,
  distinct,
  grouped,
];
