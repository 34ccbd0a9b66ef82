/** A comparison or operation of two expressions, by meaning. */
export type BinaryOperator =
  | "eq"
  | "ne"
  | "gt"
  | "gte"
  | "lt"
  | "lte"
  | "distinct"
  | "like"
  | "ilike"
  | "regex"
  | "iregex"
  | "contains"
  | "containedBy"
  | "overlaps"
  | "hasKey"
  | "hasAnyKey"
  | "hasAllKeys"
  | "networkContains"
  | "networkContainedBy"
  | "matches"
  | "eqAny"
  | VectorOperator;

/** A distance between two vectors. */
export type VectorOperator = "cosine" | "l2" | "inner" | "l1" | "hamming" | "jaccard";
