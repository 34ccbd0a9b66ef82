import assert from "node:assert/strict";
import { DatabaseError, sql } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("errors hold no value of a row or a statement", async ({ Author }) => {
  const secret = "s3cr3t-value";
  await Author.create({ name: secret });
  const errors = await Promise.all([
    Author.create({ name: secret }).catch((error: unknown) => error),
    Author.create({ name: "b", code: secret }).catch((error: unknown) => error),
    Author.filter({ name: secret, id: sql`${secret}::int` }).all().catch((error: unknown) => error),
  ]);
  for (const error of errors) {
    assert.ok(error instanceof DatabaseError);
    const said = `${error.message} ${error.hint} ${
      JSON.stringify(error)
    } ${error.stack} ${error.detail}`;
    assert.equal(said.includes(secret), false, error.code);
  }
});
