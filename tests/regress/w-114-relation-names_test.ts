import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { metasOf } from "../support/compare.ts";
import { relationsOf } from "../../src/schema/relation_meta.ts";
import { testGenerated } from "./world.ts";

const TABLES = `create table orders (id int primary key);
   create table order_item (id int primary key, orders int references orders, parent int references order_item);
   create table news (id int primary key, order_id int references orders);
   create table "order" (id int primary key, news int references news);
   create table order_news (order_id int references orders, news_id int references news, primary key (order_id, news_id));
   insert into orders values (1); insert into order_item values (1, 1, 1);
   insert into news values (1, 1); insert into "order" values (1, 1); insert into order_news values (1, 1);`;

testGenerated(
  "every generated relation can be fetched by its name, whether tables are plural or not",
  TABLES,
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

testGenerated(
  "no manager defines a method twice, and each one of a relation gives its rows",
  TABLES,
  async ({ managers, folder }) => {
    const files = (await readdir(join(folder, "generated"))).filter((name) =>
      /_manager/.test(name)
    );
    assert.equal(files.length, 5);
    let called = 0;
    for (const file of files) {
      const text = await readFile(join(folder, "generated", file), "utf8");
      const methods = Array.from(text.matchAll(/^ {2}(\w+)\($/gm), ([, name]) => name!);
      assert.equal(new Set(methods).size, methods.length, file);
      const name = /export class (\w+)Base/.exec(text)![1]!;
      const manager = new managers[name]();
      const row = (await manager.loadFirst(undefined, { view: null }))!;
      const { meta } = row.constructor;
      const key = Object.fromEntries(
        meta.primaryKey.map(({ property }: { property: string }) => [property, row[property]]),
      );
      for (const method of methods.filter((one) => /^get.*With/.test(one))) {
        const byKey = text.includes(`  ${method}(\n    key:`);
        const given = await (byKey ? manager[method](key) : manager[method]());
        assert.ok([given].flat().length === 1, method);
        called++;
      }
    }
    assert.ok(called >= 28, `${called}`);
  },
  { managers: true },
);
