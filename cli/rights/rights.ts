/** From a command and what it is called with to the rights that it needs: a pure function. */
import type { DatabaseConfig } from "../../src/execute/database_config.ts";
import type { FilePackage } from "../command.ts";
import { pathsOf, type PlaceContext } from "./places.ts";
import { reachOf } from "./reach.ts";

/** Rights, each as a list of what is granted. */
export interface Rights {
  /** Files and folders that may be read. */
  readonly read: readonly string[];
  /** Files and folders that may be written. */
  readonly write: readonly string[];
  /** Hosts with their ports, and sockets as `unix:<path>`. */
  readonly net: readonly string[];
  /** Environment variables; a `*` at the end stands for any rest. Others look as if they were not set. */
  readonly env: readonly string[];
  /** Hosts that modules may be imported from. */
  readonly import: readonly string[];
}

/** What differs from machine to machine. */
export interface Machine {
  /** Where the files of packages are. */
  readonly packages: Readonly<Record<FilePackage, readonly string[]>>;
  /** The folder of what is kept between runs. */
  readonly cache: string | undefined;
  /** What the program reads of itself. */
  readonly own: readonly string[];
  /** The file of passwords, where there is one. */
  readonly passfile: string | undefined;
  /** Hosts that the package itself may be imported from. */
  readonly importHosts: readonly string[];
  /** The topmost folder that would have to be made for a path; the path itself when none. */
  readonly missing: (path: string) => string;
}

/** What the rights of a call depend on. */
export interface Situation extends PlaceContext {
  /** What is read to load the config. */
  readonly configFiles: readonly string[];
  /** The databases that are connected to. */
  readonly databases: readonly Partial<DatabaseConfig>[];
  /** What differs from machine to machine. */
  readonly machine: Machine;
}

/** Variables that name a database, its login, or where a file of passwords is. */
export const DATABASE_VARIABLES: readonly string[] = ["DATABASE_*", "PG*", "USER"];

/** The options that grant more, by the kind of right. */
export const EXTRA_OPTIONS = {
  read: "allow-read",
  write: "allow-write",
  net: "allow-net",
  env: "allow-env",
  import: "allow-import",
} as const;

/** The least rights that a call of a command works with. */
export function rightsOf(situation: Situation): Rights {
  const { command, values, machine, databases, configFiles } = situation;
  const { permissions } = command;
  const reaches = databases.map(reachOf);
  const embedded = reaches.some((reach) => reach.embedded);
  const packages = new Set<FilePackage>(permissions.packages);
  if (embedded) packages.add("embedded");
  const cache = packages.has("embedded") && machine.cache !== undefined ? [machine.cache] : [];
  const isServer = reaches.some((reach) => !reach.embedded) || reaches.length === 0;
  const passfile = permissions.net.length > 0 && isServer && machine.passfile !== undefined
    ? [machine.passfile]
    : [];
  const written = permissions.write.flatMap((place) => pathsOf(place, situation))
    .map(machine.missing);
  const rights: Rights = {
    read: [
      ...permissions.read.flatMap((place) =>
        place === "config" ? configFiles : pathsOf(place, situation)
      ),
      ...machine.own,
      // what is written is looked at first
      ...written,
      ...reaches.flatMap(({ read }) => read),
      ...[...packages].flatMap((name) => machine.packages[name]),
      ...cache,
      ...passfile,
    ],
    write: [...written, ...reaches.flatMap(({ write }) => write), ...cache],
    net: reaches.flatMap(({ net }) => net),
    env: [
      ...permissions.env,
      ...(permissions.net.length > 0 ? DATABASE_VARIABLES : []),
      ...(cache.length > 0 ? ["MATRX_CACHE_DIR"] : []),
    ],
    import: permissions.read.length > 0 ? machine.importHosts : [],
  };
  const granted = Object.entries(EXTRA_OPTIONS).map(([kind, option]) => {
    const extra = values.list(option) ?? [];
    const own = rights[kind as keyof Rights];
    return [kind, withoutInner(kind, [...new Set([...own, ...extra])])] as const;
  });
  return Object.fromEntries(granted) as unknown as Rights;
}

/** Leaves out paths that lie in a folder of the list, and variables that a pattern covers. */
function withoutInner(kind: string, list: readonly string[]): string[] {
  if (kind === "env") {
    const starts = list.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
    return list.filter((name) =>
      name.endsWith("*") || !starts.some((start) => name.startsWith(start))
    );
  }
  if (kind !== "read" && kind !== "write") return [...list];
  return list.filter((path) => !list.some((other) => other !== path && isWithin(path, other)));
}

/** Whether a path is another one or lies in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(/[\\/]$/.test(folder) ? folder : `${folder}/`) ||
    path.startsWith(`${folder}\\`);
}
