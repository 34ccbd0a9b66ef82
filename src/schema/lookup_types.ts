/** The types of filters: which operators a column has follows from its kind. Types only. */
import type { Sql } from "../ast/sql.ts";
import type { ShapeOf } from "./keys.ts";
import type { FieldKind } from "./spec.ts";

/** A value that the server makes: an expression such as `F("createdAt")`. */
export interface ExpressionValue {
  /** Type only: the type of the value. */
  readonly $value: unknown;
}

/** A query that stands for the values that it gives. */
export interface QueryValue {
  /** Type only: marks a query. */
  readonly $query: true;
}

/** What the server makes: an expression or an SQL fragment. */
export type Computed = ExpressionValue | Sql;

/** Operators that every column has. */
export interface BaseLookup<Value> {
  /** Equal; `null` means `is null`. */
  readonly eq?: Value | Computed | null;
  /** Not equal; rows where the column is NULL match (IS DISTINCT FROM). */
  readonly ne?: Value | Computed | null;
  /** One of; an empty list matches nothing. */
  readonly in?: readonly Value[] | QueryValue;
  /** None of; rows where the column is NULL match. An empty list matches everything. */
  readonly notIn?: readonly Value[] | QueryValue;
  /** Whether the column is NULL. */
  readonly isNull?: boolean;
}

/** Operators of columns whose values have an order. */
export interface OrderedLookup<Value> extends BaseLookup<Value> {
  /** Greater than. */
  readonly gt?: Value | Computed;
  /** Greater than or equal. */
  readonly gte?: Value | Computed;
  /** Less than. */
  readonly lt?: Value | Computed;
  /** Less than or equal. */
  readonly lte?: Value | Computed;
  /** Between two values, both included. */
  readonly between?: readonly [Value, Value];
}

/** Operators of text columns. The text of all but `like`, `ilike`, `regex` and `iregex` is literal. */
export interface TextLookup<Value> extends OrderedLookup<Value> {
  /** Contains this text. */
  readonly contains?: string;
  /** Contains this text, in any case. */
  readonly icontains?: string;
  /** Starts with this text. */
  readonly startsWith?: string;
  /** Starts with this text, in any case. */
  readonly istartsWith?: string;
  /** Ends with this text. */
  readonly endsWith?: string;
  /** Ends with this text, in any case. */
  readonly iendsWith?: string;
  /** Equal in any case. */
  readonly iexact?: string;
  /** Matches a LIKE pattern. */
  readonly like?: string;
  /** Matches a LIKE pattern in any case. */
  readonly ilike?: string;
  /** Matches a POSIX regular expression. */
  readonly regex?: string;
  /** Matches a POSIX regular expression in any case. */
  readonly iregex?: string;
}

/** Operators of jsonb columns. */
export interface JsonLookup<Value> extends BaseLookup<Value> {
  /** Contains this value (`@>`). */
  readonly contains?: unknown;
  /** Is contained by this value (`<@`). */
  readonly containedBy?: unknown;
  /** Has this key at the top level. */
  readonly hasKey?: string;
  /** Has one of these keys. */
  readonly hasAnyKey?: readonly string[];
  /** Has all of these keys. */
  readonly hasAllKeys?: readonly string[];
}

/** Operators of array columns. */
export interface ArrayLookup<Value> extends OrderedLookup<Value> {
  /** Has all of these elements (`@>`). */
  readonly contains?: Value;
  /** Has no other elements than these (`<@`). */
  readonly containedBy?: Value;
  /** Shares an element with this list (`&&`). */
  readonly overlaps?: Value;
}

/** Operators of range and multirange columns. */
export interface RangeLookup<Value> extends OrderedLookup<Value> {
  /** Contains this range. */
  readonly contains?: Value;
  /** Is contained by this range. */
  readonly containedBy?: Value;
  /** Shares a point with this range. */
  readonly overlaps?: Value;
}

/** Operators of network address columns. */
export interface NetworkLookup<Value> extends OrderedLookup<Value> {
  /** The column's network contains this address or equals it (`>>=`). */
  readonly contains?: Value;
  /** The column's address is within this network or equals it (`<<=`). */
  readonly containedBy?: Value;
}

/** Operators of hstore columns. */
export interface HstoreLookup<Value> extends BaseLookup<Value> {
  /** Contains these pairs (`@>`). */
  readonly contains?: Value;
  /** Is contained by these pairs (`<@`). */
  readonly containedBy?: Value;
  /** Has this key. */
  readonly hasKey?: string;
  /** Has one of these keys. */
  readonly hasAnyKey?: readonly string[];
  /** Has all of these keys. */
  readonly hasAllKeys?: readonly string[];
}

/** Operators of tsvector columns. */
export interface SearchLookup<Value> extends BaseLookup<Value> {
  /** Matches a query in the words of a web search (`websearch_to_tsquery`). */
  readonly search?: string;
  /** Matches a query in the syntax of `to_tsquery`. */
  readonly matches?: string;
}

/** The operators by kind of column. */
export interface LookupTable<Value> {
  readonly text: TextLookup<Value>;
  readonly enum: OrderedLookup<Value>;
  readonly number: OrderedLookup<Value>;
  readonly boolean: BaseLookup<Value>;
  readonly date: OrderedLookup<Value>;
  readonly json: JsonLookup<Value>;
  readonly array: ArrayLookup<Value>;
  readonly range: RangeLookup<Value>;
  readonly vector: BaseLookup<Value>;
  readonly bytes: OrderedLookup<Value>;
  readonly uuid: OrderedLookup<Value>;
  readonly network: NetworkLookup<Value>;
  readonly search: SearchLookup<Value>;
  readonly hstore: HstoreLookup<Value>;
  readonly other: OrderedLookup<Value>;
}

type Scalar = string | number | bigint | boolean | Date | Uint8Array | readonly unknown[];

/** What a filter may say of one column: a value (equality), null, an SQL fragment, or operators. */
export type ColumnWhere<Kind extends FieldKind, Value> =
  | (Kind extends "json" ? Extract<Value, Scalar> : Value)
  | null
  | Computed
  | LookupTable<Value>[Kind];

type MemberWhere<Member> = Member extends
  { readonly $member: "column"; readonly $kind: infer Kind; readonly $write: infer Write }
  ? ColumnWhere<Kind & FieldKind, NonNullable<Write>> | ForeignWhere<Member>
  : ForeignWhere<Member>;

type ForeignWhere<Member> = Member extends
  { readonly $relation: infer Relation; readonly $target: infer Target } ? Relation extends "fk" ? {
      /** The referenced row exists and matches. */
      readonly is?: Where<ShapeOf<Target>>;
      /** The referenced row does not exist, or does not match. */
      readonly isNot?: Where<ShapeOf<Target>>;
    }
  : Relation extends "ifk" | "m2m" ? {
      /** At least one row matches. */
      readonly some?: Where<ShapeOf<Target>>;
      /** No row matches. */
      readonly none?: Where<ShapeOf<Target>>;
      /** Every row matches; true when there is none. */
      readonly every?: Where<ShapeOf<Target>>;
    }
  : never
  : never;

/** A filter: every entry must hold. */
export type WhereObject<Shape> = {
  readonly [Name in keyof Shape]?: MemberWhere<Shape[Name]>;
};

/** A filter as an object, a condition made by `Q`, or an SQL fragment. */
export type Where<Shape> = WhereObject<Shape> | Condition | Computed;

/** A condition made by `Q()`: conditions combine with `and`, `or` and `not`. */
export interface Condition {
  /** Marks a condition. */
  readonly $condition: true;
}
