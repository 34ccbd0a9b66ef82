import { F, transaction } from "../../mod.ts";
import { golden } from "./golden.ts";

golden("create() inserts and reads back what the server made of it", {
  call: ({ Order }) => Order.create({ id: 9, customerId: 1, total: "3" }),
  sql: `insert into "public"."orders" ("id", "customer_id", "total", "status")
      values ($1, $2, $3, $4)
      returning "id", "customer_id", "status", "total"`,
  params: ["9", "1", "3", "draft"],
  rows: { id: 9, customerId: 1, status: "draft", total: "3.00" },
});

golden("create() writes an explicit null", {
  call: ({ Customer }) => Customer.create({ id: 9, name: "Dee", country: null }),
  sql: `insert into "public"."customers" ("id", "name", "country")
      values ($1, $2, $3)
      returning "id", "name", "country"`,
  params: ["9", "Dee", null],
  rows: { id: 9, name: "Dee", country: null },
});

golden("save() inserts a new row", {
  call: async ({ Tag }) => {
    const tag = new Tag({ id: 9, label: "new" });
    await tag.save();
    return tag;
  },
  sql: `insert into "public"."tags" ("id", "label") values ($1, $2) returning "id", "label"`,
  params: ["9", "new"],
  rows: { id: 9, label: "new" },
});

golden("save() writes only what changed", {
  call: async ({ Order }) => {
    const order = await Order.get({ id: 1 });
    order.status = "void";
    await order.save();
    return order;
  },
  sql: [
    `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      where "t0"."id" = $1`,
    `update "public"."orders"
      set "status" = $1
      where "id" = $2
      returning "id", "customer_id", "status", "total"`,
  ],
  params: ["1", "void", "1"],
  rows: { id: 1, customerId: 1, status: "void", total: "25.00" },
});

golden("save() of an unchanged row sends nothing", {
  call: async ({ Tag }) => {
    const tag = await Tag.get({ id: 1 });
    await tag.save();
    return tag;
  },
  sql: `select "t0"."id", "t0"."label" from "public"."tags" as "t0" where "t0"."id" = $1`,
  params: ["1"],
  rows: { id: 1, label: "urgent" },
});

golden("update() of a versioned row checks its version", {
  call: async ({ Note }) => {
    const note = await Note.get({ id: 2 });
    await note.update({ labels: ["x"] });
    return [note.labels, note.version];
  },
  sql: [
    `select "t0"."id", "t0"."meta", "t0"."labels", "t0"."place", "t0"."version"
      from "public"."notes" as "t0"
      where "t0"."id" = $1`,
    `update "public"."notes"
      set "labels" = $1, "version" = "version" + 1
      where "id" = $2 and "version" = $3
      returning "id", "meta", "labels", "place", "version"`,
  ],
  params: ["2", "{x}", "2", "1"],
  rows: [["x"], 2],
});

golden("delete() of a row goes by its key", {
  call: async ({ Tag }) => {
    const tag = await Tag.create({ id: 9, label: "x" });
    return [await tag.delete(), await tag.delete()];
  },
  sql: [
    `insert into "public"."tags" ("id", "label") values ($1, $2) returning "id", "label"`,
    `delete from "public"."tags" where "id" = $1`,
    `delete from "public"."tags" where "id" = $1`,
  ],
  params: ["9", "x", "9", "9"],
  rows: [true, false],
});

golden("refresh() reads a row again", {
  call: async ({ Tag }) => {
    const tag = await Tag.get({ id: 1 });
    tag.label = "changed";
    return await tag.refresh();
  },
  sql: [
    `select "t0"."id", "t0"."label" from "public"."tags" as "t0" where "t0"."id" = $1`,
    `select "id", "label" from "public"."tags" where "id" = $1`,
  ],
  params: ["1", "1"],
  rows: { id: 1, label: "urgent" },
});

golden("bulkCreate() sends one array for each column", {
  call: ({ Tag }) => Tag.bulkCreate([{ id: 8, label: "a" }, { id: 9, label: "b" }]),
  sql: `insert into "public"."tags" ("id", "label") select "k"."c0", "k"."c1"
      from unnest($1::"pg_catalog"."int4"[], $2::"pg_catalog"."text"[]) with ordinality
      as "k"("c0", "c1", "ordinality")
      order by "k"."ordinality"
      returning "id", "label"`,
  params: ['{"8","9"}', '{"a","b"}'],
  rows: [{ id: 8, label: "a" }, { id: 9, label: "b" }],
});

