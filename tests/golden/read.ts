import { F, vectorDistance } from "../../mod.ts";
import { golden } from "./golden.ts";

golden("all() selects every column by name", {
  call: ({ Customer }) => Customer.all(),
  sql: `select "t0"."id", "t0"."name", "t0"."country" from "public"."customers" as "t0"`,
  rows: [{ id: 1, name: "Ann", country: "GB" }, { id: 2, name: "Bob", country: null }, {
    id: 3,
    name: "Cy",
    country: "DE",
  }],
});

golden("orderBy() takes a direction, limit and offset are bound", {
  call: ({ Order }) => Order.filter().orderBy("-total", "id").limit(2).offset(1).all(),
  sql: `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      order by "t0"."total" desc, "t0"."id"
      limit 2 offset $1`,
  params: ["1"],
  rows: [{ id: 3, customerId: 2, status: "paid", total: "12.50" }, {
    id: 2,
    customerId: 1,
    status: "draft",
    total: "5.00",
  }],
});

golden("orderBy() takes the place of NULLs and expressions", {
  call: ({ Customer }) =>
    Customer.filter().orderBy(
      { field: "country", descending: true, nulls: "last" },
      F("id").times(-1),
    ).values("id").all(),
  sql: `select "t0"."id"
      from "public"."customers" as "t0"
      order by "t0"."country" desc nulls last, "t0"."id" * $1`,
  params: ["-1"],
  rows: [{ id: 1 }, { id: 3 }, { id: 2 }],
});

golden("reverse() turns the order around", {
  call: ({ Order }) => Order.filter().orderBy("status", "-id").reverse().values("id").all(),
  sql: `select "t0"."id"
      from "public"."orders" as "t0"
      order by "t0"."status" desc, "t0"."id"`,
  rows: [{ id: 4 }, { id: 1 }, { id: 3 }, { id: 2 }],
});

golden("first() orders by the primary key where nothing else is said", {
  call: ({ Order }) => Order.first({ status: "paid" }),
  sql: `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      where "t0"."status" = $1
      order by "t0"."id"
      limit 1`,
  params: ["paid"],
  rows: { id: 1, customerId: 1, status: "paid", total: "25.00" },
});

golden("last() turns the order around", {
  call: ({ Order }) => Order.filter().orderBy("total", "id").last(),
  sql: `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      order by "t0"."total" desc, "t0"."id" desc
      limit 1`,
  rows: { id: 1, customerId: 1, status: "paid", total: "25.00" },
});

golden("get() by the primary key looks up one row", {
  call: ({ Customer }) => Customer.get({ id: 2 }),
  sql: `select "t0"."id", "t0"."name", "t0"."country"
      from "public"."customers" as "t0"
      where "t0"."id" = $1`,
  params: ["2"],
  rows: { id: 2, name: "Bob", country: null },
});

golden("get() reads two rows at most to see that there is one", {
  call: ({ Customer }) => Customer.filter({ name: "Ann" }).get(),
  sql: `select "t0"."id", "t0"."name", "t0"."country"
      from "public"."customers" as "t0"
      where "t0"."name" = $1
      limit 2`,
  params: ["Ann"],
  rows: { id: 1, name: "Ann", country: "GB" },
});

golden("lookups of one turn are one statement", {
  call: ({ Customer }) => Promise.all([3, 1, 3].map((id) => Customer.getOrNull({ id }))),
  sql: `select "t0"."id", "t0"."name", "t0"."country", "k"."ordinality"
      from unnest($1::"pg_catalog"."int4"[]) with ordinality as "k"("key0", "ordinality")
      inner join "public"."customers" as "t0" on "t0"."id" = "k"."key0"`,
  params: ['{"3","1"}'],
  rows: [{ id: 3, name: "Cy", country: "DE" }, { id: 1, name: "Ann", country: "GB" }, {
    id: 3,
    name: "Cy",
    country: "DE",
  }],
});

golden("inBulk() finds rows by their keys", {
  call: ({ Tag }) => Tag.inBulk([2, 9]),
  sql: `select "t0"."id", "t0"."label"
      from "public"."tags" as "t0"
      where "t0"."id" = any ($1)`,
  params: ["{2,9}"],
  rows: [[2, { id: 2, label: "gift" }]],
});

