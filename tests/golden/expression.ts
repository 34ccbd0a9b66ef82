import {
  arrayAgg,
  avg,
  caseWhen,
  cast,
  coalesce,
  concat,
  count,
  CTE,
  exists,
  F,
  fn,
  integer,
  lag,
  length,
  lower,
  max,
  min,
  nullif,
  outerRef,
  rank,
  round,
  rowNumber,
  sql,
  stringAgg,
  subquery,
  sum,
  text,
  upper,
  value,
  window,
} from "../../mod.ts";
import { golden } from "./golden.ts";

golden("annotate() names an expression beside the columns", {
  call: ({ Customer }) => Customer.filter({ id: 1 }).annotate({ shout: upper("name") }).all(),
  sql: `select "t0"."id", "t0"."name", "t0"."country", "pg_catalog"."upper"("t0"."name") as "shout"
      from "public"."customers" as "t0"
      where "t0"."id" = $1`,
  params: ["1"],
  rows: [{ id: 1, name: "Ann", country: "GB", shout: "ANN" }],
});

golden("annotate() filters and orders by what it names", {
  call: ({ Customer }) =>
    Customer.filter().annotate({ letters: length("name") }).filter({ letters: { lt: 3 } }).orderBy(
      "letters",
    ).values("letters", "name").all(),
  sql: `select "t0"."name", "pg_catalog"."length"("t0"."name") as "letters"
      from "public"."customers" as "t0"
      where "pg_catalog"."length"("t0"."name") < $1
      order by 2`,
  params: ["3"],
  rows: [{ name: "Cy", letters: 2 }],
});

golden("F() computes with columns and values", {
  call: ({ Order }) =>
    Order.filter({ id: 1 }).annotate({
      net: round(F("total").minus(1).dividedBy(F("id").plus(2)), 2),
    }).values("net").all(),
  sql: `select "pg_catalog"."round"(("t0"."total" - $1) / ("t0"."id" + $2),
      ($3)::"pg_catalog"."int4") as "net"
      from "public"."orders" as "t0"
      where "t0"."id" = $4`,
  params: ["1", "2", "2", "1"],
  rows: [{ net: "8.00" }],
});

golden("functions take columns by name and values by value()", {
  call: ({ Customer }) =>
    Customer.filter().annotate({
      shown: concat(lower("name"), value(" of "), coalesce("country", value("nowhere"))),
    })
      .orderBy("id").values("shown").all(),
  sql: `select "pg_catalog"."concat"("pg_catalog"."lower"("t0"."name"), ($1)::"pg_catalog"."text",
      coalesce("t0"."country", ($2)::"pg_catalog"."text")) as "shown"
      from "public"."customers" as "t0"
      order by "t0"."id"`,
  params: [" of ", "nowhere"],
  rows: [{ shown: "ann of GB" }, { shown: "bob of nowhere" }, { shown: "cy of DE" }],
});

golden("nullif(), cast() and any function by fn()", {
  call: ({ Customer }) =>
    Customer.filter({ id: 1 }).annotate({
      none: nullif("name", value("Ann")),
      key: cast("id", text()),
      turned: fn("reverse", text(), "name"),
    }).values("none", "key", "turned").all(),
  sql: `select nullif("t0"."name", ($1)::"pg_catalog"."text") as "none",
      ("t0"."id")::"pg_catalog"."text" as "key", "pg_catalog"."reverse"("t0"."name") as "turned"
      from "public"."customers" as "t0"
      where "t0"."id" = $2`,
  params: ["Ann", "1"],
  rows: [{ none: null, key: "1", turned: "nnA" }],
});

golden("caseWhen() chooses by filters", {
  call: ({ Order }) =>
    Order.filter().annotate({
      size: caseWhen({ total: { gte: "20" } }, "large").when({ total: { gte: "10" } }, "middle")
        .otherwise("small"),
    }).orderBy("id").values("size").all(),
  sql: `select case when "t0"."total" >= $1 then
      ($2)::"pg_catalog"."text" when "t0"."total" >= $3 then ($4)::"pg_catalog"."text" else
      ($5)::"pg_catalog"."text" end as "size"
      from "public"."orders" as "t0"
      order by "t0"."id"`,
  params: ["20", "large", "10", "middle", "small"],
  rows: [{ size: "large" }, { size: "small" }, { size: "middle" }, { size: "small" }],
});

