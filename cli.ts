/**
 * The command line of the package, for Deno: `deno run -A jsr:@matrx/orm/cli generate --help`.
 *
 * @module
 */
import { loadOwn } from "./cli/own.ts";
import { mainOfProcess } from "./cli/start.ts";

/**
 * Runs a command line, without the program's name; gives the exit status: 0 done, 1 failure, 2 wrong
 * usage, 3 differences. Never rejects.
 *
 * @example
 * ```ts
 * import { main } from "@matrx/orm/cli";
 *
 * const status = await main(["version"]);
 * console.log(status); // 0
 * ```
 */
export async function main(args: readonly string[]): Promise<number> {
  const { main: run } = await loadOwn<typeof import("./cli/main.ts")>(
    import.meta.url,
    "./cli/main.ts",
  );
  return await run(args);
}

if (import.meta.main) Deno.exit(await mainOfProcess(Deno.args));
