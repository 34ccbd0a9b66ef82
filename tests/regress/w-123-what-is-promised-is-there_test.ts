import assert from "node:assert/strict";
import { BaseDTO, manager, Paginator, view } from "../../mod.ts";
import { migrate } from "../../migrations/mod.ts";
import { generate, SchemaManager } from "../../generator/mod.ts";
import { testEngine } from "./engine.ts";

testEngine("what the documents promise is there", async ({ Author, Book, name }) => {
  const { id } = await Author.create({ name: "Ann" });
  await Book.create({ authorId: id, title: "One" });
  assert.equal(typeof Author.nearest, "function");
  const page = await new Paginator(Author.filter(), { pageSize: 1 }).getPage(1);
  assert.deepEqual([page.items.length, page.totalCount], [1, 1]);

  const related = await (await Author.get({ id })).fetchAllRelated();
  assert.deepEqual(Object.keys(related).sort(), [
    "foreignKeys",
    "inverseForeignKeys",
    "manyToMany",
  ]);
  assert.equal(Object.getPrototypeOf(related), Object.prototype);
  assert.equal(related.inverseForeignKeys.books[0]?.title, "One");

  class AuthorView extends view(Author, { prefetch: ["books"] }) {
    async shout(author: typeof AuthorView.subject): Promise<string> {
      return await Promise.resolve(author.name.toUpperCase());
    }
  }
  class AuthorManager extends manager(Author, { view: AuthorView }) {}
  const row = await new AuthorManager().getItemWithAllRelated(id);
  assert.ok(row instanceof Author);
  assert.equal(row.shout, "ANN");

  class AuthorDTO extends BaseDTO {}
  assert.equal((await AuthorDTO.fromModel(row)).id, String(id));
  assert.equal(Author.meta.table, "authors");
  assert.equal(Author.meta.database, name);
  for (const promised of [generate, SchemaManager, migrate]) {
    assert.equal(typeof promised, "function");
  }
});
