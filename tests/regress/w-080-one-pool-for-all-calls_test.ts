import assert from "node:assert/strict";
import { sql } from "../../mod.ts";
import { testEngine } from "./engine.ts";

testEngine("no call opens or closes a pool of its own", async ({ Author }) => {
  const pids = new Set<number>();
  for (let call = 0; call < 10; call++) {
    const [row] = await Author.rawSql<{ pid: number }>(sql`select pg_backend_pid() as pid`);
    pids.add(row!.pid);
    await Author.count();
  }
  assert.equal(pids.size, 1);
});
