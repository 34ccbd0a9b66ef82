import { keyOf } from "../sources/source.ts";
import type { Casing, QualifiedName } from "../options.ts";

/** The names that the last run gave to one table or view. */
export interface PreviousModel extends QualifiedName {
  /** The user's class. */
  readonly className: string;
  /** The file without folder and extension. */
  readonly file: string;
  /** The properties of its relations that are not columns, by `relationId`. */
  readonly relations: ReadonlyMap<string, string>;
}

/** The names that the last run gave: they win over names that are new. */
export interface PreviousNames {
  /** How columns became properties; relations keep their names only while it is the same. */
  readonly casing: Casing;
  /** By the table's key. */
  readonly models: ReadonlyMap<string, PreviousModel>;
}

/** What is known when nothing was generated yet. */
export const NO_NAMES: PreviousNames = { casing: "camel", models: new Map() };

/** Lists names by the keys of their tables. */
export function previousNames(casing: Casing, models: readonly PreviousModel[]): PreviousNames {
  return { casing, models: new Map(models.map((model) => [keyOf(model), model])) };
}

/** Tells a relation of a model from its others, in words that a change elsewhere leaves alone. */
export function relationId(
  side: "key" | "inverse" | "through",
  constraint: { readonly schema: string; readonly table: string; readonly name: string },
): string {
  return JSON.stringify([side, constraint.schema, constraint.table, constraint.name]);
}

/** Whether a text may be written as an identifier as it stands. */
export function isIdentifier(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{M}\p{Nd}_]*$/u.test(text);
}
