import assert from "node:assert/strict";
import { mock } from "node:test";
import { databaseNames, transaction } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("the library prints nothing on its usual ways", async ({ Author, Book, name }) => {
  const methods = ["log", "info", "warn", "error", "debug"] as const;
  const spies = methods.map((method) => mock.method(console, method, () => {}));
  try {
    const authors = await Author.bulkCreate([{ name: "A" }, { name: "B" }]);
    await Author.bulkUpdate(authors, ["age"]);
    await Author.bulkDelete(authors.slice(1));
    await assert.rejects(Author.create({ name: "A" }), { name: "UniqueViolationError" });
    await assert.rejects(Author.get({ name: "nobody" }), { code: "does_not_exist" });
    await assert.rejects(Book.create({ authorId: 99, title: "x" }));
    const failing = transaction(() => Promise.reject(new Error("undo")), { database: name });
    await assert.rejects(failing, { message: "undo" });
    assert.ok(databaseNames().includes(name));
    assert.deepEqual(spies.map((spy) => spy.mock.callCount()), methods.map(() => 0));
  } finally {
    for (const spy of spies) spy.mock.restore();
  }
});
