import type { Sql } from "../ast/sql.ts";
import type { CachePolicy } from "../cache/policy.ts";
import type { Index } from "./index_spec.ts";
import type { ConstraintSpec } from "./spec.ts";

/** What a table is like beside its columns, constraints and indexes. */
export interface TableSettings {
  /** The comment in the database. */
  readonly comment?: string;
  /** Storage parameters, such as `fillfactor`; of a view its options, such as `security_barrier`. */
  readonly storage?: Readonly<Record<string, string | number | boolean>>;
  /** The tablespace; default: the database's. */
  readonly tablespace?: string;
  /** The table access method; default `heap`. */
  readonly accessMethod?: string;
  /** The index that CLUSTER uses, by name. */
  readonly clusterOn?: string;
}

/** What only a table can be, and no view. */
export interface OwnTableSettings extends TableSettings {
  /** True for UNLOGGED. */
  readonly unlogged?: boolean;
  /** The foreign server and its options, for a foreign table. */
  readonly foreign?: {
    readonly server: string;
    readonly options?: Readonly<Record<string, string>>;
  };
  /** What logical replication writes of an old row; default: the primary key. */
  readonly replicaIdentity?: "nothing" | "full" | { readonly index: string };
  /**
   * `true` enables row level security, `"force"` also for the owner; `"forced when enabled"` keeps it
   * off and lets it be for the owner too once it is on.
   */
  readonly rowSecurity?: boolean | "force" | "forced when enabled";
}

/** A partition of a partitioned table. */
export interface PartitionOptions extends OwnTableSettings {
  /** The partition's own table name. */
  readonly table: string;
  /** Its schema; default: the model's. */
  readonly schema?: string;
  /** `FOR VALUES …` or `DEFAULT`, as PostgreSQL prints it. */
  readonly bound: Sql;
  /** The names of its columns in their order, where that is not the parent's. */
  readonly columns?: readonly string[];
  /** How it is partitioned further; none by default. */
  readonly partitionBy?: Sql;
  /** Its own partitions. */
  readonly partitions?: readonly PartitionOptions[];
}

/** Options of a model of a view or materialized view. */
export interface ViewModelOptions extends TableSettings {
  /** The schema; default `public`; `null` lets the search path decide. */
  readonly schema?: string | null;
  /** The registered database; default: the first one registered. */
  readonly database?: string;
  /** How long its rows may be cached; default: what its database says, else `off`. */
  readonly cache?: CachePolicy;
  /** How long its rows may be cached, in seconds; wins over `cache`. */
  readonly cacheTimeout?: number;
  /** Indexes of a materialized view. */
  readonly indexes?: readonly Index[];
}

/** The names of the options; one that is added has to be added here. */
export const MODEL_OPTIONS: readonly string[] = Object.keys(
  {
    ...{ schema: true, database: true, comment: true, cache: true, cacheTimeout: true },
    ...{ indexes: true, storage: true, tablespace: true, accessMethod: true, clusterOn: true },
    ...{ primaryKey: true, softDelete: true, constraints: true, partitionBy: true },
    ...{ partitions: true, inherits: true, unlogged: true, inherited: true, ofType: true },
    ...{ foreign: true, replicaIdentity: true, rowSecurity: true },
  } satisfies Record<keyof ModelOptions, true>,
);

/** Options of a model of a table. */
export interface ModelOptions extends ViewModelOptions, OwnTableSettings {
  /** The properties of a composite primary key. */
  readonly primaryKey?: readonly string[];
  /**
   * The nullable timestamp that a delete sets in place of deleting the row; `true` means `deletedAt`.
   * Reads leave such rows out then, unless `withDeleted()` asks for them.
   */
  readonly softDelete?: string | true;
  /** Constraints beyond those of single columns: `unique`, `check`, `primaryKey`, `constraint`. */
  readonly constraints?: readonly ConstraintSpec[];
  /** `LIST (…)`, `RANGE (…)` or `HASH (…)`. */
  readonly partitionBy?: Sql;
  /** The partitions that belong to the declaration. */
  readonly partitions?: readonly PartitionOptions[];
  /** Parents by INHERITS, as schema and table. */
  readonly inherits?: readonly (readonly [schema: string, table: string])[];
  /** The properties that come from the parents alone and are not declared on the table itself. */
  readonly inherited?: readonly string[];
  /** The composite type that the table is OF, as schema and name. */
  readonly ofType?: readonly [schema: string, name: string];
}
