import type { CatalogObject } from "../../src/catalog/types.ts";
import { statement } from "../ddl/make.ts";
import { renameStatements } from "../ddl/ddl.ts";
import type { DdlStatement } from "../ddl/statement.ts";

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** A type under the name that it has while a new one takes its place. */
export function asideOf(object: CatalogObject): CatalogObject {
  if (!("name" in object)) return object;
  let base = object.name;
  while (bytes(base) > 50) base = Array.from(base).slice(0, -1).join("");
  return { ...object, name: `${base}__before` } as CatalogObject;
}

/** Gives a type another name, so that a new one can have its own. */
export function putAside(object: CatalogObject): DdlStatement {
  return renameStatements(object, asideOf(object))?.[0] ?? statement("");
}
