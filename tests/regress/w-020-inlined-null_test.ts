import assert from "node:assert/strict";
import { foreignKey, integer, model, view } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a foreign key that is NULL is inlined as null", async ({ name }) => {
  class Node extends model("nodes", {
    id: integer().primaryKey(),
    parentId: foreignKey<Node>(() => Node).nullable(),
  }, { database: name }) {}
  class NodeView extends view(Node, { inlineFk: { parentId: "parent" } }) {}
  await Node.bulkCreate([{ id: 1 }, { id: 2, parentId: 1 }]);
  const [root, leaf] = await NodeView.applyAll(await Node.filter().orderBy("id").all());
  assert.equal(root!.parent, null);
  assert.deepEqual(root!.toDict(), { id: 1, parent: null });
  assert.deepEqual(leaf!.toDict(), { id: 2, parent: { id: 1, parentId: null } });
}, { more: "create table nodes (id int primary key, parent_id int references nodes)" });
