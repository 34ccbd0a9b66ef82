import assert from "node:assert/strict";
import { test } from "node:test";
import {
  array,
  inet,
  int4multirange,
  int4range,
  integer,
  jsonb,
  model,
  text,
  tsvector,
  vector,
} from "../../mod.ts";

class Op extends model("ops", {
  id: integer().primaryKey(),
  list: array(integer()),
  words: array(text()),
  doc: jsonb(),
  span: int4range(),
  spans: int4multirange(),
  host: inet(),
  body: tsvector(),
  near: vector(3),
}) {}

/** The condition of a filter as text, with the number of its values. */
function condition(where: unknown): string {
  const { text, params } = Op.filter(where as never).only("id").toSql();
  return `${text.replace(/^.* where /, "").replaceAll('"t0".', "").replaceAll('"', "")} ${params}`;
}

const SAID: readonly (readonly [unknown, string])[] = [
  [{ list: { has: 1 } }, "list @> $1 1"],
  [{ list: { isEmpty: true } }, "pg_catalog.cardinality(list) = 0 0"],
  [
    { list: { length: { gt: 1, lte: 4 } } },
    "pg_catalog.cardinality(list) > $1 and pg_catalog.cardinality(list) <= $2 2",
  ],
  [{ doc: { path: ["a", 0], eq: 1 } }, "(doc #> $1) = $2 2"],
  [{ doc: { path: ["a"], isNull: true } }, "(doc #>> $1) is null 1"],
  [{ doc: { path: ["a"], in: [1, "x"] } }, "(doc #> $1) = any ($2) 2"],
  [
    { doc: { path: ["a"], gt: 1 } },
    "pg_catalog.jsonb_typeof(doc #> $1) = $2 and (doc #> $1) > $3 3",
  ],
  [{ doc: { path: ["a"], startsWith: "x" } }, "(doc #>> $1) like $2 2"],
  [{ doc: { jsonPath: "$.a" } }, "doc @? $1 1"],
  [{ doc: { jsonPathMatches: "$.a > 1" } }, "doc @@ $1 1"],
  [{ span: { containsValue: 1 } }, "span @> $1 1"],
  [{ spans: { containsValue: 1 } }, "spans @> $1 1"],
  [{ span: { isEmpty: false } }, "pg_catalog.isempty(span) = false 0"],
  [{ host: { family: 4 } }, "pg_catalog.family(host) = $1 1"],
  [
    { body: { phrase: { query: "a b", config: "simple" } } },
    "body @@ pg_catalog.phraseto_tsquery(($1)::pg_catalog.regconfig, $2) 2",
  ],
  [{ near: { near: { to: [1, 2, 3], within: 0.5, metric: "l2" } } }, "(near <-> $1) <= $2 2"],
];

for (const [where, said] of SAID) {
  test(`filter() writes ${JSON.stringify(where)}`, () => {
    assert.equal(condition(where), said);
  });
}

const REFUSED: readonly (readonly [unknown, string])[] = [
  [{ list: { has: null } }, "invalid_filter_value"],
  [{ list: { has: undefined } }, "undefined_filter_value"],
  [{ list: { has: "x" } }, "invalid_value"],
  [{ list: { isEmpty: "yes" } }, "invalid_filter_value"],
  [{ list: { length: "3" } }, "invalid_filter_value"],
  [{ list: { length: {} } }, "invalid_filter_value"],
  [{ list: { length: { gt: undefined } } }, "invalid_filter_value"],
  [{ list: { length: { constructor: 1 } } }, "invalid_filter_value"],
  [{ doc: { path: [] } }, "invalid_filter_value"],
  [{ doc: { path: "a", eq: 1 } }, "invalid_filter_value"],
  [{ doc: { path: [null], eq: 1 } }, "invalid_filter_value"],
  [{ doc: { path: undefined, eq: 1 } }, "invalid_filter_value"],
  [{ doc: { path: ["a"], eq: undefined } }, "undefined_filter_value"],
  [{ doc: { path: ["a"], gt: true } }, "invalid_filter_value"],
  [{ doc: { path: ["a"], gt: null } }, "invalid_filter_value"],
  [{ doc: { path: ["a"], near: 1 } }, "unknown_operator"],
  [{ doc: { path: ["a"], toString: 1 } }, "unknown_operator"],
  [{ doc: { path: ["a"], startsWith: 1 } }, "invalid_filter_value"],
  [{ doc: { path: ["a"], in: [null] } }, "invalid_filter_value"],
  [{ doc: { jsonPath: 1 } }, "invalid_filter_value"],
  [{ doc: { jsonPath: { path: "$" } } }, "invalid_filter_value"],
  [{ span: { containsValue: null } }, "invalid_filter_value"],
  [{ span: { containsValue: "x" } }, "invalid_value"],
  [{ host: { family: 4.5 } }, "invalid_filter_value"],
  [{ body: { search: { config: "simple" } } }, "invalid_filter_value"],
  [{ near: { near: { to: [1, 2], within: 1 } } }, "invalid_value"],
  [{ near: { near: { to: [1, 2, 3] } } }, "invalid_filter_value"],
  [{ near: { near: { to: [1, 2, 3], within: 1, metric: "far" } } }, "invalid_filter_value"],
];

for (const [where, code] of REFUSED) {
  test(`filter() refuses ${JSON.stringify(where)}`, () => {
    assert.throws(() => condition(where), { code });
  });
}
