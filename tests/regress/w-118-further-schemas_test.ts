import assert from "node:assert/strict";
import { introspect } from "../../generator/introspect/introspect.ts";
import { emptyFolder, generateInto, importFrom } from "../support/generated.ts";
import { relationList, testGenerated } from "./world.ts";

testGenerated(
  "further schemas are read, and a key into one that is not read stays a column",
  `create schema storage;
   create table storage.files (id int primary key, size int not null);
   create table posts (id int primary key, file_id int references storage.files);
   insert into storage.files values (1, 10); insert into posts values (1, 1);`,
  async ({ models: { Post, File }, meta, db }) => {
    assert.deepEqual(relationList(meta("posts")), ["fileId fk files"]);
    assert.equal((await (await Post.get({ id: 1 })).fetchFk("fileId")).size, 10);
    assert.equal(await File.count(), 1);

    await using folder = await emptyFolder();
    const { catalog } = await introspect(db.driver, { schemas: ["public"] });
    const plan = await generateInto(folder.path, catalog);
    const alone = await importFrom(folder.path);
    assert.deepEqual(Object.keys(alone), ["Post"]);
    assert.equal(alone.Post.meta.column("fileId").spec.reference, null);
    assert.equal(alone.Post.meta.constraints[0].name, "posts_file_id_fkey");
    assert.deepEqual(plan.notes.map((note) => note.code), ["foreign_key_without_model"]);
  },
);
