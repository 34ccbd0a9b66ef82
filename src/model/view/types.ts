/** What users see of a view and of the rows that it shaped. Types only. */
import type { Prefetch } from "../../query/types.ts";
import type {
  ForeignKeyName,
  NestedRelated,
  RelatedValue,
  RelationName,
  Row,
  WithRelated,
} from "../../schema/infer.ts";
import type { HasShape, ShapeOf } from "../../schema/keys.ts";
import type { ModelMeta } from "../../schema/meta.ts";

/** Type-only key by which a shaped row tells what its `toDict()` gives. */
export declare const DICT: unique symbol;

/** Type-only key by which a view tells what it does. */
export declare const RECIPE: unique symbol;

/** A class whose rows are of this type, with the declaration behind it. */
export interface RowSource<Instance> {
  /** The declaration as data. */
  readonly meta: ModelMeta;
  /** What its rows inherit. */
  readonly prototype: Instance;
}

/** The relations that a view loads: a list of names, or a tree as `prefetchRelated()` takes it. */
export type ViewPrefetch<Shape> = readonly RelationName<Shape>[] | Prefetch<Shape>;

/** Foreign keys whose rows take the place of the key, by the name that they get. */
export type InlineFk<Shape, Name extends PropertyKey = ForeignKeyName<Shape>> = {
  readonly [Key in Name]?: Key extends ForeignKeyName<Shape> ? string : never;
};

/** What `view()` may be told. */
export interface ViewOptions<Shape, Loaded, Excluded, Inlined> {
  /** Relations to load first, all at once: one statement for each, whatever the number of rows. */
  readonly prefetch?: Loaded | ViewPrefetch<Shape>;
  /** Columns that `toDict()` and `toJSON()` leave out; the row keeps them. */
  readonly exclude?: readonly Excluded[];
  /**
   * Foreign keys whose row is given under another name: `{ customerId: "customer" }`. They are loaded,
   * and their column is left out of `toDict()`.
   */
  readonly inlineFk?: Inlined & InlineFk<Shape, keyof Inlined>;
}

/** A list of relations as a tree. */
type Listed<Loaded> = Loaded extends readonly (infer Name extends PropertyKey)[]
  ? { readonly [Key in Name]: true }
  : Loaded;

/** Every relation that a view loads, as a tree. */
export type LoadedTree<Loaded, Inlined> =
  & Listed<Loaded>
  & { readonly [Name in Exclude<keyof Inlined, keyof Listed<Loaded>>]: true };

/** The rows of foreign keys under their new names. */
export type InlinedFields<Shape, Tree, Inlined> = {
  readonly [
    Name in keyof Inlined & keyof Shape as Inlined[Name] & string
  ]: RelatedValue<Shape, Name, NestedRelated<Shape, Name, Tree[Name & keyof Tree]>> | null;
};

/** The values of a view's computed methods, by the methods' names. */
export type ComputedFields<View> = {
  readonly [
    Name in keyof View as View[Name] extends (row: never) => Promise<unknown>
      ? Name extends `_${string}` ? never : Name & string
      : never
  ]: View[Name] extends (row: never) => Promise<infer Value> ? Value : never;
};

/** A value as `toDict()` of a shaped row gives it: rows in it are plain objects. */
export type DictValue<Value> = Value extends { readonly [DICT]: infer Dict } ? Dict
  : Value extends HasShape<infer Shape> ? Row<Shape>
  : Value extends readonly (infer Item)[] ? DictValue<Item>[]
  : Value;

/** What `toDict()` of a shaped row gives. */
export type ViewDict<Instance, Excluded, Inlined, View> =
  & Omit<Row<ShapeOf<Instance>>, Extract<Excluded | keyof Inlined, PropertyKey>>
  & {
    readonly [
      Name in keyof Inlined & keyof ShapeOf<Instance> as Inlined[Name] & string
    ]: DictValue<RelatedValue<ShapeOf<Instance>, Name> | null>;
  }
  & { readonly [Name in keyof ComputedFields<View>]: DictValue<ComputedFields<View>[Name]> };

/** What a view does, for the type checker. */
export interface RecipeTypes<Instance, Loaded, Excluded, Inlined> {
  /** The rows that it takes. */
  readonly instance: Instance;
  /** What it loads. */
  readonly loaded: Loaded;
  /** What it leaves out. */
  readonly excluded: Excluded;
  /** What it gives under another name. */
  readonly inlined: Inlined;
}

/** A row that a view has shaped: computed fields, inlined rows and loaded relations beside its columns. */
export type ShapedRow<Item, Instance, Loaded, Excluded, Inlined, View> =
  & ComputedFields<View>
  & InlinedFields<ShapeOf<Instance>, LoadedTree<Loaded, Inlined>, Inlined>
  & WithRelated<ShapeOf<Instance>, LoadedTree<Loaded, Inlined>>
  & ShapedOutput<ViewDict<Instance, Excluded, Inlined, View>>
  & Item;

/** What a shaped row gives as plain data. */
export interface ShapedOutput<Dict> {
  /** Type only: what `toDict()` gives. */
  readonly [DICT]: Dict;
  /** Gives what the view makes of the row as a plain object, values as they are. */
  toDict(): Dict;
}

/** A row as a view shapes it: `ShapedBy<Order, typeof OrderView>`; as it is where the view is null. */
export type ShapedBy<Item, View> = View extends {
  readonly prototype: infer Self;
  readonly [RECIPE]: RecipeTypes<infer Instance, infer Loaded, infer Excluded, infer Inlined>;
} ? ShapedRow<Item, Instance, Loaded, Excluded, Inlined, Self>
  : Item;

/** A view over rows of a model. */
export interface AnyView<Instance> {
  /** What the view itself is: its methods. */
  readonly prototype: object;
  /** Type only: what it does. */
  readonly [RECIPE]: RecipeTypes<Instance, unknown, unknown, unknown>;
}

/** What a class that extends `view()` inherits. */
export interface ViewInstance {
  /** Type only: tells views from other objects. */
  readonly [RECIPE]: true;
}

/** The class that `view()` gives: extend it; its async methods are computed fields. */
export interface ViewClass<
  Instance,
  Loaded = readonly [],
  Excluded = never,
  Inlined = Record<never, never>,
> {
  /** Made once by the library, as `this` of the computed methods. */
  new (): ViewInstance;
  /** What the view inherits. */
  readonly prototype: ViewInstance;
  /** Type only: what the view does. */
  readonly [RECIPE]: RecipeTypes<Instance, Loaded, Excluded, Inlined>;
  /** Type only: the row that computed methods take, its relations loaded: `typeof OrderView.subject`. */
  readonly subject:
    & WithRelated<ShapeOf<Instance>, LoadedTree<Loaded, Inlined>>
    & Instance;
  /**
   * Shapes a row; null stays null.
   *
   * The row itself gets the view's fields. A row that another view has shaped stays as it is, and a
   * copy of it is given.
   *
   * @throws {ValidationError} the row is of another model
   * @throws {ConfigurationError} a computed method has a name that is taken, or takes more than the row
   */
  apply<View, Item extends Instance | null>(
    this: { readonly prototype: View },
    row: Item,
  ): Promise<
    | ShapedRow<NonNullable<Item>, Instance, Loaded, Excluded, Inlined, View>
    | Extract<Item, null>
  >;
  /** Shapes rows as `apply()` does: one statement for each relation, whatever their number. */
  applyAll<View, Item extends Instance>(
    this: { readonly prototype: View },
    rows: readonly Item[],
  ): Promise<ShapedRow<Item, Instance, Loaded, Excluded, Inlined, View>[]>;
}
