import assert from "node:assert/strict";
import { assertReadsBack } from "../support/compare.ts";
import { testGenerated } from "./world.ts";

testGenerated(
  "serial, identity, generated, precision and quoted defaults come through exactly",
  `create table invoices (
     id serial primary key,
     number bigint generated always as identity (start with 1000 increment by 5),
     net numeric(12,2) not null,
     gross numeric(12,2) generated always as (net * 1.2) stored,
     note text not null default 'it''s \\ fine'
   );`,
  async ({ models, meta, catalog }) => {
    const { Invoice } = models;
    const made = await Invoice.create({ net: "10.50" });
    assert.deepEqual(
      [made.id, made.number, made.net, made.gross, made.note],
      [1, 1000n, "10.50", "12.60", "it's \\ fine"],
    );
    const writable = meta("invoices").columns.filter((column) => column.writable);
    assert.deepEqual(writable.map((column) => column.property), ["id", "net", "note"]);
    await assert.rejects(Invoice.create({ net: "1", gross: "2" }));
    assert.deepEqual(meta("invoices").column("net").type.modifiers, ["12", "2"]);
    assert.equal(assertReadsBack(models, catalog), 1);
  },
);
