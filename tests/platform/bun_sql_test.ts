/** The driver bun_sql, which runs on Bun alone: Bun runs its tests. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT } from "../../tools/project.ts";
import { runProgram } from "../support/program.ts";
import { testServer } from "../support/servers.ts";
import { toolbox } from "../support/toolbox.ts";

/** Fewer would mean that Bun found only a part of them. */
const LEAST = 95;

const tools = await toolbox();
const servers = await Promise.all([testServer("pg18"), testServer("pg15")]);
const lacking = servers.map((server) => server.skip).find((skip) => skip !== false);

test("bun_sql does keep the contract of drivers on Bun", {
  skip: tools.skip !== false ? tools.skip : lacking ?? false,
}, async () => {
  const [pg18, pg15] = servers;
  const { status, out, err } = await runProgram(tools.path("bun"), [
    ...["test", "--preload", "./tools/npm_specifiers.ts", "--timeout", "120000"],
    "./tests/platform/bun_sql_contract.ts",
  ], {
    cwd: ROOT,
    env: { MATRX_PG18_URL: pg18?.url ?? "", MATRX_PG15_URL: pg15?.url ?? "" },
    limitMs: 600_000,
  });
  assert.equal(status, 0, `${out}\n${err}`);
  const passed = Number(/^ *(\d+) pass$/m.exec(err)?.[1]);
  assert.ok(passed >= LEAST, `${passed} passed\n${err}`);
});
