/**
 * Database to code: reads the structure of a PostgreSQL database and writes typed models for it.
 *
 * @module
 */
export {
  type ConfiguredDatabase,
  defineConfig,
  type GenerateConfig,
  type LintConfig,
  type MatrxConfig,
} from "./config.ts";
export type { Note } from "./emit/notes.ts";
export type {
  Capabilities,
  Connection,
  Driver,
  Param,
  ResultColumn,
  Rows,
  RunOptions,
  Statement,
} from "../src/driver/port.ts";
export type { DatabaseConfig, QueryEvent, ReplicaConfig } from "../src/execute/database_config.ts";
export type { QueryOrigin } from "../src/execute/origin.ts";
export type { GeneratedModel, GenerationCounts } from "./generate.ts";
export type {
  Casing,
  ManagerGroup,
  ManagerOptions,
  ManagerTableOptions,
  QualifiedName,
} from "./options.ts";
export type { Renamed } from "./memory.ts";
export type { FileAction, Orphan } from "./plan.ts";
export {
  generate,
  type GenerateRequest,
  type GenerateResult,
  type Phase,
  type ReadOptions,
  type SharedName,
  type WriteOptions,
} from "./run.ts";
export { type DatabaseSchema, SchemaManager, type SchemaManagerOptions } from "./schema_manager.ts";
