import { F, Q, sql } from "../../mod.ts";
import { golden } from "./golden.ts";

golden("filter() joins two lookups with and", {
  call: ({ Order }) => Order.filter({ status: "paid", total: { gt: "20" } }).all(),
  sql: `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      where "t0"."status" = $1 and "t0"."total" > $2`,
  params: ["paid", "20"],
  rows: [{ id: 1, customerId: 1, status: "paid", total: "25.00" }],
});

golden("filter() takes a bare value for equality and null for is null", {
  call: ({ Customer }) => Customer.filter({ name: "Bob", country: null }).all(),
  sql: `select "t0"."id", "t0"."name", "t0"."country"
      from "public"."customers" as "t0"
      where "t0"."name" = $1 and "t0"."country" is null`,
  params: ["Bob"],
  rows: [{ id: 2, name: "Bob", country: null }],
});

golden("filter() joins several objects and repeated calls with and", {
  call: ({ Order }) =>
    Order.filter({ id: { gt: 1 } }, { id: { lte: 3 } }).filter({ customerId: 1 }).all(),
  sql: `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      where "t0"."id" > $1 and "t0"."id" <= $2 and "t0"."customer_id" = $3`,
  params: ["1", "3", "1"],
  rows: [{ id: 2, customerId: 1, status: "draft", total: "5.00" }],
});

golden("ne is the exact complement of equality, NULL included", {
  call: ({ Customer }) => Customer.filter({ country: { ne: "GB" } }).orderBy("id").all(),
  sql: `select "t0"."id", "t0"."name", "t0"."country"
      from "public"."customers" as "t0"
      where ("t0"."country" = $1) is not true
      order by "t0"."id"`,
  params: ["GB"],
  rows: [{ id: 2, name: "Bob", country: null }, { id: 3, name: "Cy", country: "DE" }],
});

golden("in takes a list as one array", {
  call: ({ Order }) =>
    Order.filter({ status: { in: ["paid", "void"] } }).values("id").orderBy("id").all(),
  sql: `select "t0"."id"
      from "public"."orders" as "t0"
      where "t0"."status" = any ($1)
      order by "t0"."id"`,
  params: ["{paid,void}"],
  rows: [{ id: 1 }, { id: 3 }, { id: 4 }],
});

golden("in of nothing matches nothing", {
  call: ({ Order }) => Order.filter({ id: { in: [] } }).all(),
  sql: `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      where false`,
  rows: [],
});

golden("notIn of nothing matches everything", {
  call: ({ Order }) => Order.filter({ id: { notIn: [] } }).count(),
  sql: `select count(*) from "public"."orders" as "t0" where false is not true`,
  rows: 4,
});

golden("notIn keeps rows whose column is NULL", {
  call: ({ Customer }) => Customer.filter({ country: { notIn: ["GB"] } }).orderBy("id").all(),
  sql: `select "t0"."id", "t0"."name", "t0"."country"
      from "public"."customers" as "t0"
      where ("t0"."country" = any ($1)) is not true
      order by "t0"."id"`,
  params: ["{GB}"],
  rows: [{ id: 2, name: "Bob", country: null }, { id: 3, name: "Cy", country: "DE" }],
});

golden("between takes both ends", {
  call: ({ Order }) =>
    Order.filter({ total: { between: ["5", "12.5"] } }).values("id").orderBy("id").all(),
  sql: `select "t0"."id"
      from "public"."orders" as "t0"
      where "t0"."total" >= $1 and "t0"."total" <= $2
      order by "t0"."id"`,
  params: ["5", "12.5"],
  rows: [{ id: 2 }, { id: 3 }, { id: 4 }],
});

golden("isNull asks for NULL or its absence", {
  call: ({ Customer }) =>
    Customer.filter({ country: { isNull: false } }).values("name").orderBy("name").all(),
  sql: `select "t0"."name"
      from "public"."customers" as "t0"
      where "t0"."country" is not null
      order by "t0"."name"`,
  rows: [{ name: "Ann" }, { name: "Cy" }],
});

