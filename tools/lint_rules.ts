/** Which hazards stand for the rules of the public lint cases, and where the project sees a case otherwise. */
import type { HazardKind } from "../migrations/lint/hazard.ts";

/** A case of the data. */
export interface LintCase {
  /** The rule that it is about, in its linter's words. */
  readonly rule: string;
  /** The case's name. */
  readonly test: string;
  /** Whether the rule is broken. */
  readonly expect: "ok" | "violation";
  readonly sql: string;
  /** The settings of the case, as source text. */
  readonly settings: string | null;
}

/** The hazards that a rule speaks of. */
export const RULES: Readonly<Record<string, readonly HazardKind[]>> = {
  AddingFieldWithDefault: ["column-default-rewrites"],
  AddingForeignKeyConstraint: ["foreign-key-locks"],
  AddingNotNullableField: ["not-null-scan"],
  AddingRequiredField: ["required-column"],
  AddingSerialPrimaryKeyField: ["constraint-builds-index"],
  BanAlterDomainWithAddConstraint: ["domain-check-scan"],
  BanCharField: ["char-column"],
  BanConcurrentIndexCreationInTransaction: ["not-in-transaction"],
  BanCreateDomainWithConstraint: ["domain-constraint"],
  BanDropDatabase: ["drop-database"],
  BanDropNotNull: ["drop-not-null"],
  BanDropTable: ["drop-table"],
  BanDuplicateColumnAssignments: ["duplicate-column"],
  BanTruncateCascade: ["truncate-cascade"],
  BanUncommittedTransaction: ["uncommitted-transaction"],
  ChangingColumnType: ["type-change"],
  ConstraintMissingNotValid: ["foreign-key-locks", "check-scan", "validate-in-transaction"],
  DisallowedUniqueConstraint: ["constraint-builds-index"],
  IdentifierTooLong: ["name-too-long"],
  PreferBigintOverInt: ["integer-column"],
  PreferBigintOverSmallint: ["smallint-column"],
  PreferIdentity: ["serial-column"],
  PreferRepack: ["table-rewrite"],
  PreferTextField: ["varchar-limit"],
  PreferTimestampTz: ["timestamp-without-zone"],
  RequireConcurrentIndexCreation: ["index-locks-writes"],
  RequireConcurrentIndexDeletion: ["index-drop-locks"],
  RequireConcurrentPartitionDetach: ["partition-detach-locks"],
  RequireConcurrentReindex: ["reindex-locks"],
  RequireEnumValueOrdering: ["enum-order"],
  RequireTableSchema: ["unqualified-table"],
  TransactionNesting: ["nested-transaction"],
};

const TIMEOUTS = "the runner sets lock_timeout for every statement, whatever the file says";

/** The rules that the project makes no claim about, and why. */
export const UNCLAIMED: Readonly<Record<string, string>> = {
  PreferRobustStmts:
    "the ledger knows which steps are done, so that no statement has to bear being run twice",
  RequireLockTimeout: TIMEOUTS,
  RequireStatementTimeout: TIMEOUTS,
  RequireTimeoutSettings: TIMEOUTS,
};

const VERSION_11 = "It is about PostgreSQL 11; the project is for 15 and later, where ";

/** Why the project sees a case otherwise; null = it has no reason to. */
export function disagreements({ test, settings, rule }: LintCase): string | null {
  if (/"11"\.parse/.test(settings ?? "")) {
    return rule.toLowerCase().includes("default")
      ? `${VERSION_11}a constant default writes no row`
      : `${VERSION_11}a validated check proves NOT NULL without a scan`;
  }
  if (test === "cluster_below_pg19_ok") {
    return "Its text is that of cluster_err, and CLUSTER locks and rewrites in every version; what " +
      "REPACK of PostgreSQL 19 changes is the better way, not the hazard";
  }
  return null;
}
