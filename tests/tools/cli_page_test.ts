import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS } from "../../cli/commands.ts";
import { readProject } from "../../tools/project.ts";
import { cliPage, formatted, namedOptions, PAGE } from "../../tools/cli_page.ts";

test("docs/cli.md is what the command table says", async () => {
  const page = readProject(PAGE);
  assert.equal(page, await formatted(cliPage()), "run deno run -A tools/cli_page.ts");
  for (const command of COMMANDS) {
    assert.ok(page.includes(`## matrx ${command.name}\n`), command.name);
    for (const option of namedOptions(command)) assert.ok(page.includes(option), option);
  }
});
