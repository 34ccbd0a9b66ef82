import assert from "node:assert/strict";
import { metasOf } from "../support/compare.ts";
import { relationsOf } from "../../src/schema/relation_meta.ts";
import { testGenerated } from "./world.ts";

testGenerated(
  "every generated relation can be fetched by its name, whether tables are plural or not",
  `create table orders (id int primary key);
   create table order_item (id int primary key, orders int references orders, parent int references order_item);
   create table news (id int primary key, order_id int references orders);
   create table "order" (id int primary key, news int references news);
   create table order_news (order_id int references orders, news_id int references news, primary key (order_id, news_id));
   insert into orders values (1); insert into order_item values (1, 1, 1);
   insert into news values (1, 1); insert into "order" values (1, 1); insert into order_news values (1, 1);`,
  async ({ models }) => {
    const byTable = new Map(metasOf(models).map((meta) => [meta.table, meta]));
    assert.equal(byTable.size, 5);
    let fetched = 0;
    for (const model of Object.values(models)) {
      const { meta, first } = model as {
        meta: Parameters<typeof relationsOf>[0];
        first(): Promise<unknown>;
      };
      const row = await first.call(model) as { fetchRelated(name: string): Promise<unknown> };
      for (const { name, kind } of relationsOf(meta)) {
        const value = await row.fetchRelated(name);
        if (kind === "fk") assert.ok(value !== null, `${meta.table}.${name}`);
        else assert.equal((value as unknown[]).length, 1, `${meta.table}.${name}`);
        fetched++;
      }
    }
    assert.equal(fetched, 14);
  },
);
