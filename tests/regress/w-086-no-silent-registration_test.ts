import assert from "node:assert/strict";
import { Databases, registerDatabase } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("a second registration of a name is refused", async ({ Author, name }) => {
  assert.throws(() => registerDatabase({ name, url: "pglite://memory" }), {
    code: "database_already_registered",
  });
  assert.equal(await Author.count(), 0);
  const own = new Databases();
  assert.throws(() => own.get(name), { code: /no_database|unknown_database/ });
});