golden("bulkCreate() with rows of different keys sends them in two statements", {
  call: ({ Order }) =>
    Order.bulkCreate([{ id: 8, customerId: 1, total: "1" }, {
      id: 9,
      customerId: 2,
      total: "2",
      status: "paid",
    }]),
  sql: [
    `savepoint "matrx_1"`,
    `insert into "public"."orders" ("id", "customer_id", "total", "status") select "k"."c0",
      "k"."c1", "k"."c2", "k"."c3"
      from unnest($1::"pg_catalog"."int4"[], $2::"pg_catalog"."int4"[],
      $3::"pg_catalog"."numeric"[], $4::"pg_catalog"."text"[]) with ordinality as "k"("c0", "c1",
      "c2", "c3", "ordinality")
      order by "k"."ordinality"
      returning "id", "customer_id", "status", "total"`,
    `insert into "public"."orders" ("id", "customer_id", "total", "status") select "k"."c0",
      "k"."c1", "k"."c2", "k"."c3"
      from unnest($1::"pg_catalog"."int4"[], $2::"pg_catalog"."int4"[],
      $3::"pg_catalog"."numeric"[], $4::"pg_catalog"."text"[]) with ordinality as "k"("c0", "c1",
      "c2", "c3", "ordinality")
      order by "k"."ordinality"
      returning "id", "customer_id", "status", "total"`,
    `release savepoint "matrx_1"`,
  ],
  params: ['{"8"}', '{"1"}', '{"1"}', '{"draft"}', '{"9"}', '{"2"}', '{"2"}', '{"paid"}'],
  rows: [{ id: 8, customerId: 1, status: "draft", total: "1.00" }, {
    id: 9,
    customerId: 2,
    status: "paid",
    total: "2.00",
  }],
});

golden("bulkCreate() leaves conflicts out when asked", {
  call: ({ Tag }) =>
    Tag.bulkCreate([{ id: 1, label: "a" }, { id: 9, label: "b" }], { ignoreConflicts: true }),
  sql: `insert into "public"."tags" ("id", "label") select "k"."c0", "k"."c1"
      from unnest($1::"pg_catalog"."int4"[], $2::"pg_catalog"."text"[]) with ordinality
      as "k"("c0", "c1", "ordinality")
      order by "k"."ordinality"
      on conflict do nothing
      returning "id", "label"`,
  params: ['{"1","9"}', '{"a","b"}'],
  rows: [{ id: 9, label: "b" }],
});

golden("bulkUpdate() writes columns of loaded rows in one statement", {
  call: async ({ Tag }) => {
    const tags = await Tag.filter().orderBy("id").all();
    for (const tag of tags) tag.label = tag.label.toUpperCase();
    return [await Tag.bulkUpdate(tags, ["label"]), tags];
  },
  sql: [
    `select "t0"."id", "t0"."label" from "public"."tags" as "t0" order by "t0"."id"`,
    `savepoint "matrx_1"`,
    `update "public"."tags" as "t0"
      set "label" = "k"."c1"
      from unnest($1::"pg_catalog"."int4"[], $2::"pg_catalog"."text"[]) with ordinality
      as "k"("c0", "c1", "ordinality")
      where "t0"."id" = "k"."c0"
      returning "t0"."id", "t0"."label", "k"."ordinality"`,
    `release savepoint "matrx_1"`,
  ],
  params: ['{"1","2"}', '{"URGENT","GIFT"}'],
  rows: [2, [{ id: 1, label: "URGENT" }, { id: 2, label: "GIFT" }]],
});

golden("bulkDelete() goes by the keys", {
  call: async ({ Item }) =>
    await Item.bulkDelete(await Item.filter({ qty: 1 }).orderBy("id").all()),
  sql: [
    `select "t0"."id", "t0"."order_id", "t0"."product", "t0"."qty"
      from "public"."items" as "t0"
      where "t0"."qty" = $1
      order by "t0"."id"`,
    `delete
      from "public"."items" as "t0"
      where ("t0"."id") in (select "k"."c0"
      from unnest($1::"pg_catalog"."int4"[]) with ordinality as "k"("c0", "ordinality"))`,
  ],
  params: ["1", '{"2","3"}'],
  rows: 2,
});

