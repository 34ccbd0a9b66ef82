import type { Sql } from "../ast/sql.ts";
import type { CachePolicy } from "../cache/policy.ts";
import type { Index } from "./index_spec.ts";
import type { ConstraintSpec } from "./spec.ts";

/** A partition of a partitioned table. */
export interface PartitionOptions {
  /** The partition's own table name. */
  readonly table: string;
  /** Its schema; default: the model's. */
  readonly schema?: string;
  /** `FOR VALUES …` or `DEFAULT`, as PostgreSQL prints it. */
  readonly bound: Sql;
  /** How it is partitioned further; none by default. */
  readonly partitionBy?: Sql;
  /** Its own partitions. */
  readonly partitions?: readonly PartitionOptions[];
}

/** Options of a model of a view or materialized view. */
export interface ViewModelOptions {
  /** The schema; default `public`; `null` lets the search path decide. */
  readonly schema?: string | null;
  /** The registered database; default: the first one registered. */
  readonly database?: string;
  /** The comment in the database. */
  readonly comment?: string;
  /** How long its rows may be cached; default: what its database says, else `off`. */
  readonly cache?: CachePolicy;
  /** How long its rows may be cached, in seconds; wins over `cache`. */
  readonly cacheTimeout?: number;
  /** Indexes of a materialized view. */
  readonly indexes?: readonly Index[];
  /** Storage parameters, such as `fillfactor`; of a view its options, such as `security_barrier`. */
  readonly storage?: Readonly<Record<string, string | number | boolean>>;
  /** The tablespace; default: the database's. */
  readonly tablespace?: string;
  /** The table access method; default `heap`. */
  readonly accessMethod?: string;
  /** The index that CLUSTER uses, by name. */
  readonly clusterOn?: string;
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
export interface ModelOptions extends ViewModelOptions {
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
  /** True for UNLOGGED. */
  readonly unlogged?: boolean;
  /** The properties that come from the parents alone and are not declared on the table itself. */
  readonly inherited?: readonly string[];
  /** The composite type that the table is OF, as schema and name. */
  readonly ofType?: readonly [schema: string, name: string];
  /** The foreign server and its options, for a foreign table. */
  readonly foreign?: {
    readonly server: string;
    readonly options?: Readonly<Record<string, string>>;
  };
  /** What logical replication writes of an old row; default: the primary key. */
  readonly replicaIdentity?: "nothing" | "full" | { readonly index: string };
  /** `true` enables row level security, `"force"` also for the owner. */
  readonly rowSecurity?: boolean | "force";
}