golden("contains takes % and _ as they are", {
  call: ({ Customer }) => Customer.filter({ name: { contains: "%_\\" } }).all(),
  sql: `select "t0"."id", "t0"."name", "t0"."country"
      from "public"."customers" as "t0"
      where "t0"."name" like $1`,
  params: ["%\\%\\_\\\\%"],
  rows: [],
});

golden("istartsWith ignores case", {
  call: ({ Customer }) => Customer.filter({ name: { istartsWith: "b" } }).values("name").all(),
  sql: `select "t0"."name" from "public"."customers" as "t0" where "t0"."name" ilike $1`,
  params: ["b%"],
  rows: [{ name: "Bob" }],
});

golden("like takes a pattern, regex a regular expression", {
  call: ({ Customer }) =>
    Customer.filter(Q({ name: { like: "_o_" } }).or({ name: { regex: "^C" } })).orderBy("id")
      .values("name").all(),
  sql: `select "t0"."name"
      from "public"."customers" as "t0"
      where "t0"."name" like $1 or "t0"."name" ~ $2
      order by "t0"."id"`,
  params: ["_o_", "^C"],
  rows: [{ name: "Bob" }, { name: "Cy" }],
});

golden("Q() nests or, and, not", {
  call: ({ Order }) =>
    Order.filter(Q({ status: "paid" }).or({ total: { lt: "10" } }).and(Q({ customerId: 3 }).not()))
      .orderBy("id").values("id").all(),
  sql: `select "t0"."id"
      from "public"."orders" as "t0"
      where ("t0"."status" = $1 or "t0"."total" < $2) and ("t0"."customer_id" = $3) is not true
      order by "t0"."id"`,
  params: ["paid", "10", "3"],
  rows: [{ id: 1 }, { id: 2 }, { id: 3 }],
});

golden("exclude() turns a filter around", {
  call: ({ Order }) =>
    Order.exclude({ status: "paid", customerId: 1 }).orderBy("id").values("id").all(),
  sql: `select "t0"."id"
      from "public"."orders" as "t0"
      where ("t0"."status" = $1 and "t0"."customer_id" = $2) is not true
      order by "t0"."id"`,
  params: ["paid", "1"],
  rows: [{ id: 2 }, { id: 3 }, { id: 4 }],
});

golden("F() compares two columns", {
  call: ({ Order }) =>
    Order.filter({ total: { gt: F("customerId").times(5) } }).orderBy("id").values("id").all(),
  sql: `select "t0"."id"
      from "public"."orders" as "t0"
      where "t0"."total" > ("t0"."customer_id" * $1)
      order by "t0"."id"`,
  params: ["5"],
  rows: [{ id: 1 }, { id: 3 }],
});

golden("filter() takes a fragment whose values are bound", {
  call: ({ Order }) =>
    Order.filter(sql`total + ${1} > ${13}`, { status: "paid" }).values("id").orderBy("id").all(),
  sql: `select "t0"."id"
      from "public"."orders" as "t0"
      where (total + $1 > $2) and "t0"."status" = $3
      order by "t0"."id"`,
  params: ["1", "13", "paid"],
  rows: [{ id: 1 }, { id: 3 }],
});

golden("a jsonb column is filtered by containment", {
  call: ({ Note }) => Note.filter({ meta: { contains: { c: "x" } } }).values("id").all(),
  sql: `select "t0"."id" from "public"."notes" as "t0" where "t0"."meta" @> $1`,
  params: ['{"c":"x"}'],
  rows: [{ id: 1 }],
});

golden("a jsonb column is filtered at a path", {
  call: ({ Note }) => Note.filter({ meta: { path: ["a", "b"], gte: 1 } }).values("id").all(),
  sql: `select "t0"."id"
      from "public"."notes" as "t0"
      where "pg_catalog"."jsonb_typeof"("t0"."meta" #> $1) = $2 and ("t0"."meta" #> $1) >= $3`,
  params: ["{a,b}", "number", "1"],
  rows: [{ id: 1 }],
});

golden("a jsonb column is filtered by its keys", {
  call: ({ Note }) => Note.filter({ meta: { hasAllKeys: ["a", "c"] } }).values("id").all(),
  sql: `select "t0"."id" from "public"."notes" as "t0" where "t0"."meta" ?& $1`,
  params: ["{a,c}"],
  rows: [{ id: 1 }],
});

