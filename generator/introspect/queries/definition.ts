/** What the kinds have in common of which the catalog holds the statement that makes an object. */
import type { Scope } from "./fragments.ts";

/** How one kind is read; all values are SQL over `o`, the row of its system table. */
export interface Definition {
  readonly table: string;
  /** The column of its schema; null = it is in none. */
  readonly namespace: string | null;
  readonly name: string;
  readonly owner: string | null;
  readonly address: string;
  readonly definition: string | ((scope: Scope) => string);
  /** A `text[]` of statements; default: none. */
  readonly completion?: string;
  readonly joins?: string;
  readonly where?: string;
}

/** A name of the schema `n`, quoted. */
export const qualified = (name: string): string =>
  `quote_ident(n.nspname) || '.' || quote_ident(${name})`;

/** The OPTIONS of something foreign, or nothing. */
export const options = (column: string): string =>
  `coalesce(' OPTIONS (' || (
      select string_agg(quote_ident(option_name) || ' ' || quote_literal(option_value), ', ')
      from pg_options_to_table(${column})) || ')', '')`;

/** `prefix` and a routine's name, or nothing where there is no routine. */
export const routine = (prefix: string, oid: string): string =>
  `case when ${oid}::oid <> 0 then '${prefix}' || ${oid}::regproc::text else '' end`;
