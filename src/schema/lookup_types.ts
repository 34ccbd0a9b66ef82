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
  /** A JSON path finds something: `$.tags[*] ? (@ == "x")`. Its variables go beside it. */
  readonly jsonPath?: string | {
    readonly path: string;
    readonly vars: Readonly<Record<string, unknown>>;
  };
  /** A JSON path that is a predicate gives true: `$.n > 1`. */
  readonly jsonPathMatches?: string;
}

/** Operators of the value at a path inside a jsonb column: `{ path: ["a", 0], eq: 1 }`. */
export interface JsonPathLookup {
  /** The keys and positions that lead to the value. */
  readonly path: readonly (string | number)[];
  /** Equal, also in type; `null` means nothing there, or a JSON null. */
  readonly eq?: unknown;
  /** Not equal; rows with nothing there match. */
  readonly ne?: unknown;
  /** One of; an empty list matches nothing. */
  readonly in?: readonly unknown[];
  /** None of; rows with nothing there match. */
  readonly notIn?: readonly unknown[];
  /** Whether there is nothing, or a JSON null. */
  readonly isNull?: boolean;
  /** Greater than, among values of the same type. */
  readonly gt?: number | bigint | string;
  /** Greater than or equal. */
  readonly gte?: number | bigint | string;
  /** Less than. */
  readonly lt?: number | bigint | string;
  /** Less than or equal. */
  readonly lte?: number | bigint | string;
  /** Between two values, both included. */
  readonly between?: readonly [number | bigint | string, number | bigint | string];
  /** Contains this value (`@>`). */
  readonly contains?: unknown;
  /** Is contained by this value (`<@`). */
  readonly containedBy?: unknown;
  /** Has this key. */
  readonly hasKey?: string;
  /** Has one of these keys. */
  readonly hasAnyKey?: readonly string[];
  /** Has all of these keys. */
  readonly hasAllKeys?: readonly string[];
  /** Its text contains this text, in any case. */
  readonly icontains?: string;
  /** Its text starts with this text. */
  readonly startsWith?: string;
  /** Its text starts with this text, in any case. */
  readonly istartsWith?: string;
  /** Its text ends with this text. */
  readonly endsWith?: string;
  /** Its text ends with this text, in any case. */
  readonly iendsWith?: string;
  /** Its text is equal in any case. */
  readonly iexact?: string;
  /** Its text matches a LIKE pattern. */
  readonly like?: string;
  /** Its text matches a LIKE pattern in any case. */
  readonly ilike?: string;
  /** Its text matches a POSIX regular expression. */
  readonly regex?: string;
  /** Its text matches a POSIX regular expression in any case. */
  readonly iregex?: string;
}

/** A whole number that a column has, such as its length: the number, or operators. */
export type CountLookup = number | {
  /** Equal. */
  readonly eq?: number;
  /** Greater than. */
  readonly gt?: number;
  /** Greater than or equal. */
  readonly gte?: number;
  /** Less than. */
  readonly lt?: number;
  /** Less than or equal. */
  readonly lte?: number;
};

/** The type of an array's elements. */
export type ElementOf<Value> = Value extends readonly (infer Item)[] ? Exclude<Item, null> : never;

/** Operators of array columns. */
export interface ArrayLookup<Value> extends OrderedLookup<Value> {
  /** Has this element. */
  readonly has?: ElementOf<Value>;
  /** Whether it has no element. */
  readonly isEmpty?: boolean;
  /** The number of its elements, in all dimensions. */
  readonly length?: CountLookup;
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
  /** Contains this value. */
  readonly containsValue?: BoundOf<Value>;
  /** Whether it holds no value. */
  readonly isEmpty?: boolean;
  /** Touches this range without sharing a point (`-|-`). */
  readonly adjacent?: Value;
  /** Ends before this range begins (`<<`). */
  readonly strictlyLeft?: Value;
  /** Begins after this range ends (`>>`). */
  readonly strictlyRight?: Value;
  /** Does not reach beyond the end of this range (`&<`). */
  readonly notRightOf?: Value;
  /** Does not begin before this range (`&>`). */
  readonly notLeftOf?: Value;
}

