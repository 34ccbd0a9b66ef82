/** What `--json` prints, by command: parts of the command table. */

/**
 * A value of JSON: a type of TypeScript in words, a list of one kind of values, or an object by its keys.
 * A `?` behind a key says that it may be missing.
 */
export type JsonShape = string | readonly [JsonShape] | { readonly [key: string]: JsonShape };

/** What a command prints, by what it is called with: empty = nothing that matters. */
export type JsonShapes = Readonly<Record<string, JsonShape>>;

const FILES: JsonShape = [{
  path: "string",
  action: '"create" | "replace" | "keep" | "remove" | "write-once" | "conflict"',
}];
const MODELS: JsonShape = [{
  schema: "string",
  table: "string",
  className: "string",
  file: "string",
}];
const TABLES: JsonShape = [{ schema: "string", name: "string" }];
const RAN: JsonShape = [{ name: "string", durationMs: "number" }];
const DIFFERENCES: JsonShape = [{
  kind: "string",
  object: "string",
  state: '"missing" | "extra" | "changed"',
  properties: [{ property: "string", found: "unknown", wanted: "unknown" }],
}];
const CHANGES: JsonShape = [{
  action: '"create" | "drop" | "alter" | "rebuild" | "rename"',
  kind: "string",
  object: "string",
  from: "string | null",
}];
const STEPS: JsonShape = [{
  sql: "string",
  lock: "{ mode, relation } | null",
  rewrites: "boolean",
  scans: "boolean",
  destroys: "string | null",
  notes: "string[]",
}];
const FACTS: JsonShape = {
  locks: [{ mode: "string", relation: "string" }],
  rewrites: "boolean",
  scans: "boolean",
  loses: "string | null",
  transactional: "boolean",
};
const HAZARDS: JsonShape = [{
  kind: "string",
  level: '"error" | "warning" | "notice"',
  what: "string",
  why: "string",
  instead: "string",
  line: "number",
  accepted: "string | null",
}];
const GENERATED = {
  database: "string",
  serverVersion: "number",
  schemas: "string[]",
  out: "string",
  dryRun: "boolean",
  counts: {
    tables: "number",
    views: "number",
    enums: "number",
    types: "number",
    foreignKeys: "number",
    inverseForeignKeys: "number",
    manyToMany: "number",
  },
  models: MODELS,
  sharedNames: [{ className: "string", models: MODELS }],
  files: FILES,
  objects: "{ folder, files } | null",
  unreadable: TABLES,
  elsewhere: [{ schema: "string", tables: "number" }],
  unmodelled: "Record<string, number>",
  notes: [{
    "code": "string",
    schema: "string",
    table: "string",
    name: "string | null",
    message: "string",
  }],
  orphans: [{ path: "string", why: '"dropped" | "out_of_scope" | "unwanted" | "stale"' }],
  renamed: [{
    schema: "string",
    table: "string",
    what: '"class" | "relation"',
    from: "string",
    to: "string",
  }],
  seconds: "number",
} as const satisfies JsonShape;
const DRY_RUN: JsonShape = {
  dryRun: "true",
  migrations: [{
    name: "string",
    direction: '"up" | "down"',
    transaction: "boolean",
    statements: "string[]",
    stopped: "string | null",
    "facts?": [FACTS],
  }],
};
const WRITTEN = { name: "string", files: "string[]" } as const satisfies JsonShape;

/** The commands. */
type Name =
  | "init"
  | "generate"
  | "diagram"
  | "doctor"
  | "completions"
  | "permissions"
  | "makemigrations"
  | "migrate"
  | "rollback"
  | "rebuild"
  | "status"
  | "check"
  | "diff"
  | "lint"
  | "empty";

/** What each command prints. */
export const SHAPES: Readonly<Record<Name, JsonShapes>> = {
  init: {
    "": {
      dryRun: "boolean",
      files: [{ path: "string", action: '"create" | "left"' }],
      next: "string[]",
    },
  },
  generate: { "": GENERATED },
  diagram: { "": { file: "string", format: "string", tables: "number", foreignKeys: "number" } },
  doctor: {
    "": {
      problems: "number",
      warnings: "number",
      findings: [{
        check: "string",
        status: '"ok" | "warning" | "problem"',
        found: "string",
        advice: "string | null",
        objects: "string[]",
      }],
    },
  },
  // the script is the output, with the option too
  completions: {},
  permissions: {
    "": {
      command: "string",
      line: "string",
      flags: "string[]",
      permissions: "Record<string, object>",
      bySet: "string",
    },
  },
  makemigrations: {
    "": {
      name: "string | null",
      files: "string[]",
      dryRun: "boolean",
      dependencies: "string[]",
      transaction: "boolean",
      changes: CHANGES,
      up: STEPS,
      down: STEPS,
      losses: [{ object: "string", what: "string", rows: "number | null" }],
      unmanaged: "string[]",
      warnings: "string[]",
      shadow: '"embedded" | "server"',
    },
    "--merge": { ...WRITTEN, dependencies: "string[]" },
    "--squash": {
      ...WRITTEN,
      replaces: "string[]",
      dependencies: "string[]",
      planned: "boolean",
      reversible: "boolean",
    },
    "--baseline": { ...WRITTEN, unmodelled: "string[]" },
  },
  migrate: {
    "": { applied: RAN, recorded: "string[]", outOfOrder: "string[]", durationMs: "number" },
    "--dry-run": DRY_RUN,
  },
  rollback: {
    "": { rolledBack: RAN, durationMs: "number" },
    "--dry-run": DRY_RUN,
  },
  rebuild: {
    "": {
      applied: RAN,
      recorded: "string[]",
      outOfOrder: "string[]",
      durationMs: "number",
      generated: "object | null",
    },
  },
  status: {
    "": {
      migrations: [{
        name: "string",
        state: "string",
        appliedAt: "string | null",
        durationMs: "number | null",
        steps: "number",
        dependencies: "string[]",
        reversible: "boolean",
      }],
      pending: "number",
      invalidIndexes: "string[]",
    },
  },
  check: {
    "": {
      same: "boolean",
      pending: "string[]",
      changed: "string[]",
      missing: "string[]",
      drift: "object[] | null",
      undeclared: DIFFERENCES,
      unmanaged: "string[]",
      warnings: "string[]",
    },
  },
  diff: { "": { same: "boolean", changes: CHANGES, steps: STEPS, warnings: "string[]" } },
  lint: {
    "": {
      files: [{
        file: "string",
        migration: "string | null",
        direction: '"up" | "down" | null',
        transaction: "boolean",
        statements: [{ sql: "string", line: "number", facts: FACTS, hazards: HAZARDS }],
        hazards: HAZARDS,
      }],
      counts: { error: "number", warning: "number", notice: "number", accepted: "number" },
    },
  },
  empty: {
    "": WRITTEN,
    "--cache-sync": { ...WRITTEN, up: "string[]", down: "string[]" },
  },
};
