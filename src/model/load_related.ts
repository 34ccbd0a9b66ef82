/** Loads a relation for many rows with one statement. */
import type { Param, Rows, RunOptions } from "../driver/port.ts";
import { Coalescer } from "../execute/coalesce.ts";
import type { Caller } from "../execute/origin.ts";
import { readerFor, type Session, sessionFor, type Using } from "../execute/session.ts";
import { sessionOf } from "../query/actions.ts";
import type { RowShape } from "../query/shape.ts";
import type { QueryState } from "../query/state.ts";
import type { ColumnMeta } from "../schema/meta.ts";
import type { RelationMeta } from "../schema/relation_meta.ts";
import type { ReadOptions } from "./cache/contract.ts";
import { followCached, withoutCache } from "./cache/gate.ts";
import { hydrate } from "./hydrate.ts";
import { type Key, relatedStatement } from "./related_statement.ts";
import { metaOfRow, stateOf } from "./row_state.ts";
import { encodedValue } from "./values.ts";

/** Rows of a relation, for each of the rows that it was loaded for, in their order. */
export type RelatedRows = readonly (readonly object[])[];

/** The key of a row by which its related rows are found; null when a part of it is NULL. */
function keyOf(row: object, columns: readonly ColumnMeta[]): readonly string[] | null {
  const texts: string[] = [];
  for (const one of columns) {
    const text = encodedValue(row, one);
    if (text === null) return null;
    texts.push(text);
  }
  return texts;
}

/**
 * Loads a relation for all rows in one statement.
 *
 * The keys go out as one array for each column and come back by their position, so that the database
 * alone decides which keys are equal. `refined` narrows and orders the relation's rows.
 */
export async function loadRelated(
  rows: readonly object[],
  relation: RelationMeta,
  using: Using | null,
  caller: Caller,
  options?: RunOptions,
  refined?: QueryState,
): Promise<RelatedRows> {
  const distinct = new DistinctKeys();
  const positions = rows.map((row) => {
    const key = keyOf(row, relation.local);
    return key === null ? null : distinct.position(key);
  });
  const { keys } = distinct;
  if (keys.length === 0) return rows.map(() => []);
  const own = sameDatabase(rows, relation) ? using : null;
  const run = {
    session: refined === undefined ? readerOf(relation, own) : sessionOf(refined),
    caller,
    options,
  };
  const { shape, rows: wires, places } = await fetchRows(keys, relation, refined ?? null, run);
  const loaded = hydrate({ shape }, wires, refined === undefined ? own : refined.using);
  const found = places.map((indexes) => indexes.map((index) => loaded[index]!));
  return positions.map((position) => position === null ? [] : found[position] ?? []);
}

/** A transaction of one database never takes over another database's rows. */
export function sameDatabase(rows: readonly object[], relation: RelationMeta): boolean {
  const [row] = rows;
  if (row === undefined) return true;
  const [here, there] = [metaOfRow(row).database, relation.target.meta.database];
  if (here === there) return true;
  const byDefault = sessionFor(null).database;
  return (here ?? byDefault) === (there ?? byDefault);
}

/** Where rows of a relation as it is declared are read. */
function readerOf(relation: RelationMeta, using: Using | null): Session {
  return readerFor(relation.target.meta.database, using, "library");
}

/** Where and for whom a statement runs. */
interface Run {
  readonly session: Session;
  readonly caller: Caller;
  readonly options?: RunOptions | undefined;
}

/** The rows of a relation as they came, and for each key the indexes of its rows. */
interface FoundRows {
  readonly shape: RowShape;
  readonly rows: Rows;
  readonly places: readonly (readonly number[])[];
}

async function fetchRows(
  keys: readonly Key[],
  relation: RelationMeta,
  refined: QueryState | null,
  { session, caller, options }: Run,
): Promise<FoundRows> {
  const { statement, shape, ordinal } = relatedStatement(relation, keys, refined);
  const rows = await session.run(statement, options, caller);
  if (ordinal === null) return { shape, rows, places: [rows.rows.map((_, index) => index)] };
  const places: number[][] = keys.map(() => []);
  rows.rows.forEach((wire, index) => places[Number(wire[ordinal]) - 1]!.push(index));
  return { shape, rows, places };
}

/** Keys once each, in the order in which they are met. */
class DistinctKeys {
  readonly keys: Key[] = [];
  readonly #positions = new Map<string, number>();

  /** The position of a key among them. */
  position(key: Key): number {
    const id = key.length === 1 ? key[0]! : JSON.stringify(key);
    let position = this.#positions.get(id);
    if (position === undefined) this.#positions.set(id, position = this.keys.push(key) - 1);
    return position;
  }
}

const coalescer = new Coalescer<Key, object[]>();

/**
 * Loads a relation for one key. Callers of the same turn share a statement; each gets rows of its own.
 */
export function loadByKey(
  key: Key,
  relation: RelationMeta,
  using: Using | null,
  caller: Caller,
  options?: RunOptions,
  session: Session = readerOf(relation, using),
): Promise<object[]> {
  if (options !== undefined) return loadAlone(key, relation, using, { session, caller, options });
  return coalescer.ask(session, relation, key, async (keys) => {
    const distinct = new DistinctKeys();
    const asked = keys.map((one) => distinct.position(one));
    const { shape, rows, places } = await fetchRows(distinct.keys, relation, null, {
      session,
      caller,
    });
    // all at once, a row for each caller: what they do with it is their own
    const wires: (readonly Param[])[] = [];
    for (const position of asked) {
      for (const index of places[position]!) wires.push(rows.rows[index]!);
    }
    const loaded = hydrate({ shape }, { columns: rows.columns, rows: wires }, using);
    let next = 0;
    return asked.map((position) => loaded.slice(next, next += places[position]!.length));
  });
}

/** Loads a relation for one key in a statement of its own, which can be given up without others. */
async function loadAlone(
  key: Key,
  relation: RelationMeta,
  using: Using | null,
  run: Run,
): Promise<object[]> {
  const { shape, rows } = await fetchRows([key], relation, null, run);
  return hydrate({ shape }, rows, using);
}

/** Loads a relation of one row; empty when its key is NULL. */
export async function loadOne(
  row: object,
  relation: RelationMeta,
  using: Using | null,
  given: ReadOptions | undefined,
): Promise<readonly object[]> {
  const options = withoutCache(given);
  const caller = { model: stateOf(row).model, operation: `fetch.${relation.name}` };
  const key = keyOf(row, relation.local);
  if (key === null) return [];
  const own = sameDatabase([row], relation) ? using : null;
  if (given?.useCache !== false) {
    const found = followCached({ relation, key, using: own, caller, options });
    const cached = found === undefined ? undefined : await found;
    if (cached !== undefined) return cached === null ? [] : [cached];
  }
  if (options === undefined) return await loadByKey(key, relation, own, caller);
  const [found = []] = await loadRelated([row], relation, using, caller, options);
  return found;
}
