/** What the names in an expression stand for. */
import { column } from "../../ast/make.ts";
import type { Expression } from "../../ast/nodes.ts";
import type { AnyCodec } from "../../codec/codec.ts";
import type { ModelMeta } from "../../schema/meta.ts";

/** The model and the names that a query knows. */
export interface Scope {
  /** The model whose columns the names are. */
  readonly meta: ModelMeta;
  /** The alias of its table; null = its columns stand unqualified. */
  readonly alias: string | null;
  /** How many sub-queries stand around; it makes aliases that cannot clash. */
  readonly depth: number;
  /** Expressions that the query gave names to. */
  readonly named: ReadonlyMap<string, Typed>;
  /** Whether a row that an upsert proposes stands beside the one that is there. */
  readonly proposed?: true;
  /** The query around this one; null = none. */
  readonly outer: Scope | null;
}

/** The alias of the table that a query is about. */
export const ROOT = "t0";

const NOTHING_NAMED: ReadonlyMap<string, Typed> = new Map();

/** The scope of a query: by itself, or inside another one. */
export function scopeOf(
  meta: ModelMeta,
  outer: Scope | null = null,
  named: ReadonlyMap<string, Typed> = NOTHING_NAMED,
): Scope & { readonly alias: string } {
  if (outer === null) return { meta, alias: ROOT, depth: 0, named, outer };
  const depth = outer.depth + 1;
  return { meta, alias: `t${depth}`, depth, named, outer };
}

/** A node and the codec of its value. */
export interface Typed {
  readonly node: Expression;
  readonly codec: AnyCodec;
}

/** Resolves a name: a column of the model, or an expression that the query named. */
export function fieldOf(scope: Scope, name: string): Typed {
  const named = scope.named.get(name);
  if (named !== undefined) return named;
  const found = scope.meta.findColumn(name);
  if (found === undefined) throw scope.meta.unknownField(name, scope.named.keys());
  return { node: column(scope.alias, found.name), codec: found.codec };
}
