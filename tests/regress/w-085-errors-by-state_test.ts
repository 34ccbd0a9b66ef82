import assert from "node:assert/strict";
import {
  CheckViolationError,
  DatabaseError,
  ForeignKeyViolationError,
  NotNullViolationError,
  UniqueViolationError,
} from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("broken rules have classes and name the constraint", async ({ Author, Book }) => {
  await Author.create({ name: "Ann" });
  const cases = [
    [Author.create({ name: "Ann" }), UniqueViolationError, "authors_name_key"],
    [Book.create({ authorId: 9, title: "x" }), ForeignKeyViolationError, "books_author_id_fkey"],
    [Author.create({ name: "B", age: -1 }), CheckViolationError, "authors_age_check"],
    [Author.create({ name: null as never }), NotNullViolationError, undefined],
  ] as const;
  for (const [work, kind, constraint] of cases) {
    const error = await work.then(() => null, (reason: unknown) => reason);
    assert.ok(error instanceof kind && error instanceof DatabaseError, `${error}`);
    assert.equal(error.constraint, constraint);
  }
  await assert.rejects(async () => await Author.using("nowhere").count(), {
    code: "unknown_database",
  });
});
