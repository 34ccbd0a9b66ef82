import assert from "node:assert/strict";
import { test } from "node:test";
import { coalesce, count, F, foreignKey, integer, model, Q, sql, text, value } from "../../mod.ts";

class Cust extends model("custs", { id: integer().primaryKey(), name: text() }) {}
class Ord extends model("ords", {
  id: integer().primaryKey(),
  custId: foreignKey<Cust>(() => Cust),
}) {}

const lost = undefined as never;

const CALLS: readonly (readonly [name: string, call: () => unknown, code: string])[] = [
  ["filter(undefined)", () => Ord.filter(lost), "invalid_filter"],
  ["filter({ id: undefined })", () => Ord.filter({ id: lost }), "undefined_filter_value"],
  [
    "filter({ id: { in: undefined } })",
    () => Ord.filter({ id: { in: lost } }),
    "undefined_filter_value",
  ],
  [
    "filter({ id: { in: [undefined] } })",
    () => Ord.filter({ id: { in: [lost] } }),
    "invalid_value",
  ],
  [
    "filter() of a relation",
    () => Ord.filter({ custId: { is: { name: lost } } }),
    "undefined_filter_value",
  ],
  ["exclude({ id: undefined })", () => Ord.exclude({ id: lost }), "undefined_filter_value"],
  ["having(undefined)", () => Ord.filter().having(lost), "invalid_filter"],
  ["Q(undefined)", () => Ord.filter(Q(lost)), "invalid_filter"],
  ["Q().or(undefined)", () => Ord.filter(Q({ id: 1 }).or(lost)), "invalid_filter"],
  ["Q().not() of undefined", () => Ord.filter(Q({ id: lost }).not()), "undefined_filter_value"],
  ["orderBy(undefined)", () => Ord.filter().orderBy(lost), "invalid_order"],
  ["limit(undefined)", () => Ord.filter().limit(lost), "invalid_limit"],
  ["offset(undefined)", () => Ord.filter().offset(lost), "invalid_limit"],
  ["only(undefined)", () => Ord.filter().only(lost), "unknown_field"],
  ["defer(undefined)", () => Ord.filter().defer(lost), "unknown_field"],
  ["values(undefined)", () => Ord.filter().values(lost), "unknown_field"],
  ["groupBy(undefined)", () => Ord.filter().groupBy(lost), "unknown_field"],
  ["groupBy()", () => Ord.filter().groupBy(), "no_columns"],
  ["distinct(undefined)", () => Ord.filter().distinct(lost), "unknown_field"],
  ["annotate(undefined)", () => Ord.filter().annotate(lost), "invalid_expression"],
  ["annotate({ x: undefined })", () => Ord.filter().annotate({ x: lost }), "invalid_expression"],
  ["selectRelated(undefined)", () => Ord.filter().selectRelated(lost), "relation_not_joinable"],
  ["prefetchRelated(undefined)", () => Ord.filter().prefetchRelated(lost), "invalid_prefetch"],
  ["withCte(undefined)", () => Ord.filter().withCte(lost), "invalid_cte"],
  ["union(undefined)", () => Ord.filter().union(lost), "invalid_set_operation"],
  ["tablesample(undefined)", () => Ord.filter().tablesample(lost), "invalid_sample"],
  ["using(undefined) of a query", () => Ord.filter().using(lost), "invalid_using"],
  ["using(undefined) of a model", () => Ord.using(lost), "invalid_using"],
  [
    "F().plus(undefined)",
    () => Ord.filter().annotate({ x: F("id").plus(lost) }),
    "undefined_value",
  ],
  ["value(undefined)", () => Ord.filter().annotate({ x: value(lost) }), "invalid_parameter"],
  [
    "coalesce(undefined)",
    () => Ord.filter().annotate({ x: coalesce("id", lost) }),
    "invalid_parameter",
  ],
  [
    "count() with a filter of undefined",
    () => Ord.filter().annotate({ n: count("id", { filter: { id: lost } }) }),
    "undefined_filter_value",
  ],
  ["sql with undefined", () => Ord.filter(sql`id = ${lost}`), "invalid_parameter"],
];

for (const [name, call, code] of CALLS) {
  test(`${name} is refused`, () => assert.throws(call, { code }));
}

test("what runs a query refuses undefined before it is sent", async () => {
  const refused = { code: "undefined_filter_value" };
  await assert.rejects(async () => await Ord.inBulk(lost), refused);
  await assert.rejects(async () => await Ord.filter().aggregate(lost), {
    code: "invalid_expression",
  });
  await assert.rejects(async () => await Ord.get({ id: lost }), refused);
  await assert.rejects(async () => await Ord.deleteWhere({ id: lost }), refused);
});
