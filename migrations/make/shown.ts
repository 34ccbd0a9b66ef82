/** What objects are called in messages, files and options. */
import type { CatalogObject } from "../../src/catalog/types.ts";

/** The name of an object as a person writes it: `public.orders`, `public.orders.total`. */
export function shownName(object: CatalogObject): string {
  if (object.kind === "privilege") return object.on.name.join(".");
  if (object.kind === "default privilege") {
    return [object.schema, object.objects].filter((part) => part !== null).join(".");
  }
  const parts = object as unknown as {
    readonly schema?: string | null;
    readonly table?: string | { readonly name: string };
    readonly name: string;
    readonly signature?: string;
  };
  const table = typeof parts.table === "string" ? parts.table : null;
  const schema = object.kind === "extension" ? null : parts.schema ?? null;
  const signature = parts.signature === undefined ? "" : `(${parts.signature})`;
  return [schema, table, `${parts.name}${signature}`].filter((part) => part !== null).join(".");
}

/** An object with its kind: `column public.orders.total`. */
export function shownObject(object: CatalogObject): string {
  if (object.kind === "privilege") return `privileges of ${object.grantee} on ${shownName(object)}`;
  if (object.kind === "default privilege") {
    return `default privileges of ${object.grantee} on ${shownName(object)}`;
  }
  return `${object.kind} ${shownName(object)}`;
}
