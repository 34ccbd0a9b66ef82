/** The operators of full-text search. */
import { binary } from "../../ast/make.ts";
import { baseLookups, call, textParam } from "./base.ts";
import { castTo, type Lookup, type Lookups } from "./lookup.ts";

/** A query in words, or in words and a configuration such as `english`. */
const query = (name: string, function_: string): Lookup => (column, value, meta) => {
  const said: { readonly query?: unknown; readonly config?: unknown } =
    typeof value === "object" && value !== null ? value : { query: value };
  const words = textParam(said.query, meta, name);
  const args = said.config === undefined
    ? [words]
    : [castTo(textParam(said.config, meta, name), "regconfig"), words];
  return binary("matches", column, call(function_, args));
};

let made: Lookups | undefined;

/** The operators of documents for full-text search. */
export function searchLookups(): Lookups {
  return made ??= {
    operators: {
      ...baseLookups().operators,
      search: query("search", "websearch_to_tsquery"),
      plain: query("plain", "plainto_tsquery"),
      phrase: query("phrase", "phraseto_tsquery"),
      matches: query("matches", "to_tsquery"),
    },
  };
}
