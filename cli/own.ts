import type { RunCommand } from "./command.ts";

/**
 * Loads a module of the package by an address that is made when it is called.
 *
 * A literal import would be read, with all that it leads to, whenever the program starts: for
 * `--help` that is twice the time. `tools/check_graph.ts` knows the two functions of this file.
 */
export async function loadOwn<Module>(base: string, path: string): Promise<Module> {
  // the package of npm holds what was made of the sources
  const file = base.endsWith(".js") ? path.replace(/\.ts$/, ".js") : path;
  return await import(new URL(file, base).href) as Module;
}

/** Gives what loads the code of a command: a function of a module that `base` names from where it is. */
export function moduleOf(base: string, path: string, name: string): () => Promise<RunCommand> {
  return async () => (await loadOwn<Record<string, RunCommand>>(base, path))[name]!;
}