golden("aggregate() gives one object", {
  call: ({ Order }) =>
    Order.filter().aggregate({
      n: count(),
      paid: count("id", { filter: { status: "paid" } }),
      customers: count("customerId", { distinct: true }),
      total: sum("total"),
      mean: avg("total"),
    }),
  sql: `select "pg_catalog"."count"(1) as "n", "pg_catalog"."count"("t0"."id") filter
      (where "t0"."status" = $1) as "paid", "pg_catalog"."count"(distinct "t0"."customer_id")
      as "customers", "pg_catalog"."sum"("t0"."total") as "total",
      "pg_catalog"."avg"("t0"."total") as "mean"
      from "public"."orders" as "t0"`,
  params: ["paid"],
  rows: { n: 4, paid: 2, customers: 3, total: "47.50", mean: "11.8750000000000000" },
});

golden("aggregate() over a limit aggregates the limited rows", {
  call: ({ Order }) => Order.filter().orderBy("id").limit(2).aggregate({ total: sum("total") }),
  sql: `select "pg_catalog"."sum"("t0"."total") as "total"
      from (select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      order by "t0"."id"
      limit 2) as "t0"`,
  rows: { total: "30.00" },
});

golden("groupBy() with annotate() and having()", {
  call: ({ Order }) =>
    Order.filter().groupBy("status").annotate({ n: count(), low: min("total"), high: max("total") })
      .having({ n: { gt: 1 } }).orderBy("-n").all(),
  sql: `select "t0"."status", "pg_catalog"."count"(1) as "n", "pg_catalog"."min"("t0"."total")
      as "low", "pg_catalog"."max"("t0"."total") as "high"
      from "public"."orders" as "t0"
      group by "t0"."status"
      having "pg_catalog"."count"(1) > $1
      order by 2 desc`,
  params: ["1"],
  rows: [{ status: "paid", n: 2, low: "12.50", high: "25.00" }],
});

golden("groupBy() groups by what was named", {
  call: ({ Order }) =>
    Order.filter().annotate({ big: caseWhen({ total: { gt: "10" } }, "yes").otherwise("no") })
      .groupBy("big").annotate({ ids: arrayAgg("id", { orderBy: ["-id"] }) }).orderBy("big").all(),
  sql: `select case when "t0"."total" > $1 then ($2)::"pg_catalog"."text" else
      ($3)::"pg_catalog"."text" end as "big", "pg_catalog"."array_agg"("t0"."id"
      order by "t0"."id" desc) as "ids"
      from "public"."orders" as "t0"
      group by 1
      order by 1`,
  params: ["10", "yes", "no"],
  rows: [{ big: "no", ids: [4, 2] }, { big: "yes", ids: [3, 1] }],
});

golden("stringAgg() joins texts in an order", {
  call: ({ Item }) =>
    Item.filter().aggregate({ all: stringAgg("product", ", ", { orderBy: ["id"] }) }),
  sql: `select "pg_catalog"."string_agg"("t0"."product", ($1)::"pg_catalog"."text"
      order by "t0"."id") as "all"
      from "public"."items" as "t0"`,
  params: [", "],
  rows: { all: "Beans, Mug, Beans, Mug" },
});

golden("window() ranks within partitions", {
  call: ({ Order }) =>
    Order.filter().annotate({
      place: window(rowNumber(), { partitionBy: "customerId", orderBy: "-total" }),
      tied: window(rank(), { orderBy: "total" }),
    }).orderBy("id").values("id", "place", "tied").all(),
  sql: `select "t0"."id", "pg_catalog"."row_number"() over (partition by "t0"."customer_id"
      order by "t0"."total" desc) as "place", "pg_catalog"."rank"() over (order by "t0"."total")
      as "tied"
      from "public"."orders" as "t0"
      order by "t0"."id"`,
  rows: [{ id: 1, place: 1, tied: 4 }, { id: 2, place: 2, tied: 1 }, { id: 3, place: 1, tied: 3 }, {
    id: 4,
    place: 1,
    tied: 1,
  }],
});

