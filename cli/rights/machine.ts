/** What rights depend on beside the call: packages, caches, what is there. Looks, and changes nothing. */
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../../src/drivers/pglite/cache_folder.ts";
import type { FilePackage } from "../command.ts";
import { disk } from "../disk.ts";
import type { Machine } from "./rights.ts";

/** The packages whose files are read, as the sources name them. */
export const PACKAGES: Readonly<Record<FilePackage, readonly string[]>> = {
  formatter: ["@dprint/typescript@0.96.1"],
  parser: ["libpg-query@18.1.5"],
  embedded: ["@electric-sql/pglite@0.5.14", "@electric-sql/pglite-pgvector@0.0.15"],
};

/** Looks at this machine. `self` is the address of the program. */
export function lookAround(cwd: string, self: string): Machine {
  const bases = moduleFolders(cwd, self);
  const located = Object.entries(PACKAGES).map(([kind, names]) => [
    kind,
    names.flatMap((name) => locate(name, bases)),
  ]);
  return {
    packages: Object.fromEntries(located) as Machine["packages"],
    cache: cacheFolder(),
    passfile: passfile(),
    importHosts: importHosts(self),
    own: ownFiles(self),
    missing: topmostMissing,
  };
}

interface ModuleFolders {
  /** Folders `node_modules`. */
  readonly modules: readonly string[];
  /** Those of the project and of the program that Deno may make when the command is started. */
  readonly coming: readonly string[];
  /** Deno's own copies. */
  readonly registries: readonly string[];
}

/** The folders where packages of npm may be: of the program, of the project, Deno's own. */
function moduleFolders(cwd: string, self: string): ModuleFolders {
  const starts = [cwd, ...(self.startsWith("file:") ? [dirname(fileURLToPath(self))] : [])];
  const modules = starts.flatMap(upwards).map((folder) => join(folder, "node_modules"))
    .filter(disk.exists);
  const npm = join(denoFolder(), "npm");
  const registries = disk.exists(npm) ? disk.names(npm).map((name) => join(npm, name)) : [npm];
  const projects = starts.map(projectAt).filter((folder) => folder !== undefined);
  const coming = [...new Set(projects)].map((folder) => join(folder, "node_modules"))
    .filter((folder) => !disk.exists(folder));
  return { modules, coming, registries };
}

/** The folder of the project that another one lies in. */
function projectAt(folder: string): string | undefined {
  return upwards(folder).find((one) =>
    ["deno.json", "deno.jsonc", "package.json"].some((name) => disk.exists(join(one, name)))
  );
}

function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}

/** Where a package is; where it may come to be when it was not downloaded yet. */
function locate(
  nameAndVersion: string,
  { modules, coming, registries }: ModuleFolders,
): string[] {
  const at = nameAndVersion.lastIndexOf("@");
  const [name, version] = [nameAndVersion.slice(0, at), nameAndVersion.slice(at + 1)];
  const found = [
    ...modules.flatMap((folder) => [
      join(folder, ".deno", nameAndVersion.replace("/", "+")),
      join(folder, name),
    ]),
    ...registries.map((registry) => join(registry, name, version)),
  ].filter(disk.exists);
  const inComing = coming.map((folder) => join(folder, ".deno", nameAndVersion.replace("/", "+")));
  return withTargets([...(found.length > 0 ? found : [...modules, ...registries]), ...inComing]);
}

/** Paths and what they are links to: rights are those of the target, too. */
function withTargets(paths: readonly string[]): string[] {
  return [
    ...new Set(paths.flatMap((path) => disk.exists(path) ? [path, disk.real(path)] : [path])),
  ];
}

/** The folder of Deno's cache. */
function denoFolder(): string {
  const { DENO_DIR: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (own) return own;
  const home = homedir();
  const byPlatform: Readonly<Record<string, string>> = {
    darwin: join(home, "Library", "Caches"),
    win32: local ?? join(home, "AppData", "Local"),
  };
  return join(byPlatform[process.platform] ?? (xdg ? xdg : join(home, ".cache")), "deno");
}

function passfile(): string | undefined {
  const path = process.env.PGPASSFILE || join(homedir(), ".pgpass");
  return disk.exists(path) ? path : undefined;
}

/** What a program that lies in files reads of itself: the code of the command that it runs. */
function ownFiles(self: string): string[] {
  if (!self.startsWith("file:")) return [];
  const root = dirname(fileURLToPath(self));
  return ["cli", "src", "generator", "migrations", "mod.ts"].map((room) => join(root, room))
    .filter(disk.exists);
}

/** The registry of JSR, and the host that the program itself comes from. */
function importHosts(self: string): string[] {
  const places = [registryUrl(), ...(/^https?:/.test(self) ? [self] : [])];
  return [...new Set(places.map(hostAndPort))];
}

/** The address of the JSR registry in use. */
export function registryUrl(): string {
  // in two parts, so that no text of the project is taken for a host that it must reach
  return process.env.JSR_URL || `https://${["jsr", "io"].join(".")}/`;
}

function hostAndPort(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port !== "" ? port : protocol === "https:" ? "443" : "80"}`;
}

/** The topmost folder on the way to a path that is not there; the path itself when it is there. */
function topmostMissing(path: string): string {
  if (disk.exists(path)) return path;
  let [missing, above] = [path, dirname(path)];
  while (above !== missing && !disk.exists(above)) [missing, above] = [above, dirname(above)];
  return missing;
}

/** A file of code and the files that it imports by their paths, and so on. */
export function importsOf(file: string, seen: Set<string> = new Set()): string[] {
  if (seen.has(file) || !disk.exists(file)) return [];
  seen.add(file);
  const text = disk.text(file);
  for (const [, path] of text.matchAll(/(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g)) {
    importsOf(resolve(dirname(file), path!), seen);
  }
  return [...seen];
}
