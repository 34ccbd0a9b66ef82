/**
 * An async ORM for PostgreSQL on Deno, Deno Deploy, Node and Bun.
 *
 * Declare models, or generate them from a database, register a database, and query.
 *
 * @example
 * ```ts
 * import { model, registerDatabase, text, uuid } from "@matrx/orm";
 *
 * registerDatabase({ name: "main", url: "pglite://memory" });
 *
 * class Customer extends model("customers", { id: uuid().primaryKey(), name: text() }) {}
 * const found = Customer.filter({ name: { startsWith: "A" } }).orderBy("name").limit(10);
 * console.log(found.toSql().text);
 * ```
 *
 * @module
 */
export type { VectorOperator } from "./src/ast/operators.ts";
export { Sql, sql, SqlIdentifier, type SqlTag, SqlValue } from "./src/ast/sql.ts";
export { memoryStore, type MemoryStoreOptions } from "./src/cache/memory.ts";
export type { CachePolicy } from "./src/cache/policy.ts";
export type {
  CachedRow,
  CacheMiss,
  CachePlace,
  CacheStore,
  StoreReport,
} from "./src/cache/store.ts";
export type { TypeRef } from "./src/catalog/type_ref.ts";
export type { Deferrable, ReferentialAction } from "./src/catalog/constraints.ts";
export type { AnyCodec, Codec } from "./src/codec/codec.ts";
export type { ArrayValue } from "./src/codec/array.ts";
export type { ArrayInput } from "./src/codec/array_text.ts";
export type { Point } from "./src/codec/geometry.ts";
export type { IntervalInput } from "./src/codec/interval.ts";
export type { Range, RangeInput } from "./src/codec/range.ts";
export type { SparseVector } from "./src/codec/vector.ts";
export {
  closeAll,
  closeDatabase,
  connectionString,
  databaseNames,
  type EnvironmentKey,
  type EnvironmentOptions,
  registerDatabase,
  registerDatabaseFromEnv,
  withDatabase,
} from "./src/connect.ts";
export type {
  Capabilities,
  Connection,
  Driver,
  DriverOptions,
  HeldConnection,
  Param,
  ResultColumn,
  Rows,
  RunOptions,
  Statement,
} from "./src/driver/port.ts";
export {
  ConfigurationError,
  DoesNotExistError,
  type ErrorOptions,
  FieldError,
  type Issue,
  MultipleObjectsReturnedError,
  OptimisticLockError,
  OrmError,
  QueryError,
  RelationError,
  TransactionError,
  ValidationError,
  type ValidationErrorOptions,
} from "./src/errors/base.ts";
export {
  CanceledError,
  CheckViolationError,
  ConnectionError,
  DatabaseError,
  type DatabaseErrorFields,
  DataError,
  DeadlockError,
  ExclusionViolationError,
  type FailedStatement,
  ForeignKeyViolationError,
  IntegrityError,
  NotNullViolationError,
  type Outcome,
  PermissionError,
  ReadOnlyError,
  SerializationError,
  SqlSyntaxError,
  TimeoutError,
  UndefinedObjectError,
  UniqueViolationError,
} from "./src/errors/database.ts";
export { Redacted } from "./src/errors/redact.ts";
export { databaseError } from "./src/errors/server.ts";
export type { ErrorFamily, SqlstateRow } from "./src/errors/sqlstate.ts";
export type {
  DatabaseConfig,
  QueryEvent,
  ReplicaConfig,
  ResolvedConfig,
  WarningEvent,
} from "./src/execute/database_config.ts";
export { redactUrl } from "./src/execute/url.ts";
export type { CommitHook, SavepointOptions } from "./src/execute/handle.ts";
export { type Database, Databases, type OpenDriver } from "./src/execute/registry.ts";
export type { Caller, QueryOrigin } from "./src/execute/origin.ts";
export { runScript, type ScriptOptions } from "./src/execute/script.ts";
export { readAfter, type Session, type Using, writeToken } from "./src/execute/session.ts";
export {
  type IsolationLevel,
  type Transaction,
  transaction,
  type TransactionOptions,
} from "./src/execute/transaction.ts";
export type { CacheStatistics, ReadOptions } from "./src/model/cache/contract.ts";
export {
  type CachedModel,
  StateManager,
  type StateOptions,
} from "./src/model/cache/state_manager.ts";
export { materializedViewModel, model, viewModel } from "./src/model/model.ts";
export type { ModelInstance, ReadOnlyInstance, TieInput } from "./src/model/instance_types.ts";
export { type Signals, signals } from "./src/model/signals.ts";
export type {
  AfterBulkCreateEvent,
  AfterBulkDeleteEvent,
  AfterBulkUpdateEvent,
  AfterDeleteWhereEvent,
  AfterM2mChangeEvent,
  AfterSaveEvent,
  AfterUpdateWhereEvent,
  AfterUpsertEvent,
  BeforeBulkCreateEvent,
  BeforeBulkDeleteEvent,
  BeforeBulkUpdateEvent,
  BeforeDeleteWhereEvent,
  BeforeM2mChangeEvent,
  BeforeSaveEvent,
  BeforeUpdateWhereEvent,
  BeforeUpsertEvent,
  DeleteEvent,
  ListenAfterOptions,
  ListenOptions,
  ListenOptionsOf,
  Signal,
  SignalEvents,
  SignalHandler,
  SignalName,
  SignalValues,
  WriteEvent,
} from "./src/model/signal_types.ts";
export type { RawOptions } from "./src/model/raw.ts";
export type {
  BulkCreateOptions,
  BulkUpsertOptions,
  Created,
  InstanceSource,
  MaterializedViewModelClass,
  ModelClass,
  ModelStatics,
  ReadOnlyStatics,
  UpsertOptions,
  ViewModelClass,
} from "./src/model/types.ts";
export { manager } from "./src/model/manager/manager.ts";
export type {
  CallOptions,
  EveryRelation,
  InputSchemas,
  ItemWith,
  ListOptions,
  Manager,
  ManagerClass,
  ManagerKey,
  ManagerOptions,
  ReadManager,
  ReadManagerClass,
  ViewOrNone,
  Wanted,
  WantedTree,
  WritableSource,
} from "./src/model/manager/types.ts";
export { BaseDTO } from "./src/model/view/dto.ts";
export { view } from "./src/model/view/view.ts";
export type {
  AnyView,
  ComputedFields,
  DICT,
  DictValue,
  InlinedFields,
  InlineFk,
  LoadedTree,
  RECIPE,
  RecipeTypes,
  RowSource,
  ShapedBy,
  ShapedOutput,
  ShapedRow,
  ViewClass,
  ViewDict,
  ViewInstance,
  ViewOptions,
  ViewPrefetch,
} from "./src/model/view/types.ts";
export { Page, type Pageable, Paginator, type PaginatorOptions } from "./src/query/paginator.ts";
export { type ConditionInput, type ConditionTree, Q, QCondition } from "./src/query/condition.ts";
export {
  type AggregateOptions,
  arrayAgg,
  avg,
  boolAnd,
  boolOr,
  count,
  jsonAgg,
  max,
  min,
  stddev,
  stringAgg,
  sum,
  type SumType,
  variance,
} from "./src/query/expr/aggregates.ts";
export { type CaseBranch, CaseExpr, caseWhen, type OperandType } from "./src/query/expr/case.ts";
export { ExprOrder } from "./src/query/expr/computed.ts";
export { CTE, type CteOptions } from "./src/query/expr/cte.ts";
export {
  type Argument,
  excluded,
  exists,
  Expr,
  F,
  type NullsOptions,
  type Operand,
  outerRef,
  type SameAs,
  subquery,
  type Subqueryable,
  value,
  type Wide,
} from "./src/query/expr/expr.ts";
export {
  abs,
  type ArgumentType,
  cast,
  coalesce,
  concat,
  type DatePart,
  dateTrunc,
  extract,
  fn,
  greatest,
  least,
  length,
  lower,
  now,
  nullif,
  round,
  trim,
  upper,
} from "./src/query/expr/functions.ts";
export { vectorDistance } from "./src/query/expr/vectors.ts";
export {
  cumeDist,
  denseRank,
  firstValue,
  type FrameEnd,
  type FrameOptions,
  lag,
  lastValue,
  lead,
  nthValue,
  ntile,
  percentRank,
  rank,
  rowNumber,
  window,
  type WindowOptions,
} from "./src/query/expr/windows.ts";
export type {
  Annotated,
  DeleteOptions,
  ExplainOptions,
  Expressions,
  JoinSpec,
  KeysetPage,
  KnownNames,
  LockOptions,
  NearestOptions,
  OrderTerm,
  PartialRow,
  Prefetch,
  Query,
  RelatedOrderTerm,
  SampleOptions,
  StreamOptions,
  UnknownColumn,
  UpdateValues,
  ValueOf,
  ValuesOf,
  VectorName,
  WithDistance,
} from "./src/query/types.ts";
export { json, jsonb, tsquery, tsvector, xml } from "./src/schema/document_factories.ts";
export {
  citext,
  halfvec,
  hstore,
  ltree,
  sparsevec,
  vector,
} from "./src/schema/extension_factories.ts";
export {
  bigint,
  bit,
  boolean,
  bytea,
  char,
  cidr,
  decimal,
  doublePrecision,
  inet,
  integer,
  macaddr,
  macaddr8,
  money,
  point,
  real,
  smallint,
  text,
  uuid,
  varbit,
  varchar,
  version,
} from "./src/schema/factories.ts";
export { type AnyField, Field, type Optional } from "./src/schema/field.ts";
export { foreignKey, ForeignKeyField } from "./src/schema/foreign_key.ts";
export {
  check,
  type CheckOptions,
  constraint,
  type ConstraintIndexOptions,
  Index,
  index,
  type IndexKeyInput,
  type IndexKeyOptions,
  type IndexMethodOptions,
  type KeyOptions,
  primaryKey,
  unique,
} from "./src/schema/index_spec.ts";
export type {
  AllRelated,
  AnyMember,
  ColumnName,
  Columns,
  ForeignKeyName,
  GeneratedColumns,
  GeneratedName,
  Insert,
  InsertOf,
  InverseName,
  ManyToManyName,
  ModelShape,
  NestedRelated,
  NullOf,
  ReadOf,
  RelatedOf,
  RelatedValue,
  RelationName,
  RelationNameOf,
  Row,
  RowOf,
  TargetOf,
  Update,
  UpdateOf,
  WithInsert,
  WithRelated,
  WritableColumns,
  WritableName,
  WriteOf,
} from "./src/schema/infer.ts";
export type { HasShape, KeyOf, KeyOfShape, KeyWriteOf, SHAPE, ShapeOf } from "./src/schema/keys.ts";
export type {
  ArrayLookup,
  BaseLookup,
  BoundOf,
  ColumnWhere,
  Computed,
  Condition,
  CountLookup,
  ElementOf,
  ExpressionValue,
  ForeignWhere,
  HstoreLookup,
  JsonLookup,
  JsonPathLookup,
  LookupTable,
  MemberWhere,
  NetworkLookup,
  OrderedLookup,
  QueryValue,
  RangeLookup,
  Scalar,
  SearchLookup,
  SearchQuery,
  TextLookup,
  VectorLookup,
  Where,
  WhereObject,
} from "./src/schema/lookup_types.ts";
export { ColumnMeta, type ModelKind, ModelMeta, type ModelRef } from "./src/schema/meta.ts";
export type { ModelOptions, PartitionOptions, ViewModelOptions } from "./src/schema/options.ts";
export {
  datemultirange,
  daterange,
  int4multirange,
  int4range,
  int8multirange,
  int8range,
  nummultirange,
  numrange,
  tsmultirange,
  tsrange,
  tstzmultirange,
  tstzrange,
} from "./src/schema/range_factories.ts";
export {
  compositeForeignKey,
  type CompositeForeignKeyOptions,
  inverseForeignKey,
  manyToMany,
  type ManyToManyOptions,
  Relation,
} from "./src/schema/relation.ts";
export { RESERVED_NAMES } from "./src/schema/reserved.ts";
export type {
  ColumnStorage,
  CompositeSpec,
  ConstraintIndexSpec,
  ConstraintSpec,
  DefaultSpec,
  FieldKind,
  FieldSpec,
  ForeignKeyOptions,
  IdentityOptions,
  IndexKeySpec,
  IndexSpec,
  InsertMode,
  InverseSpec,
  ManyToManySpec,
  ModelThunk,
  ReferenceSpec,
  RelationKind,
  RelationSpec,
  Role,
  TypeParts,
} from "./src/schema/spec.ts";
export type {
  SchemaInput,
  SchemaOutput,
  StandardIssue,
  StandardProps,
  StandardResult,
  StandardSchema,
  StandardTypes,
} from "./src/schema/standard.ts";
export {
  date,
  interval,
  time,
  timestamp,
  timestampText,
  timestamptz,
  timestamptzText,
  timetz,
} from "./src/schema/time_factories.ts";
export {
  array,
  composite,
  type CompositeInput,
  type CompositeValue,
  customType,
  domain,
  type DomainOptions,
  enumeration,
  multirange,
  range,
  type TypeOptions,
} from "./src/schema/type_factories.ts";
