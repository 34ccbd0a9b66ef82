import assert from "node:assert/strict";
import { test } from "node:test";
import {
  foreignKey,
  integer,
  inverseForeignKey,
  model,
  Q,
  RESERVED_NAMES,
  sql,
  text,
  uuid,
  viewModel,
} from "../../mod.ts";
import { Left } from "./model_circle_left.ts";
import { Right } from "./model_circle_right.ts";

class Order extends model("orders", {
  id: uuid().primaryKey(),
  status: text(),
  total: integer().nullable(),
  parentId: foreignKey<Order>(() => Order).nullable(),
  children: inverseForeignKey<Order>(() => Order, { fromField: "parentId" }),
}) {}

const rest = 'from "public"."orders" as "t0"';
const columns = 'select "t0"."id", "t0"."status", "t0"."total", "t0"."parent_id"';

/** The text after `where` of a query whose columns and table are as they should be. */
function where(query: { toSql(): { readonly text: string } }): string {
  const { text } = query.toSql();
  const head = `${columns} ${rest}`;
  assert.ok(text.startsWith(head), text);
  return text.slice(head.length).trimStart();
}

test("model() refuses reserved names with the way out", () => {
  assert.ok(RESERVED_NAMES.size > 40);
  for (const name of RESERVED_NAMES) {
    const shape = Object.fromEntries([["id", integer()], [name, text()]]);
    for (const define of [model, viewModel]) {
      assert.throws(() => define("x", shape), (error: { code: string; hint: string }) => {
        assert.equal(error.code, "reserved_name", name);
        assert.match(error.hint, /_: text\(\)\.column\("/);
        return true;
      });
    }
  }
});

test("model() refuses what cannot be a table", () => {
  const invalid = { name: "ConfigurationError", code: "invalid_model" };
  assert.throws(() => model("", { id: integer() }), invalid);
  assert.throws(() => model("x", { id: 5 } as never), invalid);
  assert.throws(() => model("x", { userId: integer(), user_id: integer() }), {
    ...invalid,
    message: /"userId" and "user_id" both name the column "user_id"/,
  });
  assert.throws(() => model("x", { a: integer().column("b"), b: integer() }), invalid);
  assert.throws(
    () => model("x", { a: integer().primaryKey(), b: integer() }, { primaryKey: ["b"] }),
    invalid,
  );
  assert.throws(() => model("x", { a: integer() }, { primaryKey: ["b"] }), {
    code: "unknown_field",
  });
});

test("model() derives the names of columns", () => {
  class Named extends model("named", {
    createdAt: text(),
    userID: text(),
    HTTPCode: text(),
    filter_: text().column("filter"),
  }, { schema: null }) {}
  assert.deepEqual(Named.meta.columns.map((column) => column.name), [
    "created_at",
    "user_id",
    "http_code",
    "filter",
  ]);
  assert.equal(Named.meta.label, "named");
  assert.ok(Named.filter().toSql().text.endsWith('from "named" as "t0"'));
});

test("model() lets the classes of two modules reference each other", () => {
  const left = Left.filter({ rightId: { is: { lefts: { some: { name: "x" } } } } }).toSql();
  const right = Right.filter({ leftId: { is: { rightId: { isNot: {} } } } }).toSql();
  assert.equal(left.params, 1);
  assert.match(right.text, /"rights" as "t0".*"lefts" as "t1".*"rights" as "t2"/);
});

test("filter() writes SQL with bound values", () => {
  assert.equal(where(Order.filter()), "");
  assert.equal(where(Order.filter({})), "");
  assert.equal(where(Order.filter({ status: "x" })), 'where "t0"."status" = $1');
  assert.equal(where(Order.filter({ total: null })), 'where "t0"."total" is null');
  assert.equal(
    where(Order.filter({ status: { ne: "x" } })),
    'where ("t0"."status" = $1) is not true',
  );
  assert.equal(where(Order.filter({ status: { in: ["a"] } })), 'where "t0"."status" = any ($1)');
  assert.equal(where(Order.filter({ status: { in: [] } })), "where false");
  assert.equal(
    where(Order.filter({ total: { gt: 1, lte: 5 } })),
    'where "t0"."total" > $1 and "t0"."total" <= $2',
  );
  assert.equal(
    where(Order.filter(Q({ status: "a" }).or({ status: "b" }), { total: 1 })),
    'where ("t0"."status" = $1 or "t0"."status" = $2) and "t0"."total" = $3',
  );
  assert.equal(
    where(Order.exclude({ status: "x", total: 1 })),
    'where ("t0"."status" = $1 and "t0"."total" = $2) is not true',
  );
  assert.equal(
    where(Order.filter(sql`a = ${1} or b = ${sql.id('x"', "y")}`, { total: 1 })),
    'where (a = $1 or b = "x"""."y") and "t0"."total" = $2',
  );
  assert.equal(
    where(Order.filter({ children: { none: { total: 1 } } })),
    'where not exists (select 1 from "public"."orders" as "t1" where "t1"."parent_id" = "t0"."id" and "t1"."total" = $1)',
  );
});

test("orderBy(), limit() and offset() write their clauses in order", () => {
  const query = Order.filter().limit(5).offset(2).orderBy("-total", {
    field: "id",
    nulls: "last",
  });
  assert.equal(
    where(query),
    'order by "t0"."total" desc, "t0"."id" nulls last limit 5 offset $1',
  );
  assert.equal(
    where(query.reverse()),
    'order by "t0"."total", "t0"."id" desc nulls first limit 5 offset $1',
  );
});

test("filter() called a thousand times nests nothing", () => {
  let query = Order.filter();
  for (let i = 0; i < 1000; i++) query = query.filter({ total: i });
  const { text, params } = query.toSql();
  assert.equal(params, 1000);
  assert.ok(!text.includes("(("), text.slice(0, 300));
});
