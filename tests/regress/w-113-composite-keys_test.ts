import assert from "node:assert/strict";
import { relationList, testGenerated } from "./world.ts";

testGenerated(
  "a key of several columns is one relation with its columns in order",
  `create table orders (shop int, number int, primary key (number, shop));
   create table lines (
     id int primary key, order_shop int, order_number int,
     foreign key (order_shop, order_number) references orders (shop, number)
   );
   insert into orders values (1, 100), (2, 100), (1, 200);
   insert into lines values (1, 1, 100), (2, 2, 100), (3, 1, 100);`,
  async ({ models: { Line, Order }, meta }) => {
    assert.deepEqual(relationList(meta("lines")), ["order fk orders"]);
    assert.deepEqual(relationList(meta("orders")), ["lines ifk lines"]);
    const line = await Line.get({ id: 2 });
    const order = await line.fetchFk("order");
    assert.deepEqual([order.shop, order.number], [2, 100]);
    const first = await Order.get({ shop: 1, number: 100 });
    const ids = (await first.fetchIfk("lines")).map((row: { id: number }) => row.id);
    assert.deepEqual(ids.sort(), [1, 3]);
  },
);