/** The type of a range's bounds. */
export type BoundOf<Value> = Value extends readonly (infer One)[] ? BoundOf<One>
  : Value extends { readonly lower?: infer Bound } ? NonNullable<Bound>
  : never;

/** Operators of vector columns. */
export interface VectorLookup<Value> extends BaseLookup<Value> {
  /** Is within a distance of a vector. */
  readonly near?: {
    /** The vector. */
    readonly to: Value;
    /** The greatest distance. */
    readonly within: number;
    /** How distance is measured; default `cosine`. */
    readonly metric?: "cosine" | "l2" | "inner" | "l1";
  };
}

/** Operators of network address columns. */
export interface NetworkLookup<Value> extends OrderedLookup<Value> {
  /** The column's network contains this address or equals it (`>>=`). */
  readonly contains?: Value;
  /** The column's address is within this network or equals it (`<<=`). */
  readonly containedBy?: Value;
  /** The column's network contains this one and is larger (`>>`). */
  readonly strictlyContains?: Value;
  /** The column's network is within this one and smaller (`<<`). */
  readonly strictlyContainedBy?: Value;
  /** One contains the other, or both are equal (`&&`). */
  readonly overlaps?: Value;
  /** 4 or 6. */
  readonly family?: CountLookup;
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

/** What is searched for: words, or words with the configuration that reads them, such as `english`. */
export type SearchQuery = string | { readonly query: string; readonly config?: string };

/** Operators of tsvector columns. */
export interface SearchLookup<Value> extends BaseLookup<Value> {
  /** Matches a query in the words of a web search (`websearch_to_tsquery`). */
  readonly search?: SearchQuery;
  /** Has all of these words (`plainto_tsquery`). */
  readonly plain?: SearchQuery;
  /** Has these words one after the other (`phraseto_tsquery`). */
  readonly phrase?: SearchQuery;
  /** Matches a query in the syntax of `to_tsquery`. */
  readonly matches?: SearchQuery;
}

/** The operators by kind of column. */
export interface LookupTable<Value> {
  /** Of text. */
  readonly text: TextLookup<Value>;
  /** Of enums. */
  readonly enum: OrderedLookup<Value>;
  /** Of numbers. */
  readonly number: OrderedLookup<Value>;
  /** Of booleans. */
  readonly boolean: BaseLookup<Value>;
  /** Of dates and times. */
  readonly date: OrderedLookup<Value>;
  /** Of JSON. */
  readonly json: JsonLookup<Value> | JsonPathLookup;
  /** Of arrays. */
  readonly array: ArrayLookup<Value>;
  /** Of ranges and multiranges. */
  readonly range: RangeLookup<Value>;
  /** Of vectors. */
  readonly vector: VectorLookup<Value>;
  /** Of bytes. */
  readonly bytes: OrderedLookup<Value>;
  /** Of UUIDs. */
  readonly uuid: OrderedLookup<Value>;
  /** Of network addresses. */
  readonly network: NetworkLookup<Value>;
  /** Of documents for full-text search. */
  readonly search: SearchLookup<Value>;
  /** Of hstore. */
  readonly hstore: HstoreLookup<Value>;
  /** Of every other type. */
  readonly other: OrderedLookup<Value>;
}

/** Values of JSON that cannot be taken for an object of operators. */
export type Scalar = string | number | bigint | boolean | Date | Uint8Array | readonly unknown[];

/** What a filter may say of one column: a value (equality), null, an SQL fragment, or operators. */
export type ColumnWhere<Kind extends FieldKind, Value> =
  | (Kind extends "json" ? Extract<Value, Scalar> : Value)
  | null
  | Computed
  | LookupTable<Value>[Kind];

/** What a filter may say of one member of a model's shape. */
export type MemberWhere<Member> = Member extends
  { readonly $member: "column"; readonly $kind: infer Kind; readonly $write: infer Write }
  ? ColumnWhere<Kind & FieldKind, NonNullable<Write>> | ForeignWhere<Member>
  : ForeignWhere<Member>;

/** What a filter may say of the rows of a relation. */
export type ForeignWhere<Member> = Member extends
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
