/** Partitioned tables as wholes. */
import { identity } from "../../src/catalog/identity.ts";
import { nameOf, tokensOf } from "../../src/catalog/sql_tokens.ts";
import type { CatalogObject, TableObject } from "../../src/catalog/types.ts";
import type { Side, World } from "./world.ts";

/** The table that another is a partition of; null = none. */
export function partitioned({ partitionOf }: TableObject): string | null {
  return partitionOf === null ? null : identity("table", [partitionOf.schema, partitionOf.table]);
}

/** A table by its identity. */
export function tableNamed(name: string, { catalog }: Side): TableObject | undefined {
  const found: CatalogObject | undefined = catalog.objects.get(name);
  return found?.kind === "table" ? found : undefined;
}

/** The partitions of a table, those of its partitions too. */
export function partitionsBelow(name: string, side: Side): string[] {
  const direct = side.needed(name).filter((one) => {
    const table = tableNamed(one, side);
    return table !== undefined && partitioned(table) === name;
  });
  return direct.flatMap((one) => [one, ...partitionsBelow(one, side)]);
}

/** Whether a partition of the live catalog goes on as one of the same table. */
export function staysPartition(name: string, { live, target }: World): boolean {
  const [before, after] = [tableNamed(name, live), tableNamed(name, target)];
  return before !== undefined && after !== undefined && before.partitionOf !== null &&
    partitioned(before) === partitioned(after);
}

/** The highest table that a table of the live catalog is in as a partition and stays in; or itself. */
export function stayingRoot(name: string, world: World): string {
  let at = name;
  while (staysPartition(at, world)) at = partitioned(tableNamed(at, world.live)!)!;
  return at;
}

/** Whether a partition key names a column. */
export function isInKey({ partitionBy }: TableObject, column: string): boolean {
  if (partitionBy === null) return false;
  // the first word is the strategy
  const tokens = tokensOf(partitionBy).slice(1);
  return tokens.some((token, at) => {
    const [before, after] = [tokens[at - 1] ?? "", tokens[at + 1] ?? ""];
    if (nameOf(token) !== column || after === "(" || after === ".") return false;
    return before !== "." && before !== ":" && before.toUpperCase() !== "COLLATE";
  });
}