golden("count() counts the rows of the limit", {
  call: ({ Order }) => Order.filter({ status: "paid" }).limit(1).count(),
  sql: `select count(*)
      from (select 1
      from "public"."orders" as "t0"
      where "t0"."status" = $1
      limit 1) as "rows"`,
  params: ["paid"],
  rows: 1,
});

golden("exists() stops at the first row", {
  call: ({ Order }) => Order.exists({ status: "void" }),
  sql: `select exists (select 1 from "public"."orders" as "t0" where "t0"."status" = $1)`,
  params: ["void"],
  rows: true,
});

golden("only() gives plain objects", {
  call: ({ Order }) => Order.filter({ customerId: 1 }).only("id", "status").orderBy("id").all(),
  sql: `select "t0"."id", "t0"."status"
      from "public"."orders" as "t0"
      where "t0"."customer_id" = $1
      order by "t0"."id"`,
  params: ["1"],
  rows: [{ id: 1, status: "paid" }, { id: 2, status: "draft" }],
});

golden("defer() leaves a column out", {
  call: ({ Note }) => Note.filter({ id: 1 }).defer("meta", "place").all(),
  sql: `select "t0"."id", "t0"."labels", "t0"."version"
      from "public"."notes" as "t0"
      where "t0"."id" = $1`,
  params: ["1"],
  rows: [{ id: 1, labels: ["new", "big"], version: 1 }],
});

golden("distinct() leaves repeated rows out", {
  call: ({ Order }) => Order.filter().values("status").distinct().orderBy("status").all(),
  sql: `select distinct "t0"."status" from "public"."orders" as "t0" order by "t0"."status"`,
  rows: [{ status: "draft" }, { status: "paid" }, { status: "void" }],
});

golden("distinct() by a column keeps the first row of each", {
  call: ({ Order }) =>
    Order.filter().orderBy("customerId", "-total").distinct("customerId").values("customerId", "id")
      .all(),
  sql: `select distinct on ("t0"."customer_id") "t0"."customer_id", "t0"."id"
      from "public"."orders" as "t0"
      order by "t0"."customer_id", "t0"."total" desc`,
  rows: [{ customerId: 1, id: 1 }, { customerId: 2, id: 3 }, { customerId: 3, id: 4 }],
});

golden("selectRelated() joins a foreign key", {
  call: ({ Item }) => Item.filter({ qty: 2 }).selectRelated("orderId").all(),
  sql: `select "t0"."id", "t0"."order_id", "t0"."product", "t0"."qty", "j0"."id",
      "j0"."customer_id", "j0"."status", "j0"."total"
      from "public"."items" as "t0"
      left join "public"."orders" as "j0" on "j0"."id" = "t0"."order_id"
      where "t0"."qty" = $1`,
  params: ["2"],
  rows: [{
    id: 1,
    orderId: 1,
    product: "Beans",
    qty: 2,
    "orderId loaded": { id: 1, customerId: 1, status: "paid", total: "25.00" },
  }],
});

golden("selectRelated() nests", {
  call: ({ Item }) => Item.filter({ id: 4 }).selectRelated({ orderId: { customerId: true } }).all(),
  sql: `select "t0"."id", "t0"."order_id", "t0"."product", "t0"."qty", "j0"."id",
      "j0"."customer_id", "j0"."status", "j0"."total", "j1"."id", "j1"."name", "j1"."country"
      from "public"."items" as "t0"
      left join "public"."orders" as "j0" on "j0"."id" = "t0"."order_id"
      left join "public"."customers" as "j1" on "j1"."id" = "j0"."customer_id"
      where "t0"."id" = $1`,
  params: ["4"],
  rows: [{
    id: 4,
    orderId: 3,
    product: "Mug",
    qty: 4,
    "orderId loaded": {
      id: 3,
      customerId: 2,
      status: "paid",
      total: "12.50",
      "customerId loaded": { id: 2, name: "Bob", country: null },
    },
  }],
});

