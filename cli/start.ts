import { loadOwn } from "./own.ts";
import { takeHandover } from "./rights/handover.ts";

/**
 * Runs the command line of a process that is there for it alone: where the process has more rights
 * than the command needs, it is run in another one that has not.
 *
 * A process that was handed its work loads no more than that takes.
 */
export async function mainOfProcess(args: readonly string[]): Promise<number> {
  const task = takeHandover();
  if (task !== undefined) {
    const inner = await loadOwn<typeof import("./rights/inner.ts")>(
      import.meta.url,
      "./rights/inner.ts",
    );
    return await inner.runInner(task);
  }
  const { main } = await loadOwn<typeof import("./main.ts")>(import.meta.url, "./main.ts");
  return await main(args, undefined, async (call) => {
    const outer = await loadOwn<typeof import("./rights/outer.ts")>(
      import.meta.url,
      "./rights/outer.ts",
    );
    return await outer.enter(call);
  });
}
