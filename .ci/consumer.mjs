// What a user of the npm package does first: a table in the embedded database, a model, a query.
import assert from "node:assert/strict";
import { closeAll, integer, model, registerDatabase, sql, text } from "@matrx/orm";

class Cat extends model("cats", {
  id: integer().primaryKey(),
  name: text(),
}) {}

registerDatabase({ name: "main", url: "pglite://memory" });
await Cat.rawSql(sql`create table cats (id int primary key, name text not null)`);
await Cat.create({ id: 1, name: "Mina" });
await Cat.create({ id: 2, name: "Tom" });
const cats = await Cat.filter({ name: { startsWith: "M" } }).all();
assert.deepEqual(cats.map(({ id, name }) => ({ id, name })), [{ id: 1, name: "Mina" }]);
assert.ok(cats[0] instanceof Cat);
await closeAll();
console.log("ok");
