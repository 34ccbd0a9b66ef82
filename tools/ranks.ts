/** A folder or file of the library, and the other rooms that it may import. */
export interface Room {
  /** A room imports lower ranks only, so that no circle of rooms can arise. */
  readonly rank: number;
  /** The rooms that it imports beside itself; `*` for all. */
  readonly may: readonly string[] | "*";
}

/** The web-standard rooms of the engine, lowest first. */
const ENGINE = {
  "src/errors": { rank: 0, may: [] },
  "src/util": { rank: 0, may: [] },
  "src/catalog": { rank: 1, may: ["src/errors", "src/util"] },
  "src/codec": { rank: 2, may: ["src/errors", "src/util", "src/catalog"] },
  "src/driver": { rank: 2, may: ["src/errors", "src/util"] },
  "src/ast": {
    rank: 3,
    may: ["src/errors", "src/util", "src/catalog", "src/codec", "src/driver"],
  },
  "src/cache": { rank: 3, may: ["src/errors", "src/util"] },
  "src/schema": {
    rank: 4,
    may: ["src/errors", "src/util", "src/catalog", "src/codec", "src/ast", "src/cache"],
  },
  "src/compile": {
    rank: 5,
    may: [
      ...["src/errors", "src/util", "src/catalog", "src/codec", "src/driver", "src/ast"],
      "src/schema",
    ],
  },
  "src/validate": {
    rank: 5,
    may: ["src/errors", "src/util", "src/catalog", "src/codec", "src/ast", "src/schema"],
  },
  "src/execute": { rank: 5, may: ["src/errors", "src/util", "src/driver", "src/cache"] },
  "src/query": {
    rank: 6,
    may: [
      ...["src/errors", "src/util", "src/catalog", "src/codec", "src/ast", "src/driver"],
      ...["src/schema", "src/cache", "src/compile", "src/execute"],
    ],
  },
  "src/model": {
    rank: 7,
    may: [
      ...["src/errors", "src/util", "src/catalog", "src/codec", "src/ast", "src/driver"],
      ...["src/schema", "src/cache", "src/compile", "src/validate", "src/execute", "src/query"],
    ],
  },
} as const satisfies Record<string, Room>;

/** The rooms where a package of npm, the environment or the test runner may come in. */
const EDGE = {
  "src/drivers": { rank: 8, may: ["src/errors", "src/util", "src/driver"] },
  "src/zod": {
    rank: 8,
    may: [
      ...["src/errors", "src/util", "src/catalog", "src/codec", "src/schema", "src/validate"],
      "src/model",
    ],
  },
  "src/testing": { rank: 9, may: "*" },
  "src/connect.ts": { rank: 9, may: "*" },
} as const satisfies Record<string, Room>;

const READ_ONLY_SRC = [
  ...["src/errors", "src/util", "src/catalog", "src/codec", "src/ast", "src/driver", "src/schema"],
] as const;

/** Database to code: introspect, gather what belongs to a table, name, emit; the files above them put it together. */
const GENERATOR = {
  "generator/options.ts": { rank: 8, may: READ_ONLY_SRC },
  "generator/introspect": { rank: 9, may: [...READ_ONLY_SRC, "generator/options.ts"] },
  "generator/sources": { rank: 10, may: [...READ_ONLY_SRC, "generator/options.ts"] },
  "generator/name": {
    rank: 11,
    may: [...READ_ONLY_SRC, "generator/options.ts", "generator/sources"],
  },
  "generator/emit": {
    rank: 12,
    may: [...READ_ONLY_SRC, "generator/options.ts", "generator/sources", "generator/name"],
  },
  "generator/diagram": { rank: 11, may: [...READ_ONLY_SRC, "generator/sources"] },
  "generator/health": { rank: 10, may: [...READ_ONLY_SRC, "generator/introspect"] },
  "generator": {
    rank: 13,
    may: [
      ...READ_ONLY_SRC,
      ...["src/execute", "src/connect.ts", "generator/options.ts", "generator/introspect"],
      ...["generator/sources", "generator/name", "generator/emit", "generator/diagram"],
      ...["generator/health", "migrations/objects"],
    ],
  },
} as const satisfies Record<string, Room>;

