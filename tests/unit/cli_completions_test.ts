import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS, optionsOf } from "../../cli/commands.ts";
import { main } from "../../cli/main.ts";
import { checkRuntime } from "../../cli/runtime.ts";
import { fakeHost } from "./cli_host.ts";

for (const shell of ["bash", "zsh", "fish"]) {
  test(`matrx completions ${shell} names every command and option`, async () => {
    const host = fakeHost();
    assert.equal(await main(["completions", shell], host), 0);
    const text = host.printed();
    for (const command of COMMANDS) {
      assert.ok(text.includes(command.name), command.name);
      for (const name of Object.keys(optionsOf(command))) {
        assert.ok(text.includes(shell === "fish" ? `-l ${name}` : `--${name}`), name);
      }
    }
    assert.ok(text.includes("mermaid"), "the values of --format");
  });
}

test("a command with an argument refuses others and none", async () => {
  for (
    const [args, message] of [
      [["completions"], /needs a shell\n {2}Write matrx completions bash\|zsh\|fish/],
      [["completions", "bahs"], /does not take "bahs"\n {2}Did you mean bash\?/],
      [["completions", "bash", "zsh"], /takes no "zsh"/],
      [["generate", "bash"], /takes no "bash"/],
    ] as const
  ) {
    const host = fakeHost();
    assert.equal(await main(args, host), 2);
    assert.match(host.told(), message);
  }
});

test("checkRuntime() knows each runtime and its oldest version", () => {
  const status = (versions: Record<string, string>) => checkRuntime(versions).status;
  assert.equal(status({ node: "24.2.0", deno: "2.9.6" }), "ok");
  assert.equal(status({ node: "24.2.0", deno: "2.8.0" }), "problem");
  assert.equal(status({ node: "24.2.0", bun: "1.4.5" }), "ok");
  assert.equal(status({ node: "20.0.0" }), "ok");
  assert.equal(status({ node: "18.20.0" }), "problem");
  assert.equal(checkRuntime({ node: "24.2.0", bun: "1.1.0" }).found, "Bun 1.1.0");
});
