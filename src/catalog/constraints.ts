import type { OnTable } from "./base.ts";

/** When a deferrable constraint is checked; null = not deferrable. */
export type Deferrable = "initially immediate" | "initially deferred" | null;

/** What every constraint has. */
export interface ConstraintBase extends OnTable {
  readonly kind: "constraint";
  readonly deferrable: Deferrable;
  /** False for NOT VALID. */
  readonly validated: boolean;
  /** False for NOT ENFORCED (18). */
  readonly enforced: boolean;
  /** Whether it is declared on this table itself (false = inherited or of a partition's parent). */
  readonly local: boolean;
  /** The whole definition as `pg_get_constraintdef` prints it. */
  readonly definition: string;
}

/** A primary key or unique constraint. */
export interface KeyConstraint extends ConstraintBase {
  readonly type: "primary" | "unique";
  readonly columns: readonly string[];
  readonly include: readonly string[];
  readonly nullsNotDistinct: boolean;
  /** WITHOUT OVERLAPS on the last column (18). */
  readonly withoutOverlaps: boolean;
  /** Storage parameters of the index behind it. */
  readonly storage: Readonly<Record<string, string>>;
  /** The tablespace of the index behind it; null = the database's own. */
  readonly tablespace: string | null;
  /** The comment on the index behind it; null = none. */
  readonly indexComment: string | null;
}

/** What happens to referencing rows. */
export type ReferentialAction = "no action" | "restrict" | "cascade" | "set null" | "set default";

/** A foreign key. */
export interface ForeignConstraint extends ConstraintBase {
  readonly type: "foreign";
  readonly columns: readonly string[];
  readonly references: {
    readonly schema: string;
    readonly table: string;
    readonly columns: readonly string[];
  };
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  /** The columns of ON DELETE SET NULL (…) / SET DEFAULT (…); empty = all. */
  readonly onDeleteColumns: readonly string[];
  readonly match: "simple" | "full";
  /** PERIOD on the last column (18). */
  readonly period: boolean;
}

/** A check constraint. */
export interface CheckConstraint extends ConstraintBase {
  readonly type: "check";
  /** The expression as printed, without the surrounding CHECK ( ). */
  readonly expression: string;
  readonly columns: readonly string[];
  readonly noInherit: boolean;
}

/** An exclusion constraint. */
export interface ExclusionConstraint extends ConstraintBase {
  readonly type: "exclusion";
  /** The tablespace of the index behind it; null = the database's own. */
  readonly tablespace: string | null;
  /** The comment on the index behind it; null = none. */
  readonly indexComment: string | null;
}

/** A NOT NULL constraint with a name of its own or special state (18); plain NOT NULL is on the column. */
export interface NotNullConstraint extends ConstraintBase {
  readonly type: "not null";
  readonly columns: readonly string[];
  readonly noInherit: boolean;
}

/** Any constraint. */
export type ConstraintObject =
  | KeyConstraint
  | ForeignConstraint
  | CheckConstraint
  | ExclusionConstraint
  | NotNullConstraint;
