/** Lookups by a key, from a cache or joined to those of the same turn. */
import type { Using } from "../execute/session.ts";
import { isSql } from "../ast/fragment.ts";
import { isCondition } from "../query/condition.ts";
import { isExpr } from "../query/expr/computed.ts";
import type { ModelRef } from "../schema/meta.ts";
import type { ForeignKeyRelation } from "../schema/relation_meta.ts";
import type { ReadOptions } from "./cache/contract.ts";
import { findCached, withoutCache } from "./cache/gate.ts";
import { loadByKey } from "./load_related.ts";

/** For each model, the relation of a key to the row that has it. */
const lookups = new WeakMap<ModelRef, ForeignKeyRelation | null>();

/**
 * The row that a filter finds by a key alone: from a cache where the model has one, else by a lookup that
 * joins others. Undefined when the filter is another one, or the call has options of its own.
 */
export function findByKey(
  model: ModelRef,
  where: unknown,
  using: Using | null,
  given: ReadOptions | undefined,
): object | null | undefined | Promise<object | null | undefined> {
  const options = withoutCache(given);
  const plain = (): Promise<object | null> | undefined =>
    options === undefined ? byPrimaryKey(model, where, using) : undefined;
  if (given?.useCache === false) return plain();
  const found = findCached({ model, where, using, options });
  if (found instanceof Promise) return found.then((row) => row === undefined ? plain() : row);
  return found === undefined ? plain() : found;
}

function byPrimaryKey(
  model: ModelRef,
  where: unknown,
  using: Using | null,
): Promise<object | null> | undefined {
  const relation = lookupOf(model);
  if (relation === null) return undefined;
  const [key] = relation.local;
  const value = onlyEntry(where, key!.property);
  if (value === undefined) return undefined;
  const caller = { model, operation: "get" };
  return loadByKey([key!.codec.encode(value)], relation, using, caller)
    .then(([row]) => row ?? null);
}

function lookupOf(model: ModelRef): ForeignKeyRelation | null {
  let relation = lookups.get(model);
  if (relation === undefined) lookups.set(model, relation = makeLookup(model));
  return relation;
}

function makeLookup(model: ModelRef): ForeignKeyRelation | null {
  const { primaryKey } = model.meta;
  if (primaryKey.length !== 1) return null;
  return { kind: "fk", name: "primary key", target: model, local: primaryKey, remote: primaryKey };
}

/** The value of a filter's only entry when it is a plain equality; undefined for any other filter. */
function onlyEntry(where: unknown, property: string): unknown {
  if (typeof where !== "object" || where === null || isSql(where) || isExpr(where)) {
    return undefined;
  }
  if (isCondition(where)) return undefined;
  const names = Object.keys(where);
  if (names.length !== 1 || names[0] !== property) return undefined;
  const value = (where as Record<string, unknown>)[property];
  const scalar = ["string", "number", "bigint", "boolean"].includes(typeof value);
  return scalar ? value : undefined;
}
