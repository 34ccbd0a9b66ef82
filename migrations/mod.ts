/**
 * Code to database: migrations in files, what applies them and takes them back; what differs between
 * two catalogs, and the statements that bring one to the other.
 *
 * @module
 */
export { type Catalog, makeCatalog } from "../src/catalog/catalog.ts";
export type { CatalogObject, ObjectKind } from "../src/catalog/types.ts";
export type { Alter, Change, Create, Drop, Rebuild, Rename } from "./diff/change.ts";
export type {
  Hints,
  LabelRename,
  ObjectRename,
  PartRename,
  RenameHint,
  SchemaRename,
} from "./diff/hints.ts";
export type { DdlStatement, Lock, LockMode, Loss } from "./ddl/statement.ts";
export type { Plan, PlanOptions, Step, StepKind } from "./plan/step.ts";
export type {
  Migration,
  MigrationDb,
  MigrationFunction,
  MigrationModule,
  MigrationValue,
} from "./file/db.ts";
export { loadMigrations } from "./file/load.ts";
export type { MigrationEvent, OnMigrationEvent, SessionInfo } from "./apply/events.ts";
export type { HistoryOptions, RunOptions } from "./apply/options.ts";
export {
  migrate,
  type MigrateOptions,
  type MigrateResult,
  type RanMigration,
} from "./apply/migrate.ts";
export { rollback, type RollbackOptions, type RollbackResult } from "./apply/rollback.ts";
export {
  type MigrationState,
  type MigrationStatus,
  status,
  type StatusResult,
} from "./apply/status.ts";
export { type CreatedMigration, createEmpty, type CreateEmptyOptions } from "./empty.ts";
export type { MigrationFormat } from "./file/text.ts";
export { type MigrationPreview, preview, type PreviewOptions } from "./apply/preview.ts";
