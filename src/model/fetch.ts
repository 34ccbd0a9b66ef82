/** Relations of a row: fetched on demand, kept on the row, loaded for many rows at once. */
import { DoesNotExistError, RelationError } from "../errors/base.ts";
import type { Using } from "../execute/session.ts";
import type { PrefetchTree, QueryState, Refine } from "../query/state.ts";
import type { ModelRef } from "../schema/meta.ts";
import { type RelationMeta, relationOf, relationsOf } from "../schema/relation_meta.ts";
import type { ReadOptions } from "./cache/contract.ts";
import { loadOne, loadRelated, sameDatabase } from "./load_related.ts";
import { metaOfRow, stateOf, usingOf, valueOf } from "./row_state.ts";

/** The kinds of relation. */
type Kind = RelationMeta["kind"];

/** Looks up a relation of a row, of a kind when one is asked for. */
export function relationOfRow(row: object, name: string, kind: Kind | null): RelationMeta {
  const meta = metaOfRow(row);
  const relation = relationOf(meta, name);
  if (kind === null || relation.kind === kind) return relation;
  throw new RelationError(
    `The relation "${name}" of ${meta.label} is ${words[relation.kind]}, not ${words[kind]}`,
    { code: "wrong_relation_kind", hint: `Use ${methods[relation.kind]}("${name}")` },
  );
}

const words: Readonly<Record<Kind, string>> = {
  fk: "a foreign key",
  ifk: "an inverse foreign key",
  m2m: "a many-to-many relation",
};

const methods: Readonly<Record<Kind, string>> = {
  fk: "fetchFk",
  ifk: "fetchIfk",
  m2m: "fetchM2m",
};

/** Fetches one relation of a row and keeps it there. */
export async function fetchRelation(
  row: object,
  relation: RelationMeta,
  options?: ReadOptions,
): Promise<unknown> {
  const found = await loadOne(row, relation, usingOf(stateOf(row)), options);
  const value = relation.kind === "fk" ? requireTarget(row, relation, found) : [...found];
  keep(row, relation.name, value);
  return value;
}

/** Fetches every relation of a row, or those of one kind, all at once. */
export async function fetchRelations(
  row: object,
  kind: Kind | null,
  options?: ReadOptions,
): Promise<Record<Kind, Record<string, unknown>>> {
  const relations = relationsOf(metaOfRow(row)).filter((one) => kind === null || one.kind === kind);
  const values = await Promise.all(
    relations.map((relation) => fetchRelation(row, relation, options)),
  );
  const result: Record<Kind, Record<string, unknown>> = { fk: {}, ifk: {}, m2m: {} };
  relations.forEach((relation, index) => result[relation.kind][relation.name] = values[index]);
  return result;
}

/** A key that points nowhere is an error: the row must be there, or the key be NULL. */
function requireTarget(row: object, relation: RelationMeta, found: readonly object[]): unknown {
  const [target] = found;
  if (target !== undefined) return target;
  if (relation.local.some((one) => valueOf(row, one.property) === null)) return null;
  const { label, softDelete } = relation.target.meta;
  throw new DoesNotExistError(
    `The row of ${label} that "${relation.name}" references does not exist`,
    {
      code: "does_not_exist",
      hint: softDelete === null
        ? "The foreign key is not enforced, or row level security hides the row"
        : `If it is deleted: prefetchRelated({ ${relation.name}: (query) => query.withDeleted() })`,
      context: { model: metaOfRow(row).label, relation: relation.name },
    },
  );
}

function keep(row: object, name: string, value: unknown): void {
  const state = stateOf(row);
  (state.related ??= new Map()).set(name, value);
}

/** A relation that is loaded; undefined when it is not. */
export function getRelated(row: object, name: string): unknown {
  const relation = relationOfRow(row, name, null);
  const value = stateOf(row).related?.get(name);
  return value === null ? requireTarget(row, relation, []) : value;
}

/** Whether a relation is loaded. */
export function hasRelated(row: object, name: string): boolean {
  relationOfRow(row, name, null);
  return stateOf(row).related?.has(name) ?? false;
}

/** Sets a relation as loaded, without touching the database. */
export function setRelated(row: object, name: string, value: unknown): void {
  const relation = relationOfRow(row, name, null);
  if (relation.kind === "fk" ? Array.isArray(value) : !Array.isArray(value)) {
    throw new RelationError(
      `The relation "${name}" takes ${relation.kind === "fk" ? "a row or null" : "a list of rows"}`,
      { code: "invalid_related_value" },
    );
  }
  keep(row, name, value);
}

/** Makes a query over a relation's rows and lets the user's function refine it. */
export type RefineQuery = (
  target: ModelRef,
  using: Using | null,
  refine: Refine,
) => QueryState;

/** Loads relations into rows that are there: one statement for each relation and level, siblings at once. */
export async function prefetch(
  rows: readonly object[],
  tree: PrefetchTree,
  using: Using | null,
  refine: RefineQuery,
): Promise<void> {
  const [row] = rows;
  if (row === undefined) return;
  await Promise.all(
    Object.entries(tree).map(async ([name, nested]) => {
      const relation = relationOfRow(row, name, null);
      const target = sameDatabase(rows, relation) ? using : null;
      const state = typeof nested === "function"
        ? refine(relation.target, target, nested)
        : undefined;
      const caller = { model: stateOf(row).model, operation: `prefetch.${name}` };
      const found = await loadRelated(rows, relation, using, caller, undefined, state);
      rows.forEach((one, index) => keepAll(one, relation, found[index] ?? []));
      const below = state?.prefetch ?? (typeof nested === "object" ? nested : {});
      const targets = [...new Set(found.flat())];
      if (Object.keys(below).length > 0) await prefetch(targets, below, target, refine);
    }),
  );
}

function keepAll(row: object, relation: RelationMeta, related: readonly object[]): void {
  keep(row, relation.name, relation.kind === "fk" ? related[0] ?? null : [...related]);
}
