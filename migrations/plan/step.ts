import type { DdlStatement } from "../ddl/statement.ts";

/** What a step is for. */
export type StepKind = "create" | "drop" | "alter" | "rename" | "validate" | "data" | "setting";

/** One statement of a plan. */
export interface Step extends DdlStatement {
  readonly kind: StepKind;
  /** The identity of the object that it is about; empty for a setting. */
  readonly object: string;
}

/** Statements that bring one catalog to another, in order. */
export interface Plan {
  readonly steps: readonly Step[];
}

/** How changes are made. */
export interface PlanOptions {
  /**
   * Whether to prefer forms that let others go on working: indexes CONCURRENTLY, constraints NOT
   * VALID and then validated. Default true; false gives the plain forms, all in one transaction where
   * PostgreSQL allows it.
   */
  readonly safe?: boolean | undefined;
  /** Whether owners are set; default true. */
  readonly owners?: boolean | undefined;
  /** The role that runs the plan: what it makes is its own without a word. Default: not known. */
  readonly role?: string | undefined;
}
