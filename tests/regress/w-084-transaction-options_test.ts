import assert from "node:assert/strict";
import { sql, transaction } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine(
  "transactions know isolation, reading only, retries and what comes after",
  async ({ Author, name }) => {
    const database = name;
    const told: string[] = [];
    await transaction(async (tx) => {
      const [row] = await Author.using(tx).rawSql<{ transaction_isolation: string }>(
        sql`show transaction_isolation`,
      );
      assert.equal(row!.transaction_isolation, "serializable");
      tx.afterCommit(() => void told.push("after"));
      told.push("in");
    }, { database, isolation: "serializable" });
    assert.deepEqual(told, ["in", "after"]);
    const reading = transaction((tx) => Author.using(tx).create({ name: "x" }), {
      database,
      readOnly: true,
    });
    await assert.rejects(reading, { code: "read_only_transaction" });
    let runs = 0;
    await transaction(async (tx) => {
      if (++runs < 3) {
        await Author.using(tx).rawSql(sql`do $$ begin raise sqlstate '40001'; end $$`);
      }
    }, { database, retries: 3 });
    assert.equal(runs, 3);
  },
);
