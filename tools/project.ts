import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root, without a slash at its end. */
export const ROOT: string = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/** Folders that hold nothing of the project's own. */
const FOREIGN = new Set(["node_modules", ".git", ".matrx", "coverage"]);

/** Lists the project's files below a folder or the file itself, by path from the root, sorted. */
export function projectFiles(...places: readonly string[]): string[] {
  const found: string[] = [];
  const walk = (path: string): void => {
    for (const entry of Deno.readDirSync(path)) {
      if (FOREIGN.has(entry.name)) continue;
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory) walk(inner);
      else if (entry.isFile) found.push(relative(ROOT, inner).replaceAll("\\", "/"));
    }
  };
  for (const place of places.length === 0 ? ["."] : places) {
    const path = place === "." ? ROOT : `${ROOT}/${place}`;
    let stat: Deno.FileInfo;
    try {
      stat = Deno.statSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      throw error;
    }
    if (stat.isDirectory) walk(path);
    else found.push(place);
  }
  return found.sort();
}

/** Reads a file of the project. */
export function readProject(path: string): string {
  return Deno.readTextFileSync(`${ROOT}/${path}`);
}

/** What deno.json says of the package. */
export interface PackageConfig {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly publish: { readonly include: readonly string[] };
}

/** Reads deno.json. */
export function packageConfig(): PackageConfig {
  return JSON.parse(readProject("deno.json")) as PackageConfig;
}

/** Prints each finding and ends the process with 1 where there is one. */
export function conclude(name: string, findings: readonly string[]): void {
  for (const finding of findings) console.error(`${name}: ${finding}`);
  console.log(`${name}: ${findings.length === 0 ? "ok" : `${findings.length} findings`}`);
  if (findings.length > 0) Deno.exit(1);
}