golden("upsert() inserts or updates by a unique key", {
  call: ({ Tag }) => Tag.upsert({ id: 2, label: "present" }, { conflict: ["id"] }),
  sql: `insert into "public"."tags" ("id", "label") select "k"."c0", "k"."c1"
      from unnest($1::"pg_catalog"."int4"[], $2::"pg_catalog"."text"[]) with ordinality
      as "k"("c0", "c1", "ordinality")
      order by "k"."ordinality"
      on conflict ("id") do update
      set "label" = "excluded"."label"
      returning "id", "label"`,
  params: ['{"2"}', '{"present"}'],
  rows: { id: 2, label: "present" },
});

golden("upsert() of a versioned row counts its version up", {
  call: ({ Note }) =>
    Note.upsert({ id: 1, labels: ["x"], place: null }, { conflict: ["id"], update: ["labels"] }),
  sql: `insert into "public"."notes" ("id", "labels", "place", "version") select "k"."c0",
      ("k"."c1")::"pg_catalog"."text"[], "k"."c2", "k"."c3"
      from unnest($1::"pg_catalog"."int4"[], $2::"pg_catalog"."text"[], $3::"vector"[],
      $4::"pg_catalog"."int4"[]) with ordinality as "k"("c0", "c1", "c2", "c3", "ordinality")
      order by "k"."ordinality"
      on conflict ("id") do update
      set "labels" = "excluded"."labels", "version" = "notes"."version" + 1
      returning "id", "meta", "labels", "place", "version"`,
  params: ['{"1"}', '{"{x}"}', "{null}", '{"1"}'],
  rows: { id: 1, meta: { a: { b: 1 }, c: "x" }, labels: ["x"], place: [1, 0], version: 2 },
});

golden("bulkUpsert() gives the rows in their order", {
  call: ({ Tag }) =>
    Tag.bulkUpsert([{ id: 9, label: "new" }, { id: 1, label: "soon" }], { conflict: ["id"] }),
  sql: `insert into "public"."tags" ("id", "label") select "k"."c0", "k"."c1"
      from unnest($1::"pg_catalog"."int4"[], $2::"pg_catalog"."text"[]) with ordinality
      as "k"("c0", "c1", "ordinality")
      order by "k"."ordinality"
      on conflict ("id") do update
      set "label" = "excluded"."label"
      returning "id", "label"`,
  params: ['{"9","1"}', '{"new","soon"}'],
  rows: [{ id: 9, label: "new" }, { id: 1, label: "soon" }],
});

golden("updateWhere() counts the rows", {
  call: ({ Order }) =>
    Order.updateWhere({ status: "draft" }, { status: "void", total: F("total").times(2) }),
  sql: `update "public"."orders" as "t0"
      set "status" = $1, "total" = "t0"."total" * $2
      where "t0"."status" = $3`,
  params: ["void", "2", "draft"],
  rows: 1,
});

golden("updateWhere() gives the rows when asked", {
  call: ({ Tag }) => Tag.updateWhere({ id: { lt: 2 } }, { label: "x" }, { returning: true }),
  sql: `update "public"."tags" as "t0"
      set "label" = $1
      where "t0"."id" < $2
      returning "t0"."id", "t0"."label"`,
  params: ["x", "2"],
  rows: [{ id: 1, label: "x" }],
});

golden("deleteWhere() takes a relation filter", {
  call: ({ Order }) => Order.deleteWhere({ customerId: { is: { name: "Cy" } } }),
  sql: `delete
      from "public"."orders" as "t0"
      where exists (select 1
      from "public"."customers" as "t1"
      where "t1"."id" = "t0"."customer_id" and "t1"."name" = $1)`,
  params: ["Cy"],
  rows: 1,
});

golden("increment() adds on the server", {
  call: ({ Item }) => Item.increment({ product: "Mug" }, { qty: 2 }),
  sql: `update "public"."items" as "t0"
      set "qty" = "t0"."qty" + $1
      where "t0"."product" = $2`,
  params: ["2", "Mug"],
  rows: 2,
});

