import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  array,
  cidr,
  daterange,
  inet,
  int4multirange,
  int4range,
  integer,
  json,
  jsonb,
  model,
  type Range,
  sql,
  text,
  tsvector,
  type Where,
} from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { place } from "./model_world.ts";

const TABLES = `
create table ops (
  id int primary key, list int[], words text[], doc jsonb, plain json, span int4range,
  days daterange, spans int4multirange, host inet, net cidr, body tsvector);
insert into ops values
  (1, '{1,2,3}', '{a,b}', '{"a": {"b": 1}, "tags": ["x", "y"], "s": "Hello", "n": null}',
   '{"k": [1, {"z": "q"}]}', '[1,5)', '[2024-01-01,2024-02-01)', '{[1,3),[5,9)}',
   '192.168.1.5', '10.0.0.0/8', to_tsvector('english', 'the quick brown foxes jump')),
  (2, '{}', '{}', '{"a": {"b": "1"}, "tags": [], "s": "100%", "big": 10}',
   '{"k": [2]}', 'empty', 'empty', '{}', '::1', '10.1.0.0/16',
   to_tsvector('english', 'brown bears are quick')),
  (3, '{{4,5},{6,7}}', null, '{"a": 5, "s": 7, "tags": [{"x": true}]}', null, '[5,10)',
   '(,2024-01-15)', null, '192.168.2.0/24', null, null),
  (4, null, '{null,c}', null, '"text"', null, null, '{(,)}', null, '2001:db8::/32', ''),
  (5, '{3}', '{a}', '[1, "two", {"a": {"b": 1}}]', 'null', '(,1)', '[2024-03-01,)', '{[3,5)}',
   '192.168.1.0/24', '0.0.0.0/0', to_tsvector('simple', 'the quick'));
`;

