import assert from "node:assert/strict";
import { relationList, testGenerated } from "./world.ts";

testGenerated(
  "a table with several keys is no junction when it holds more than its keys",
  `create table users (id int primary key);
   create table products (id int primary key);
   create table orders (
     id int primary key, user_id int not null references users,
     product_id int not null references products, quantity int not null
   );
   create table reviews (
     user_id int references users, product_id int references products, stars int not null,
     primary key (user_id, product_id)
   );`,
  ({ meta, plan }) => {
    assert.equal(plan.counts.manyToMany, 0);
    assert.deepEqual(relationList(meta("users")), ["orders ifk orders", "reviews ifk reviews"]);
  },
);
