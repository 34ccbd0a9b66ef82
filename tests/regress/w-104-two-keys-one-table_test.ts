import assert from "node:assert/strict";
import { relationList, testGenerated } from "./world.ts";

testGenerated(
  "every inverse is generated when two keys lead to one table or to the table itself",
  `create table users (id int primary key, manager_id int references users);
   create table orders (
     id int primary key, created_by int references users, updated_by int references users
   );
   insert into users values (1, null), (2, 1);
   insert into orders values (10, 1, 2), (11, 1, null);`,
  async ({ models: { User }, meta }) => {
    assert.deepEqual(relationList(meta("users")), [
      "managerId fk users",
      "ordersByCreatedBy ifk orders",
      "ordersByUpdatedBy ifk orders",
      "usersByManagerId ifk users",
    ]);
    const user = await User.get({ id: 1 });
    const ids = async (name: string) =>
      (await user.fetchIfk(name)).map((row: { id: number }) => row.id).sort();
    assert.deepEqual(await ids("ordersByCreatedBy"), [10, 11]);
    assert.deepEqual(await ids("ordersByUpdatedBy"), []);
    assert.deepEqual(await ids("usersByManagerId"), [2]);
  },
);