golden("an array is filtered by an element and by its length", {
  call: ({ Note }) => Note.filter({ labels: { has: "new", length: { gt: 1 } } }).values("id").all(),
  sql: `select "t0"."id"
      from "public"."notes" as "t0"
      where "t0"."labels" @> $1 and "pg_catalog"."cardinality"("t0"."labels") > $2`,
  params: ["{new}", "1"],
  rows: [{ id: 1 }],
});

golden("near filters by the distance of vectors", {
  call: ({ Note }) =>
    Note.filter({ place: { near: { to: [1, 0], within: 0.5 } } }).values("id").all(),
  sql: `select "t0"."id" from "public"."notes" as "t0" where ("t0"."place" <=> $1) <= $2`,
  params: ["[1,0]", "0.5"],
  rows: [{ id: 1 }],
});

golden("is follows a foreign key", {
  call: ({ Order }) =>
    Order.filter({ customerId: { is: { name: "Ann" } } }).orderBy("id").values("id").all(),
  sql: `select "t0"."id"
      from "public"."orders" as "t0"
      where exists (select 1
      from "public"."customers" as "t1"
      where "t1"."id" = "t0"."customer_id" and "t1"."name" = $1)
      order by "t0"."id"`,
  params: ["Ann"],
  rows: [{ id: 1 }, { id: 2 }],
});

golden("isNot is the exact complement of is", {
  call: ({ Order }) =>
    Order.filter({ customerId: { isNot: { country: "GB" } } }).orderBy("id").values("id").all(),
  sql: `select "t0"."id"
      from "public"."orders" as "t0"
      where not exists (select 1
      from "public"."customers" as "t1"
      where "t1"."id" = "t0"."customer_id" and "t1"."country" = $1)
      order by "t0"."id"`,
  params: ["GB"],
  rows: [{ id: 3 }, { id: 4 }],
});

golden("some finds rows by those that reference them", {
  call: ({ Customer }) =>
    Customer.filter({ orders: { some: { status: "paid" } } }).orderBy("id").values("name").all(),
  sql: `select "t0"."name"
      from "public"."customers" as "t0"
      where exists (select 1
      from "public"."orders" as "t1"
      where "t1"."customer_id" = "t0"."id" and "t1"."status" = $1)
      order by "t0"."id"`,
  params: ["paid"],
  rows: [{ name: "Ann" }, { name: "Bob" }],
});

golden("none and every turn it around", {
  call: ({ Customer }) =>
    Customer.filter({ orders: { none: { status: "draft" }, every: { total: { gt: "6" } } } })
      .values("name").all(),
  sql: `select "t0"."name"
      from "public"."customers" as "t0"
      where not exists (select 1
      from "public"."orders" as "t1"
      where "t1"."customer_id" = "t0"."id" and "t1"."status" = $1) and not exists (select 1
      from "public"."orders" as "t1"
      where "t1"."customer_id" = "t0"."id" and ("t1"."total" > $2) is not true)`,
  params: ["draft", "6"],
  rows: [{ name: "Bob" }],
});

golden("some nests over relations and many-to-many", {
  call: ({ Customer }) =>
    Customer.filter({
      orders: { some: { items: { some: { qty: 2 } }, tags: { some: { label: "gift" } } } },
    })
      .values("name").all(),
  sql: `select "t0"."name"
      from "public"."customers" as "t0"
      where exists (select 1
      from "public"."orders" as "t1"
      where "t1"."customer_id" = "t0"."id" and (exists (select 1
      from "public"."items" as "t2"
      where "t2"."order_id" = "t1"."id" and "t2"."qty" = $1) and exists (select 1
      from "public"."tags" as "t2"
      inner join "public"."order_tags" as "t2j" on "t2j"."tag_id" = "t2"."id"
      where "t2j"."order_id" = "t1"."id" and "t2"."label" = $2)))`,
  params: ["2", "gift"],
  rows: [{ name: "Ann" }],
});