golden("window() takes a frame", {
  call: ({ Order }) =>
    Order.filter().annotate({
      running: window(sum("total"), {
        orderBy: "id",
        frame: { mode: "rows", from: "unbounded preceding", to: "current row" },
      }),
      before: window(lag("total"), { orderBy: "id" }),
    }).orderBy("id").values("running", "before").all(),
  sql: `select "pg_catalog"."sum"("t0"."total") over
      (order by "t0"."id" rows between unbounded preceding and current row) as "running",
      "pg_catalog"."lag"("t0"."total", ($1)::"pg_catalog"."int4") over (order by "t0"."id")
      as "before"
      from "public"."orders" as "t0"
      order by "t0"."id"`,
  params: ["1"],
  rows: [{ running: "25.00", before: null }, { running: "30.00", before: "25.00" }, {
    running: "42.50",
    before: "5.00",
  }, { running: "47.50", before: "12.50" }],
});

golden("subquery() takes one value of another query", {
  call: ({ Customer, Order }) =>
    Customer.filter().annotate({
      best: subquery<string>(
        Order.filter({ customerId: outerRef("id") }).orderBy("-total").limit(1).values("total"),
      ),
    }).orderBy("id").values("name", "best").all(),
  sql: `select "t0"."name", (select "t1"."total"
      from "public"."orders" as "t1"
      where "t1"."customer_id" = "t0"."id"
      order by "t1"."total" desc
      limit 1) as "best"
      from "public"."customers" as "t0"
      order by "t0"."id"`,
  rows: [{ name: "Ann", best: "25.00" }, { name: "Bob", best: "12.50" }, {
    name: "Cy",
    best: "5.00",
  }],
});

golden("exists() filters by another query", {
  call: ({ Customer, Order }) =>
    Customer.filter(exists(Order.filter({ customerId: outerRef("id"), status: "draft" }))).values(
      "name",
    ).all(),
  sql: `select "t0"."name"
      from "public"."customers" as "t0"
      where exists (select "t1"."id", "t1"."customer_id", "t1"."status", "t1"."total"
      from "public"."orders" as "t1"
      where "t1"."customer_id" = "t0"."id" and "t1"."status" = $1)`,
  params: ["draft"],
  rows: [{ name: "Ann" }],
});

golden("in takes a query", {
  call: ({ Customer, Order }) =>
    Customer.filter({ id: { in: Order.filter({ status: "paid" }).values("customerId") } }).orderBy(
      "id",
    ).values("name").all(),
  sql: `select "t0"."name"
      from "public"."customers" as "t0"
      where "t0"."id" in (select "t1"."customer_id"
      from "public"."orders" as "t1"
      where "t1"."status" = $1)
      order by "t0"."id"`,
  params: ["paid"],
  rows: [{ name: "Ann" }, { name: "Bob" }],
});

golden("withCte() reads from a query by name", {
  call: ({ Order }) => {
    const ranked = new CTE(
      "ranked",
      Order.filter().annotate({
        place: window(rowNumber(), { partitionBy: "customerId", orderBy: "-total" }),
      }),
    );
    return Order.filter(sql`place = ${1}`, { status: "paid" }).withCte(ranked).from("ranked")
      .orderBy("id").values("id").all();
  },
  sql: `with "ranked" as (select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total",
      "pg_catalog"."row_number"() over (partition by "t0"."customer_id"
      order by "t0"."total" desc) as "place"
      from "public"."orders" as "t0") select "t0"."id"
      from "ranked" as "t0"
      where (place = $1) and "t0"."status" = $2
      order by "t0"."id"`,
  params: ["1", "paid"],
  rows: [{ id: 1 }, { id: 3 }],
});

