import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";

/** How a program ended. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], folder: string): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (part: Uint8Array) => output += String(part));
    child.stderr.on("data", (part: Uint8Array) => output += String(part));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, output }));
  });
}

/** Deno, which the tests of other runtimes may lack. */
export const deno: string = "Deno" in globalThis ? process.execPath : "deno";

/** Type-checks a generated folder as strictly as the project itself. */
export async function typeCheck(folder: string, explicit = false): Promise<Ended> {
  const compilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    verbatimModuleSyntax: true,
    isolatedDeclarations: explicit,
  };
  const config = join(folder, "deno.json");
  await writeFile(config, `${JSON.stringify({ compilerOptions }, null, 2)}\n`);
  return await run(deno, ["check", "--quiet", "mod.ts"], folder);
}

/** Asks `deno fmt` whether a generated folder is formatted, with its default settings. */
export function formatCheck(folder: string): Promise<Ended> {
  return run(deno, ["fmt", "--check", "--no-config", "."], folder);
}