golden("prefetchRelated() loads each relation with one statement", {
  call: ({ Order }) =>
    Order.filter({ customerId: 1 }).prefetchRelated({ items: true, tags: true }).orderBy("id")
      .all(),
  sql: [
    `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      where "t0"."customer_id" = $1
      order by "t0"."id"`,
    `select "t0"."id", "t0"."order_id", "t0"."product", "t0"."qty", "k"."ordinality"
      from unnest($1::"pg_catalog"."int4"[]) with ordinality as "k"("key0", "ordinality")
      inner join "public"."items" as "t0" on "t0"."order_id" = "k"."key0"
      order by "t0"."id"`,
    `select "t0"."id", "t0"."label", "k"."ordinality"
      from unnest($1::"pg_catalog"."int4"[]) with ordinality as "k"("key0", "ordinality")
      inner join "public"."order_tags" as "j" on "j"."order_id" = "k"."key0"
      inner join "public"."tags" as "t0" on "j"."tag_id" = "t0"."id"
      order by "t0"."id"`,
  ],
  params: ["1", '{"1","2"}', '{"1","2"}'],
  rows: [{
    id: 1,
    customerId: 1,
    status: "paid",
    total: "25.00",
    "items loaded": [{ id: 1, orderId: 1, product: "Beans", qty: 2 }, {
      id: 2,
      orderId: 1,
      product: "Mug",
      qty: 1,
    }],
    "tags loaded": [{ id: 1, label: "urgent" }, { id: 2, label: "gift" }],
  }, {
    id: 2,
    customerId: 1,
    status: "draft",
    total: "5.00",
    "items loaded": [{ id: 3, orderId: 2, product: "Beans", qty: 1 }],
    "tags loaded": [],
  }],
});

golden("prefetchRelated() nests and refines", {
  call: ({ Customer }) =>
    Customer.filter({ id: { lt: 3 } }).orderBy("id").prefetchRelated({
      orders: (orders) => orders.filter({ status: "paid" }).prefetchRelated({ items: true }),
    }).all(),
  sql: [
    `select "t0"."id", "t0"."name", "t0"."country"
      from "public"."customers" as "t0"
      where "t0"."id" < $1
      order by "t0"."id"`,
    `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total", "k"."ordinality"
      from unnest($1::"pg_catalog"."int4"[]) with ordinality as "k"("key0", "ordinality")
      inner join "public"."orders" as "t0" on "t0"."customer_id" = "k"."key0"
      where "t0"."status" = $2
      order by "t0"."id"`,
    `select "t0"."id", "t0"."order_id", "t0"."product", "t0"."qty", "k"."ordinality"
      from unnest($1::"pg_catalog"."int4"[]) with ordinality as "k"("key0", "ordinality")
      inner join "public"."items" as "t0" on "t0"."order_id" = "k"."key0"
      order by "t0"."id"`,
  ],
  params: ["3", '{"1","2"}', "paid", '{"1","3"}'],
  rows: [{
    id: 1,
    name: "Ann",
    country: "GB",
    "orders loaded": [{
      id: 1,
      customerId: 1,
      status: "paid",
      total: "25.00",
      "items loaded": [{ id: 1, orderId: 1, product: "Beans", qty: 2 }, {
        id: 2,
        orderId: 1,
        product: "Mug",
        qty: 1,
      }],
    }],
  }, {
    id: 2,
    name: "Bob",
    country: null,
    "orders loaded": [{
      id: 3,
      customerId: 2,
      status: "paid",
      total: "12.50",
      "items loaded": [{ id: 4, orderId: 3, product: "Mug", qty: 4 }],
    }],
  }],
});

golden("fetchFk() of several rows in one turn is one statement", {
  call: async ({ Order }) => {
    const orders = await Order.filter({ id: { in: [1, 2, 3] } }).orderBy("id").all();
    await Promise.all(orders.map((order) => order.fetchFk("customerId")));
    return orders.map((order) => order.getRelated("customerId")?.name);
  },
  sql: [
    `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      where "t0"."id" = any ($1)
      order by "t0"."id"`,
    `select "t0"."id", "t0"."name", "t0"."country", "k"."ordinality"
      from unnest($1::"pg_catalog"."int4"[]) with ordinality as "k"("key0", "ordinality")
      inner join "public"."customers" as "t0" on "t0"."id" = "k"."key0"`,
  ],
  params: ["{1,2,3}", '{"1","2"}'],
  rows: ["Ann", "Ann", "Bob"],
});

