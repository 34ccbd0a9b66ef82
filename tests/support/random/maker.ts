/** What the parts of a random catalog share. */
import { identity, identityOf } from "../../../src/catalog/identity.ts";
import { printed } from "../../../src/catalog/sql_tokens.ts";
import type { TypeRef } from "../../../src/catalog/type_ref.ts";
import type { CatalogObject, ObjectKind } from "../../../src/catalog/types.ts";
import type { Random } from "./random.ts";

/** A type as a column names it and as the server prints it. */
export interface TypeChoice {
  readonly type: TypeRef;
  readonly formatted: string;
  /** A literal of the type, as SQL; null = it gets no default. */
  readonly literal: string | null;
}

/** The schemas that random catalogs may have; the second has a name that needs quotes. */
export const SCHEMAS = ["shop", 'Odd "Place"'] as const;

/** The role that privileges and policies name beside the owner; it has to be there. */
export const READER = "matrx_random_reader";

/** Collects the objects of one random catalog. */
export class Maker {
  readonly random: Random;
  readonly owner: string;
  readonly modern: boolean;
  readonly objects: Map<string, CatalogObject> = new Map();

  /** Starts with nothing; `modern` = 18 or newer. */
  constructor(random: Random, owner: string, modern: boolean) {
    this.random = random;
    this.owner = owner;
    this.modern = modern;
  }

  /** Adds an object. */
  add(object: CatalogObject): void {
    this.objects.set(identityOf(object), object);
  }

  /** Whether an object is there. */
  has(kind: ObjectKind, ...name: readonly string[]): boolean {
    return this.objects.has(identity(kind, name));
  }

  /** Yes in so many of a hundred. */
  chance(percent: number): boolean {
    return this.random.below(100) < percent;
  }

  /** A comment, mostly none. */
  comment(): string | null {
    return this.chance(20) ? this.random.of(["a note", 'it\'s "quoted" \\ and\nlong', "ü"]) : null;
  }

  /** The same items in another order, some of them left out. */
  some<Item>(items: readonly Item[], percent: number): Item[] {
    return items.filter(() => this.chance(percent));
  }

  /** The same items in a random order. */
  shuffled<Item>(items: readonly Item[]): Item[] {
    const left = [...items];
    return items.map(() => left.splice(this.random.below(left.length), 1)[0]!);
  }

  /** What every object has. */
  base(): { readonly comment: string | null; readonly extension: null } {
    return { comment: this.comment(), extension: null };
  }
}

/** A built-in type. */
export function builtin(
  name: string,
  formatted: string,
  literal: string | null,
  modifiers: readonly string[] = [],
  dimensions = 0,
): TypeChoice {
  return { type: { schema: "pg_catalog", name, modifiers, dimensions }, formatted, literal };
}

/** Writes a name with its schema as the server prints it. */
export function q(...names: readonly string[]): string {
  return names.map(printed).join(".");
}
