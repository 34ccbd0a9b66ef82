/**
 * Code to database: migrations in files, what applies them and takes them back; what differs between
 * two catalogs, and the statements that bring one to the other.
 *
 * @module
 */
export { type Catalog, makeCatalog } from "../src/catalog/catalog.ts";
export type { CatalogObject, ObjectKind } from "../src/catalog/types.ts";
export { diff, type DiffOptions } from "./diff/diff.ts";
export type { Comparison } from "./diff/compare.ts";
export { reverseHints } from "./diff/renames.ts";
export { replay } from "./diff/replay.ts";
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
export { buildScript, plan } from "./plan/plan.ts";
export { emptyCatalog } from "./plan/empty.ts";
export type { Plan, PlanOptions, Step, StepKind } from "./plan/step.ts";
export { cacheSyncSql, type CacheSyncSqlOptions, cacheSyncTriggers } from "./declare/cache_sync.ts";
export { modelsIn, SqlObject, sqlObject, sqlObjectsIn, type SqlSource } from "./declare/objects.ts";
export {
  type Declaration,
  type DeclaredStatement,
  type DeclaringShadow,
  readDeclared,
  type ReadDeclaredOptions,
} from "./declare/read_declared.ts";
export { toCatalog, type ToCatalogOptions } from "./declare/to_catalog.ts";
export { readObjects, sqlFile } from "./objects/read.ts";
export { MissingExtensionError, type ShadowStatement } from "./shadow/load.ts";
export { normalise } from "./shadow/normalise.ts";
export {
  type LoadOptions,
  openShadow,
  Shadow,
  type ShadowOptions,
  withShadow,
} from "./shadow/shadow.ts";
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
export {
  createCacheSync,
  type CreateCacheSyncOptions,
  type CreatedCacheSync,
} from "./cache_sync.ts";
export { makemigrations } from "./makemigrations.ts";
export type { MadeStep, MakeMigrationsOptions, MakeMigrationsResult } from "./make/options.ts";
export type { DeclarationSources } from "./make/declaration.ts";
export type { ScopeOptions } from "./make/scope.ts";
export type { LikelyRename } from "./make/likely.ts";
export type { PlannedLoss } from "./make/losses.ts";
export type { ChangeSummary } from "./make/notes.ts";
export type { MigrationFormat } from "./file/text.ts";
export { type MigrationPreview, preview, type PreviewOptions } from "./apply/preview.ts";
export { lint, lintSql } from "./lint.ts";
export type { LintedFile, LintOptions, LintResult } from "./lint/lint.ts";
export type { Hazard, LintedStatement } from "./lint/script.ts";
export type { StatementFacts, StatementLock } from "./lint/facts.ts";
export type { HazardKind, HazardLevel } from "./lint/hazard.ts";
export type { HazardSetting, LintSettings } from "./lint/settings.ts";
export type { ColumnDef } from "./faces/objects.ts";
export { TableFilter, type TableFilterOptions } from "./faces/table_filter.ts";
export { IndexDef, type IndexDefKey, type IndexDefOptions } from "./faces/index_def.ts";
export {
  type ColumnChange,
  DDLGenerator,
  type DDLGeneratorOptions,
  type ForeignKeyOptions,
} from "./faces/ddl_generator.ts";
export { SchemaDiff, type SchemaDiffOptions, type SchemaOperation } from "./faces/schema_diff.ts";
export { migrateAndRebuild, type RebuildOptions, type RebuildResult } from "./rebuild.ts";
export { check, type CheckOptions, type CheckResult } from "./check.ts";
export type { ObjectDifference, PropertyDifference } from "./make/differences.ts";
export { type Difference, difference, type DifferenceOptions } from "./difference.ts";
export { merge, type MergeOptions, type MergeResult } from "./merge.ts";
export { squash, type SquashOptions, type SquashResult } from "./squash.ts";
export { baseline, type BaselineOptions, type BaselineResult } from "./baseline.ts";