golden("fetchM2m() goes through the junction", {
  call: async ({ Order }) => {
    const order = await Order.get({ id: 1 });
    return await order.fetchM2m("tags");
  },
  sql: [
    `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      where "t0"."id" = $1`,
    `select "t0"."id", "t0"."label", "k"."ordinality"
      from unnest($1::"pg_catalog"."int4"[]) with ordinality as "k"("key0", "ordinality")
      inner join "public"."order_tags" as "j" on "j"."order_id" = "k"."key0"
      inner join "public"."tags" as "t0" on "j"."tag_id" = "t0"."id"
      order by "t0"."id"`,
  ],
  params: ["1", '{"1"}'],
  rows: [{ id: 1, label: "urgent" }, { id: 2, label: "gift" }],
});

golden("nearest() orders by distance", {
  call: ({ Note }) => Note.nearest("place", [1, 0]).limit(1).all(),
  sql: `select "t0"."id", "t0"."meta", "t0"."labels", "t0"."place", "t0"."version",
      "t0"."place" <=> $1 as "distance"
      from "public"."notes" as "t0"
      where "t0"."place" is not null
      order by 6 limit 1`,
  params: ["[1,0]"],
  rows: [{
    id: 1,
    meta: { a: { b: 1 }, c: "x" },
    labels: ["new", "big"],
    place: [1, 0],
    version: 1,
    distance: 0,
  }],
});

golden("vectorDistance() is shown, filtered and ordered by", {
  call: ({ Note }) =>
    Note.filter().annotate({ away: vectorDistance("place", [3, 0], { metric: "l2" }) })
      .filter({ away: { lt: 5 } }).orderBy("away").values("id", "away").all(),
  sql: `select "t0"."id", "t0"."place" <-> $1 as "away"
      from "public"."notes" as "t0"
      where ("t0"."place" <-> $1) < $2
      order by 2`,
  params: ["[3,0]", "5"],
  rows: [{ id: 1, away: 2 }, { id: 2, away: Math.sqrt(10) }],
});

golden("tablesample() reads a part of the table", {
  call: ({ Tag }) => Tag.filter().tablesample(100, { seed: 7 }).orderBy("id").all(),
  sql: `select "t0"."id", "t0"."label"
      from "public"."tags" as "t0" tablesample bernoulli ($1) repeatable ($2)
      order by "t0"."id"`,
  params: ["100", "7"],
  rows: [{ id: 1, label: "urgent" }, { id: 2, label: "gift" }],
});

golden("forUpdate() locks the rows of the model alone", {
  call: ({ Order }) =>
    Order.filter({ id: 1 }).selectRelated("customerId").forUpdate({ skipLocked: true }).all(),
  sql: `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total", "j0"."id", "j0"."name",
      "j0"."country"
      from "public"."orders" as "t0"
      left join "public"."customers" as "j0" on "j0"."id" = "t0"."customer_id"
      where "t0"."id" = $1
      for update of "t0" skip locked`,
  params: ["1"],
  rows: [{
    id: 1,
    customerId: 1,
    status: "paid",
    total: "25.00",
    "customerId loaded": { id: 1, name: "Ann", country: "GB" },
  }],
});

golden("forShare() takes the weaker lock", {
  call: ({ Tag }) => Tag.filter({ id: 1 }).forShare({ noKey: true, nowait: true }).all(),
  sql: `select "t0"."id", "t0"."label"
      from "public"."tags" as "t0"
      where "t0"."id" = $1 for key share of "t0" nowait`,
  params: ["1"],
  rows: [{ id: 1, label: "urgent" }],
});

golden("a locked query inside another one locks its own rows", {
  call: ({ Tag }) =>
    Tag.filter({ id: { in: Tag.filter({ label: "gift" }).forUpdate().values("id") } }).all(),
  sql: `select "t0"."id", "t0"."label"
      from "public"."tags" as "t0"
      where "t0"."id" in (select "t1"."id"
      from "public"."tags" as "t1"
      where "t1"."label" = $1
      for update of "t1")`,
  params: ["gift"],
  rows: [{ id: 2, label: "gift" }],
});
