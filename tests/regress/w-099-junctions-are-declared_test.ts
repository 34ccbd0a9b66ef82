import assert from "node:assert/strict";
import { integer, manyToMany, model } from "../../mod.ts";
import { diff } from "../../migrations/mod.ts";
import { testDeclared } from "./declared.ts";

class Post extends model("posts", {
  id: integer().primaryKey(),
  tags: manyToMany<Tag>(() => Tag, { through: "post_tags", source: "post_id", target: "tag_id" }),
}) {}
class Tag extends model("tags", { id: integer().primaryKey() }) {}

testDeclared(
  "the junction of a many-to-many relation is made, and not to be dropped afterwards",
  [Post, Tag],
  async ({ db, live, wanted }) => {
    const { rows } = await db.driver.query({
      text: "select to_regclass('post_tags')::text",
      params: [],
    });
    assert.deepEqual(rows, [["post_tags"]]);
    const again = JSON.stringify(diff(live, wanted));
    assert.ok(!again.includes("post_tags"), again);
  },
);
