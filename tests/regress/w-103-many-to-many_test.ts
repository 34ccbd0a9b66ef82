import assert from "node:assert/strict";
import { relationList, testGenerated } from "./world.ts";

testGenerated(
  "manyToMany is generated on both sides when a table is a textbook junction",
  `create table posts (id int primary key, title text not null);
   create table tags (id int primary key, name text not null);
   create table post_tags (
     post_id int not null references posts, tag_id int not null references tags,
     primary key (post_id, tag_id)
   );`,
  async ({ models: { Post, Tag, PostTag }, meta }) => {
    assert.deepEqual(relationList(meta("posts")), ["postTags ifk post_tags", "tags m2m tags"]);
    assert.deepEqual(relationList(meta("tags")), ["postTags ifk post_tags", "posts m2m posts"]);
    const post = await Post.create({ id: 1, title: "a" });
    const tags = [await Tag.create({ id: 1, name: "x" }), await Tag.create({ id: 2, name: "y" })];
    assert.equal(await post.addM2m("tags", ...tags), 2);
    const names = (await post.fetchM2m("tags")).map((tag: { name: string }) => tag.name);
    assert.deepEqual(names.sort(), ["x", "y"]);
    assert.deepEqual((await tags[0].fetchM2m("posts")).map((one: { id: number }) => one.id), [1]);
    assert.equal(await PostTag.count(), 2);
  },
);