/** Code to database: how each object is written, what differs, in which order it is changed; files, and what runs them. */
const MIGRATIONS = {
  "migrations/ddl": { rank: 9, may: ["src/errors", "src/util", "src/catalog"] },
  "migrations/diff": { rank: 9, may: ["src/errors", "src/util", "src/catalog"] },
  "migrations/plan": {
    rank: 10,
    may: ["src/errors", "src/util", "src/catalog", "migrations/ddl", "migrations/diff"],
  },
  "migrations/declare": {
    rank: 11,
    may: [
      ...READ_ONLY_SRC,
      ...["src/cache", "src/compile", "migrations/script", "migrations/plan"],
    ],
  },
  "migrations/objects": {
    rank: 12,
    may: [...READ_ONLY_SRC, "migrations/declare", "migrations/diff", "migrations/plan"],
  },
  "migrations/shadow": {
    rank: 11,
    may: [
      ...["src/errors", "src/util", "src/catalog", "src/driver", "src/compile", "src/connect.ts"],
      ...["generator/introspect", "migrations/plan"],
    ],
  },
  "migrations/script": { rank: 8, may: ["src/errors", "src/util"] },
  "migrations/file": {
    rank: 13,
    may: [
      ...["src/errors", "src/util", "src/catalog", "src/ast", "generator/emit"],
      "migrations/script",
    ],
  },
  "migrations/apply": {
    rank: 14,
    may: [
      ...READ_ONLY_SRC,
      ...["src/compile", "src/execute", "src/connect.ts", "migrations/script", "migrations/file"],
    ],
  },
  "migrations/faces": {
    rank: 15,
    may: [
      ...["src/errors", "src/util", "src/catalog", "migrations/ddl", "migrations/diff"],
      ...["migrations/plan", "migrations/declare"],
    ],
  },
  "migrations/lint": {
    rank: 15,
    may: [
      ...["src/errors", "src/util", "src/driver", "src/ast", "src/schema", "src/execute"],
      ...["migrations/ddl", "migrations/script", "migrations/file", "migrations/apply"],
    ],
  },
  "migrations/make": {
    rank: 15,
    may: [
      ...READ_ONLY_SRC,
      ...["src/execute", "generator/introspect", "migrations/ddl", "migrations/diff"],
      ...["migrations/plan", "migrations/declare", "migrations/objects", "migrations/shadow"],
      ...["migrations/file", "migrations/apply"],
    ],
  },
  "migrations": { rank: 16, may: "*" },
} as const satisfies Record<string, Room>;

/** The doors of the package. */
const DOORS = {
  "mod.ts": { rank: 17, may: "*" },
  "cli": { rank: 17, may: "*" },
  "cli.ts": { rank: 18, may: "*" },
  "bin.ts": { rank: 19, may: "*" },
} as const satisfies Record<string, Room>;

/** Every room by its path from the project's root. */
export const ROOMS: ReadonlyMap<string, Room> = new Map<string, Room>(
  Object.entries({ ...ENGINE, ...EDGE, ...GENERATOR, ...MIGRATIONS, ...DOORS }),
);

/** The rooms that keep to web standards: no runtime's globals, no package, no built-in module. */
export const WALLED: ReadonlySet<string> = new Set(Object.keys(ENGINE));

/** The one walled file that may look up what the host offers. */
export const HOST_FILE = "src/util/host.ts";

/** Whether the library's rules hold for a file; tests, tools and examples are free. */
export function isLibrary(path: string): boolean {
  return /^(?:(?:src|generator|migrations|cli)\/|(?:mod|cli|bin)\.ts$)/.test(path);
}

/** The name of the room that a file of the library lies in, listed in `ROOMS` or not. */
export function roomOf(path: string): string {
  if (ROOMS.has(path)) return path;
  const [top = "", second] = path.split("/");
  if (second === undefined || top === "cli") return top;
  const inFolder = path.split("/").length > 2;
  if (top === "src") return `src/${second}`;
  return inFolder ? `${top}/${second}` : top;
}

/** Whether a file lies behind the wall. */
export function isWalled(path: string): boolean {
  return WALLED.has(roomOf(path));
}

/** Says why a file may not import another, by their paths from the root; undefined where it may. */
export function refusal(from: string, to: string): string | undefined {
  if (!isLibrary(from)) return undefined;
  const [room, target] = [roomOf(from), roomOf(to)];
  const rule = ROOMS.get(room);
  if (rule === undefined) return `${room} is no room of tools/ranks.ts`;
  if (!isLibrary(to)) return `${from} may not import ${to}, which is not published`;
  if (room === target || rule.may === "*") return undefined;
  if (rule.may.includes(target)) return undefined;
  return `${room} may not import ${target}`;
}

/** Circles of type imports that cannot be opened, each with its reason. */
export const TYPE_CIRCLES: readonly { readonly files: readonly string[]; readonly why: string }[] =
  [];
