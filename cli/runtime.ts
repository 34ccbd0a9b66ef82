import process from "node:process";
import { amiss, type Finding, ok } from "../generator/health/finding.ts";

/** The oldest version of each runtime that is served. */
const OLDEST: Readonly<Record<string, readonly [name: string, major: number, minor: number]>> = {
  deno: ["Deno", 2, 9],
  bun: ["Bun", 1, 2],
  node: ["Node", 20, 0],
};

/** Looks at the runtime that runs this. `versions` is `process.versions`. */
export function checkRuntime(
  versions: Readonly<Record<string, string | undefined>> = process.versions,
): Finding {
  // the others report a version of Node as well, whose interface they have
  const kind = ["deno", "bun", "node"].find((name) => versions[name] !== undefined)!;
  const [name, major, minor] = OLDEST[kind]!;
  const version = versions[kind]!;
  const [has = 0, hasMinor = 0] = version.split(".").map(Number);
  const found = `${name} ${version}`;
  if (has > major || has === major && hasMinor >= minor) return ok("runtime", found);
  return amiss("problem", "runtime", found, `Use ${name} ${major}.${minor} or newer`);
}
