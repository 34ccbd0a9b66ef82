/** The joins of a select, and what their rows become. */
import { and, binary, column } from "../ast/make.ts";
import type { JoinNode, SelectItem } from "../ast/nodes.ts";
import { relationOf } from "../schema/relation_meta.ts";
import { andThere } from "./deleted.ts";
import type { Scope } from "./expr/scope.ts";
import { columnItems } from "./items.ts";
import { pathKey } from "./related_order.ts";
import type { JoinedShape } from "./shape.ts";
import type { JoinTree } from "./state.ts";
import { tableNode } from "./where.ts";

/** What joins add to a select: to its list, to its sources, and the aliases by path. */
export interface JoinParts {
  readonly items: SelectItem[];
  readonly joins: JoinNode[];
  readonly aliases: Map<string, string>;
  readonly path: readonly string[];
}

/** Joins the foreign keys of a tree; the rows of those that are to be shown go into the select list. */
export function planJoins(
  { meta, alias }: Pick<Scope, "meta" | "alias">,
  tree: JoinTree,
  shown: true | JoinTree | undefined,
  parts: JoinParts,
): JoinedShape[] {
  const { items, joins, aliases } = parts;
  return Object.entries(tree).flatMap(([name, nested]) => {
    const relation = relationOf(meta, name);
    const target = relation.target.meta;
    const own = `j${joins.length}`;
    const on = relation.local.map((local, part) =>
      binary("eq", column(own, relation.remote[part]!.name), column(alias, local.name))
    );
    joins.push({
      kind: "join",
      type: "left",
      source: tableNode(target, own),
      on: andThere(and(on), target, own),
    });
    const path = [...parts.path, name];
    aliases.set(pathKey(path), own);
    const isShown = typeof shown === "object" && Object.hasOwn(shown, name);
    const start = items.length;
    if (isShown) items.push(...columnItems(own, target.columns));
    const below = planJoins(
      { meta: target, alias: own },
      nested === true ? {} : nested,
      isShown ? shown[name] : undefined,
      { ...parts, path },
    );
    if (!isShown) return [];
    return [{
      relation: name,
      presence: start + target.columns.indexOf(relation.remote[0]!),
      shape: {
        model: relation.target,
        columns: target.columns,
        start,
        list: null,
        partial: false,
        joined: below,
        extras: [],
      },
    }];
  });
}
