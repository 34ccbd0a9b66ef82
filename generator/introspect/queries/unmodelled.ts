import { type CatalogQuery, jsonRows } from "./fragments.ts";
export const unmodelled: CatalogQuery = (scope) =>
  jsonRows(scope, "select 1 as kind where $1::text[] is null");
