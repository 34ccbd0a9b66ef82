/** Counts the types that the compiler makes for a program: what its types cost. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const CONFIG = {
  compilerOptions: {
    lib: ["esnext", "dom"],
    types: [],
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
  },
};

/** Checks the types of a file of a folder and gives how many types were instantiated for that. */
export async function instantiations(folder: string, root: string): Promise<number> {
  await writeFile(join(folder, "deno.json"), JSON.stringify(CONFIG));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["check", "--no-lock", "--config", "deno.json", "--log-level", "debug", root],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  assert.ok(success, text.split("\n").filter((line) => /TS\d+ \[ERROR\]/.test(line)).join("\n"));
  const [, count] = /^\s*Instantiations: (\d+)$/m.exec(text) ?? [];
  assert.ok(count !== undefined, "deno check tells no count of instantiations");
  return Number(count);
}
