import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { toSnapshot } from "../src/catalog/snapshot.ts";
import { ConfigurationError } from "../src/errors/base.ts";
import { messageOf } from "../src/util/reason.ts";
import type { QualifiedName } from "./options.ts";
import {
  checkFilters,
  type DatabaseRead,
  type GenerateRequest,
  type GenerateResult,
  readDatabase,
  writeCode,
} from "./run.ts";

/** Where the snapshot lies inside the output folder. */
const SNAPSHOT_PATH = "generated/schema.json";

/** What a `SchemaManager` reads and writes. */
export type SchemaManagerOptions = GenerateRequest;

/**
 * Reads a registered database once and generates code and a snapshot from it.
 *
 * @example
 * ```ts
 * import { SchemaManager } from "@matrx/orm/generator";
 * import { embedded } from "@matrx/orm/testing";
 *
 * await using db = await embedded({ sql: "create table tags (id int primary key, label text)" });
 * const manager = new SchemaManager({ database: db.name, out: await Deno.makeTempDir() });
 * await manager.initialize();
 * await manager.schema.generateSchemaFiles();
 * await manager.schema.generateModels();
 * ```
 */
export class SchemaManager {
  readonly #options: SchemaManagerOptions;
  #schema: DatabaseSchema | undefined;

  /**
   * Makes a manager; reads nothing yet.
   *
   * @throws {ConfigurationError} tables are both included and excluded
   */
  constructor(options: SchemaManagerOptions = {}) {
    checkFilters(options);
    this.#options = options;
  }

  /**
   * Reads the database; a second call reads it anew.
   *
   * @throws {ConfigurationError} no such database is registered, or it lacks a schema
   * @throws {DatabaseError} the database cannot be reached or read
   */
  async initialize(): Promise<void> {
    this.#schema = schemaOf(await readDatabase(this.#options), this.#options);
  }

  /**
   * What was read.
   *
   * @throws {ConfigurationError} `initialize()` was not called, or not awaited
   */
  get schema(): DatabaseSchema {
    if (this.#schema !== undefined) return this.#schema;
    throw new ConfigurationError("Cannot use the schema: it is not read yet", {
      code: "not_initialized",
      hint: "Call and await initialize() first",
    });
  }
}

/** The structure of a database as it was read, and what can be made of it. */
export interface DatabaseSchema {
  /** The schemas that were read. */
  readonly names: readonly string[];
  /** The tables and views that the role may not select from: they get no model. */
  readonly unreadable: readonly QualifiedName[];
  /** What was read as JSON with a checksum: every object of the schemas, filters aside. */
  toSnapshot(): Promise<string>;
  /**
   * Writes the snapshot to `generated/schema.json` in the output folder, unless another file is
   * named; gives its path.
   *
   * @throws {ConfigurationError} the file cannot be written
   */
  generateSchemaFiles(path?: string): Promise<string>;
  /**
   * Generates the models.
   *
   * @throws {ConfigurationError} a filter matches nothing, the folder cannot be written, or generated
   * files in it were changed by hand
   */
  generateModels(): Promise<GenerateResult>;
}

function schemaOf(read: DatabaseRead, options: SchemaManagerOptions): DatabaseSchema {
  return {
    names: read.schemas,
    unreadable: read.unreadable,
    toSnapshot: () => toSnapshot(read.catalog),
    async generateSchemaFiles(path = join(options.out ?? "models", SNAPSHOT_PATH)) {
      await writeWhole(path, await toSnapshot(read.catalog));
      return path;
    },
    generateModels: () => writeCode(read, options),
  };
}

async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.matrx-new`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, text);
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw new ConfigurationError(
      `Cannot write ${path}: ${messageOf(cause)}`,
      {
        code: "unwritable_output",
        hint: "Check the rights on the folder",
        context: { path },
        cause,
      },
    );
  }
}