golden("getOrCreate() looks before it inserts", {
  call: ({ Tag }) => Tag.getOrCreate({ id: 9 }, { label: "new" }),
  sql: [
    `select "t0"."id", "t0"."label"
      from "public"."tags" as "t0"
      where "t0"."id" = $1
      limit 2`,
    `insert into "public"."tags" ("id", "label") select "k"."c0", "k"."c1"
      from unnest($1::"pg_catalog"."int4"[], $2::"pg_catalog"."text"[]) with ordinality
      as "k"("c0", "c1", "ordinality")
      order by "k"."ordinality"
      on conflict do nothing
      returning "id", "label"`,
  ],
  params: ["9", '{"9"}', '{"new"}'],
  rows: { row: { id: 9, label: "new" }, created: true },
});

golden("updateOrCreate() locks what it updates", {
  call: ({ Tag }) => Tag.updateOrCreate({ id: 2 }, { label: "changed" }),
  sql: [
    `savepoint "matrx_1"`,
    `select "t0"."id", "t0"."label"
      from "public"."tags" as "t0"
      where "t0"."id" = $1
      limit 2
      for update of "t0"`,
    `update "public"."tags" set "label" = $1 where "id" = $2 returning "id", "label"`,
    `release savepoint "matrx_1"`,
  ],
  params: ["2", "changed", "2"],
  rows: { row: { id: 2, label: "changed" }, created: false },
});

golden("addM2m() ties what is not tied yet", {
  call: async ({ Order }) => await (await Order.get({ id: 3 })).addM2m("tags", 1, 2),
  sql: [
    `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      where "t0"."id" = $1`,
    `insert into "public"."order_tags" ("order_id", "tag_id") select ($1)::"pg_catalog"."int4",
      "k"."key0"
      from unnest($2::"pg_catalog"."int4"[]) with ordinality as "k"("key0", "ordinality")
      where not exists (select 1
      from "public"."order_tags" as "j"
      where "j"."order_id" = $3 and "j"."tag_id" = "k"."key0")
      on conflict do nothing`,
  ],
  params: ["3", "3", '{"1","2"}', "3"],
  rows: 1,
});

golden("setM2m() ties exactly these rows", {
  call: async ({ Order }) => await (await Order.get({ id: 1 })).setM2m("tags", [2]),
  sql: [
    `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      where "t0"."id" = $1`,
    `savepoint "matrx_1"`,
    `delete
      from "public"."order_tags" as "j"
      where "j"."order_id" = $1 and not exists (select 1
      from unnest($2::"pg_catalog"."int4"[]) with ordinality as "k"("key0", "ordinality")
      where "j"."tag_id" = "k"."key0")`,
    `insert into "public"."order_tags" ("order_id", "tag_id") select ($1)::"pg_catalog"."int4",
      "k"."key0"
      from unnest($2::"pg_catalog"."int4"[]) with ordinality as "k"("key0", "ordinality")
      where not exists (select 1
      from "public"."order_tags" as "j"
      where "j"."order_id" = $3 and "j"."tag_id" = "k"."key0")
      on conflict do nothing`,
    `release savepoint "matrx_1"`,
  ],
  params: ["1", "1", '{"2"}', "1", '{"2"}', "1"],
  rows: undefined,
});

golden("clearM2m() unties all", {
  call: async ({ Order }) => await (await Order.get({ id: 1 })).clearM2m("tags"),
  sql: [
    `select "t0"."id", "t0"."customer_id", "t0"."status", "t0"."total"
      from "public"."orders" as "t0"
      where "t0"."id" = $1`,
    `delete from "public"."order_tags" as "j" where "j"."order_id" = $1`,
  ],
  params: ["1", "1"],
  rows: 2,
});

golden("a nested transaction is a savepoint", {
  call: async ({ Tag }) => {
    await transaction(async () => void await Tag.deleteWhere({ id: 9 }), { database: "golden" });
    await transaction(async () => {
      await Tag.updateWhere({ id: 1 }, { label: "lost" });
      throw new Error("undo");
    }, { database: "golden" }).catch(() => {});
    return await Tag.get({ id: 1 });
  },
  sql: [
    `savepoint "matrx_1"`,
    `delete from "public"."tags" as "t0" where "t0"."id" = $1`,
    `release savepoint "matrx_1"`,
    `savepoint "matrx_2"`,
    `update "public"."tags" as "t0" set "label" = $1 where "t0"."id" = $2`,
    `rollback to savepoint "matrx_2"`,
    `release savepoint "matrx_2"`,
    `select "t0"."id", "t0"."label" from "public"."tags" as "t0" where "t0"."id" = $1`,
  ],
  params: ["9", "lost", "1", "1"],
  rows: { id: 1, label: "urgent" },
});