const range = (lower: number | null, upper: number | null): Range<number> => ({
  lower,
  upper,
  lowerInclusive: lower !== null,
  upperInclusive: false,
  empty: false,
});

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const where = place(server, TABLES);
  after(() => where.close());

  class Op extends model("ops", {
    id: integer().primaryKey(),
    list: array(integer()).nullable(),
    words: array(text()).nullable(),
    doc: jsonb().nullable(),
    plain: json().nullable(),
    span: int4range().nullable(),
    days: daterange().nullable(),
    spans: int4multirange().nullable(),
    host: inet().nullable(),
    net: cidr().nullable(),
    body: tsvector().nullable(),
  }, { database: where.name }) {}

  type Ops = Where<(typeof Op)["prototype"] extends { readonly $shape?: infer S } ? S : never>;
  const cases: readonly (readonly [name: string, where: unknown, ids: readonly number[]])[] = [
    ["array has", { list: { has: 3 } }, [1, 5]],
    ["array has in two dimensions", { list: { has: 6 } }, [3]],
    ["array has text", { words: { has: "a" } }, [1, 5]],
    ["array isEmpty", { list: { isEmpty: true } }, [2]],
    ["array isEmpty false", { list: { isEmpty: false } }, [1, 3, 5]],
    ["array length", { list: { length: 3 } }, [1]],
    ["array length of all dimensions", { list: { length: { gte: 1, lt: 4 } } }, [1, 5]],
    ["array length 0", { words: { length: 0 } }, [2]],
    ["json path eq number", { doc: { path: ["a", "b"], eq: 1 } }, [1]],
    ["json path eq text", { doc: { path: ["a", "b"], eq: "1" } }, [2]],
    ["json path ne", { doc: { path: ["a", "b"], ne: 1 } }, [2, 3, 4, 5]],
    ["json path by position", { doc: { path: ["tags", 0], eq: "x" } }, [1]],
    ["json path from the end", { doc: { path: ["tags", -1], eq: "y" } }, [1]],
    ["json path into an array", { doc: { path: [2, "a", "b"], eq: 1 } }, [5]],
    ["json path eq object", { doc: { path: ["a"], eq: { b: 1 } } }, [1]],
    ["json path eq null", { doc: { path: ["n"], eq: null } }, [1, 2, 3, 4, 5]],
    ["json path ne null", { doc: { path: ["s"], ne: null } }, [1, 2, 3]],
    ["json path isNull", { doc: { path: ["tags"], isNull: true } }, [4, 5]],
    ["json path isNull false", { doc: { path: ["tags"], isNull: false } }, [1, 2, 3]],
    ["json path in", { doc: { path: ["a"], in: [5, { b: "1" }] } }, [2, 3]],
    ["json path in nothing", { doc: { path: ["a"], in: [] } }, []],
    ["json path notIn", { doc: { path: ["a"], notIn: [5] } }, [1, 2, 4, 5]],
    ["json path gt", { doc: { path: ["a"], gt: 4 } }, [3]],
    ["json path gt skips other types", { doc: { path: ["s"], gt: 1 } }, [3]],
    ["json path gt text", { doc: { path: ["s"], gt: "2" } }, [1]],
    ["json path lte and gte", { doc: { path: ["big"], lte: 10, gte: 10 } }, [2]],
    ["json path between", { doc: { path: ["a"], between: [5, 6] } }, [3]],
    ["json path contains", { doc: { path: ["tags"], contains: ["y"] } }, [1]],
    ["json path hasKey", { doc: { path: ["a"], hasKey: "b" } }, [1, 2]],
    ["json path startsWith", { doc: { path: ["s"], startsWith: "He" } }, [1]],
    ["json path endsWith is literal", { doc: { path: ["s"], endsWith: "%" } }, [2]],
    ["json path icontains", { doc: { path: ["s"], icontains: "ELL" } }, [1]],
    ["json path iexact", { doc: { path: ["s"], iexact: "hello" } }, [1]],
    ["json path regex", { doc: { path: ["s"], regex: "^[0-9]" } }, [2, 3]],
    ["json path of json", { plain: { path: ["k", 1, "z"], eq: "q" } }, [1]],
    ["json path of json gt", { plain: { path: ["k", 0], gt: 1 } }, [2]],
    ["jsonPath", { doc: { jsonPath: '$.tags[*] ? (@ == "y")' } }, [1]],
    ["jsonPath with variables", {
      doc: { jsonPath: { path: "$.tags[*] ? (@ == $want)", vars: { want: "x" } } },
    }, [1]],
    ["jsonPathMatches", { doc: { jsonPathMatches: "$.a > 4" } }, [3]],
    ["range containsValue", { span: { containsValue: 4 } }, [1]],
    ["range containsValue at the open end", { span: { containsValue: -100 } }, [5]],
    ["range contains", { span: { contains: range(2, 4) } }, [1]],
    ["range isEmpty", { span: { isEmpty: true } }, [2]],
    ["range isEmpty false", { span: { isEmpty: false } }, [1, 3, 5]],
    ["range adjacent", { span: { adjacent: range(5, 7) } }, [1]],
    ["range strictlyLeft", { span: { strictlyLeft: range(5, 7) } }, [1, 5]],
    ["range strictlyRight", { span: { strictlyRight: range(null, 5) } }, [3]],
    ["range notRightOf", { span: { notRightOf: range(0, 5) } }, [1, 5]],
    ["range notLeftOf", { span: { notLeftOf: range(1, 2) } }, [1, 3]],
    ["range of dates containsValue", { days: { containsValue: "2024-01-10" } }, [1, 3]],
    ["multirange containsValue", { spans: { containsValue: 2 } }, [1, 4]],
    ["multirange isEmpty", { spans: { isEmpty: true } }, [2]],
    ["multirange overlaps", { spans: { overlaps: [range(3, 4)] } }, [4, 5]],
    ["multirange adjacent", { spans: { adjacent: [range(9, 12)] } }, [1]],
    ["inet containedBy", { host: { containedBy: "192.168.1.0/24" } }, [1, 5]],
    ["inet strictlyContainedBy", { host: { strictlyContainedBy: "192.168.1.0/24" } }, [1]],
    ["inet family", { host: { family: 6 } }, [2]],
    ["cidr strictlyContains", { net: { strictlyContains: "10.1.0.0/16" } }, [1, 5]],
    ["cidr contains", { net: { contains: "10.1.0.0/16" } }, [1, 2, 5]],
    ["cidr overlaps", { net: { overlaps: "10.2.0.0/16" } }, [1, 5]],
    ["search", { body: { search: { query: "quick -fox", config: "english" } } }, [2, 5]],
    ["search without configuration", { body: { search: "quick" } }, [1, 2, 5]],
    ["plain", { body: { plain: { query: "the fox", config: "english" } } }, [1]],
    ["phrase", { body: { phrase: { query: "quick brown", config: "english" } } }, [1]],
    ["matches", { body: { matches: { query: "bear | jump", config: "english" } } }, [1, 2]],
  ];

  cases.forEach(([name, filter, ids]) => {
    test(
      `filter() knows ${name} and its complement on ${kind}`,
      { skip: server.skip },
      async () => {
        await where.open();
        const found = await Op.filter(filter as Ops).orderBy("id").all();
        assert.deepEqual(found.map((row) => row.id), ids);
        const rest = await Op.exclude(filter as Ops).orderBy("id").all();
        assert.deepEqual(
          rest.map((row) => row.id),
          [1, 2, 3, 4, 5].filter((id) => !ids.includes(id)),
        );
      },
    );
  });

  test(
    `filter() binds hostile keys, paths and words on ${kind}`,
    { skip: server.skip },
    async () => {
      await where.open();
      const hostile = `x'"\\; drop table ops; --`;
      const filters: unknown[] = [
        { doc: { path: [hostile, "__proto__"], eq: hostile } },
        { doc: { path: [hostile], icontains: hostile } },
        { doc: { hasKey: hostile } },
        { body: { search: hostile } },
        { words: { has: hostile } },
        { doc: { jsonPath: { path: "$.a ? (@ == $v)", vars: { v: hostile } } } },
      ];
      for (const filter of filters) assert.deepEqual(await Op.filter(filter as Ops).all(), []);
      assert.equal(await Op.count(), 5);
      await assert.rejects(Op.filter({ doc: { jsonPath: hostile } }).all(), { name: /Error$/ });
      await assert.rejects(
        Op.filter({ body: { search: { query: "x", config: hostile } } }).all(),
        { name: /Error$/ },
      );
      const computed = { doc: { path: ["a", "b"], eq: sql`1` } };
      assert.throws(() => Op.filter(computed as unknown as Ops), { code: "invalid_filter_value" });
    },
  );
}
