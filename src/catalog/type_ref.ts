/** A PostgreSQL data type as a column names it. Domains and enums are named, not resolved. */
export interface TypeRef {
  /** The type's schema; `"pg_catalog"` for built-in types, `null` where the search path decides (extensions). */
  readonly schema: string | null;
  /** The type's own name as in `pg_type.typname`, without brackets: `int4`, `timestamptz`, `order_status`. */
  readonly name: string;
  /**
   * Modifiers as written between the parentheses: `numeric(12,2)` has `["12", "2"]`; none: empty. Only
   * an interval's fields stand outside them: `interval day to second(3)` has `["day to second", "3"]`.
   */
  readonly modifiers: readonly string[];
  /** Number of array dimensions declared; 0 = not an array. */
  readonly dimensions: number;
}