golden("withCte() numbers the parameters of several expressions right", {
  call: ({ Order }) => {
    const paid = new CTE("paid", Order.filter({ status: "paid" }));
    const dear = new CTE("dear", sql`select id from paid where total > ${20}`, {
      materialized: true,
    });
    return Order.filter(sql`id in (select id from dear)`, { customerId: 1 }).withCte(paid, dear)
      .values("id").all();
  },
  sql: `with "paid" as (select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      where "t0"."status" = $1), "dear" as materialized (select id
      from paid
      where total > $2) select "t0"."id"
      from "public"."orders" as "t0"
      where (id in (select id
      from dear)) and "t0"."customer_id" = $3`,
  params: ["paid", "20", "1"],
  rows: [{ id: 1 }],
});

golden("withCte() takes a recursive expression", {
  call: ({ Order }) => {
    const steps = new CTE(
      "steps",
      sql`select * from orders where id = ${1} union all select o.* from orders o join steps s on o.id = s.id + 1`,
      { recursive: true },
    );
    return Order.filter().withCte(steps).from("steps").count();
  },
  sql: `with recursive "steps" as (select *
      from orders
      where id = $1
      union all select o.*
      from orders o join steps s on o.id = s.id + 1) select count(*)
      from "steps" as "t0"`,
  params: ["1"],
  rows: 4,
});

golden("union() leaves repeated rows out, all keeps them", {
  call: async ({ Order }) => {
    const paid = Order.filter({ status: "paid" }).values("id");
    const dear = Order.filter({ total: { gt: "10" } }).values("id");
    return [
      await paid.union(dear).orderBy("id").all(),
      await paid.union(dear, { all: true }).count(),
    ];
  },
  sql: [
    `select "t0"."id"
      from ((select "t0"."id"
      from "public"."orders" as "t0"
      where "t0"."status" = $1)
      union (select "t0"."id"
      from "public"."orders" as "t0"
      where "t0"."total" > $2)) as "t0"
      order by "t0"."id"`,
    `select count(*)
      from ((select "t0"."id"
      from "public"."orders" as "t0"
      where "t0"."status" = $1)
      union all (select "t0"."id"
      from "public"."orders" as "t0"
      where "t0"."total" > $2)) as "t0"`,
  ],
  params: ["paid", "10", "paid", "10"],
  rows: [[{ id: 1 }, { id: 3 }], 4],
});

golden("intersect() and except()", {
  call: async ({ Order }) => {
    const paid = Order.filter({ status: "paid" }).values("id");
    const ofAnn = Order.filter({ customerId: 1 }).values("id");
    return [await paid.intersect(ofAnn).all(), await paid.except(ofAnn).all()];
  },
  sql: [
    `select "t0"."id"
      from ((select "t0"."id"
      from "public"."orders" as "t0"
      where "t0"."status" = $1)
      intersect (select "t0"."id"
      from "public"."orders" as "t0"
      where "t0"."customer_id" = $2)) as "t0"`,
    `select "t0"."id"
      from ((select "t0"."id"
      from "public"."orders" as "t0"
      where "t0"."status" = $1)
      except (select "t0"."id"
      from "public"."orders" as "t0"
      where "t0"."customer_id" = $2)) as "t0"`,
  ],
  params: ["paid", "1", "paid", "1"],
  rows: [[{ id: 1 }], [{ id: 3 }]],
});

golden("rawSql() binds every value and quotes every name", {
  call: ({ Order }) =>
    Order.rawSql(
      sql`select max(total) as most from ${sql.id("public", "orders")} where status = ${"paid"}`,
    ),
  sql: `select max(total) as most from "public"."orders" where status = $1`,
  params: ["paid"],
  rows: [{ most: "25.00" }],
});

golden("raw() gives rows of the model", {
  call: ({ Tag }) =>
    Tag.raw(sql`select label, id from tags where id in (${sql.join([1, 2])}) order by id`),
  sql: `select label, id from tags where id in ($1, $2) order by id`,
  params: ["1", "2"],
  rows: [{ id: 1, label: "urgent" }, { id: 2, label: "gift" }],
});

golden("cast() of a number", {
  call: ({ Order }) =>
    Order.filter({ id: 3 }).annotate({ whole: cast("total", integer()) }).values("whole").all(),
  sql: `select ("t0"."total")::"pg_catalog"."int4" as "whole"
      from "public"."orders" as "t0"
      where "t0"."id" = $1`,
  params: ["3"],
  rows: [{ whole: 13 }],
});
