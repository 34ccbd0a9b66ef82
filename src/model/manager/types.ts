/** What users see of managers. Types only. */
import type { RunOptions } from "../../driver/port.ts";
import type { Using } from "../../execute/session.ts";
import type { DeleteOptions, OrderTerm, Prefetch, UpdateValues } from "../../query/types.ts";
import type {
  Insert,
  ManyToManyName,
  RelationName,
  RowOf,
  TargetOf,
  Update,
  WithRelated,
  WritableName,
} from "../../schema/infer.ts";
import type { KeyWriteOf, ShapeOf } from "../../schema/keys.ts";
import type { Where } from "../../schema/lookup_types.ts";
import type { StandardSchema } from "../../schema/standard.ts";
import type { TieInput } from "../instance_types.ts";
import type { BulkCreateOptions, BulkUpsertOptions, UpsertOptions } from "../types.ts";
import type { AnyView, DictValue, RowSource, ShapedBy } from "../view/types.ts";

/** Schemas of any library of Standard Schema for what a manager writes. */
export interface InputSchemas {
  /** Checks what is inserted; what it makes of the values is what is written. */
  readonly insert?: StandardSchema | undefined;
  /** Checks what is updated. */
  readonly update?: StandardSchema | undefined;
}

/** What `manager()` may be told. */
export interface ManagerOptions<View> {
  /** Shapes every row that the manager gives; default: none. */
  readonly view?: View;
  /**
   * Checks input before anything is sent, and lists everything that is wrong at once: by what the model
   * says (`true`), or by schemas, such as those of `@matrx/orm/zod`.
   */
  readonly validate?: boolean | InputSchemas | undefined;
}

/** Options of a manager's call. */
export interface CallOptions<View> extends RunOptions {
  /** Shapes the rows in place of the manager's view; null leaves them as they are. */
  readonly view?: View;
}

/** Options of a call that gives a list. */
export interface ListOptions<Shape, View> extends CallOptions<View> {
  /** The order of the rows. */
  readonly orderBy?: OrderTerm<Shape> | readonly OrderTerm<Shape>[] | undefined;
  /** At most this many rows. */
  readonly limit?: number | undefined;
  /** Leaves out this many rows first. */
  readonly offset?: number | undefined;
}

/** The key of a row: its value, or an object of all its columns where it has several. */
export type ManagerKey<Instance> = [KeyWriteOf<Instance>] extends [never]
  ? Readonly<Partial<RowOf<Instance>>>
  : KeyWriteOf<Instance>;

/** Relations to load: one by name, or a tree as `prefetchRelated()` takes it. */
export type Wanted<Shape> = RelationName<Shape> | Prefetch<Shape>;

/** Relations as a tree. */
export type WantedTree<Asked> = Asked extends PropertyKey ? { readonly [Name in Asked]: true }
  : Asked;

/** Every relation of a shape, as a tree. */
export type EveryRelation<Shape> = { readonly [Name in RelationName<Shape>]: true };

/** A view of a model, or none. */
export type ViewOrNone<Instance> = AnyView<Instance> | null;

/** A row as a manager gives it, with relations that were asked for. */
export type ItemWith<Instance, Asked, View> =
  & WithRelated<ShapeOf<Instance>, WantedTree<Asked>>
  & ShapedBy<Instance, View>;

/**
 * What the manager of a view can do: read.
 *
 * A missing row throws `DoesNotExistError`, unless the call's name says otherwise.
 */
export interface ReadManager<Instance, View extends ViewOrNone<Instance> = null> {
  /** The model. */
  readonly model: RowSource<Instance>;
  /** The same manager on another registered database, or inside a transaction. */
  using(target: Using): this;

  /** Loads the row with this primary key. */
  loadById<V extends ViewOrNone<Instance> = View>(
    key: ManagerKey<Instance>,
    options?: CallOptions<V>,
  ): Promise<ShapedBy<Instance, V>>;
  /** Loads the only row that matches; several throw `MultipleObjectsReturnedError`. */
  loadItem<V extends ViewOrNone<Instance> = View>(
    where: Where<ShapeOf<Instance>>,
    options?: CallOptions<V>,
  ): Promise<ShapedBy<Instance, V>>;
  /** Loads the only row that matches, or null. */
  loadItemOrNull<V extends ViewOrNone<Instance> = View>(
    where: Where<ShapeOf<Instance>>,
    options?: CallOptions<V>,
  ): Promise<ShapedBy<Instance, V> | null>;
  /** Loads the rows that match; all of them without a condition. */
  loadItems<V extends ViewOrNone<Instance> = View>(
    where?: Where<ShapeOf<Instance>>,
    options?: ListOptions<ShapeOf<Instance>, V>,
  ): Promise<ShapedBy<Instance, V>[]>;
  /** Loads the rows with these keys, in the order of the keys; those that are not there are left out. */
  loadItemsByIds<V extends ViewOrNone<Instance> = View>(
    keys: readonly ManagerKey<Instance>[],
    options?: CallOptions<V>,
  ): Promise<ShapedBy<Instance, V>[]>;
  /** Loads the rows that match. */
  filterItems<V extends ViewOrNone<Instance> = View>(
    where: Where<ShapeOf<Instance>>,
    options?: ListOptions<ShapeOf<Instance>, V>,
  ): Promise<ShapedBy<Instance, V>[]>;
  /** Loads the first row that matches, by `orderBy` or the primary key; null when there is none. */
  loadFirst<V extends ViewOrNone<Instance> = View>(
    where?: Where<ShapeOf<Instance>>,
    options?: ListOptions<ShapeOf<Instance>, V>,
  ): Promise<ShapedBy<Instance, V> | null>;
  /** Loads the last row that matches, by `orderBy` or the primary key; null when there is none. */
  loadLast<V extends ViewOrNone<Instance> = View>(
    where?: Where<ShapeOf<Instance>>,
    options?: ListOptions<ShapeOf<Instance>, V>,
  ): Promise<ShapedBy<Instance, V> | null>;
  /** Loads the row with this primary key as plain data, as `toDict()` of the row gives it. */
  getItemDict<V extends ViewOrNone<Instance> = View>(
    key: ManagerKey<Instance>,
    options?: CallOptions<V>,
  ): Promise<DictValue<ShapedBy<Instance, V>>>;
  /** Loads the rows that match as plain data; all of them without a condition. */
  loadItemsDict<V extends ViewOrNone<Instance> = View>(
    where?: Where<ShapeOf<Instance>>,
    options?: ListOptions<ShapeOf<Instance>, V>,
  ): Promise<DictValue<ShapedBy<Instance, V>>[]>;
  /** Counts the rows that match. */
  count(where?: Where<ShapeOf<Instance>>, options?: RunOptions): Promise<number>;
  /** Tells whether a row matches, or whether there is one with this key. */
  exists(
    keyOrWhere: ManagerKey<Instance> | Where<ShapeOf<Instance>>,
    options?: RunOptions,
  ): Promise<boolean>;
  /** Loads a row with every relation, all of them at once. */
  getItemWithAllRelated<V extends ViewOrNone<Instance> = View>(
    key: ManagerKey<Instance>,
    options?: CallOptions<V>,
  ): Promise<ItemWith<Instance, EveryRelation<ShapeOf<Instance>>, V>>;
  /** Loads a row with relations: `getItemWithRelated(id, "customerId")`, or `{ customerId: { region: true } }`. */
  getItemWithRelated<
    const Asked extends Wanted<ShapeOf<Instance>>,
    V extends ViewOrNone<Instance> = View,
  >(
    key: ManagerKey<Instance>,
    relations: Asked,
    options?: CallOptions<V>,
  ): Promise<ItemWith<Instance, Asked, V>>;
  /** Loads the rows that match with relations: one statement for each, whatever the number of rows. */
  getItemsWithRelated<
    const Asked extends Wanted<ShapeOf<Instance>>,
    V extends ViewOrNone<Instance> = View,
  >(
    relations: Asked,
    where?: Where<ShapeOf<Instance>>,
    options?: ListOptions<ShapeOf<Instance>, V>,
  ): Promise<ItemWith<Instance, Asked, V>[]>;

  /** Runs once, before the manager's first call; one that throws runs again with the next. Override it. */
  onInit(): Promise<void> | void;
  /** Hears of each row that the manager gives, after its view. Override it. */
  onLoad(item: Instance): Promise<void> | void;
}

/** What the manager of a table can do: read and write. */
export interface Manager<Instance, View extends ViewOrNone<Instance> = null>
  extends ReadManager<Instance, View> {
  /** Inserts a row. */
  createItem<V extends ViewOrNone<Instance> = View>(
    values: Insert<ShapeOf<Instance>>,
    options?: CallOptions<V>,
  ): Promise<ShapedBy<Instance, V>>;
  /** Inserts rows, all or none; gives them in their order. */
  createItems<V extends ViewOrNone<Instance> = View>(
    rows: readonly Insert<ShapeOf<Instance>>[],
    options?: CallOptions<V> & BulkCreateOptions,
  ): Promise<ShapedBy<Instance, V>[]>;
  /** Loads a row, writes values to it and gives it as it is then. */
  updateItem<V extends ViewOrNone<Instance> = View>(
    key: ManagerKey<Instance>,
    values: UpdateValues<ShapeOf<Instance>>,
    options?: CallOptions<V>,
  ): Promise<ShapedBy<Instance, V>>;
  /** Writes these columns of rows, all or none; gives how many were still there. */
  updateItems(
    items: readonly Instance[],
    fields: readonly WritableName<ShapeOf<Instance>>[],
    options?: RunOptions & { readonly batchSize?: number },
  ): Promise<number>;
  /** Loads a row and deletes it; gives true. */
  deleteItem(key: ManagerKey<Instance>, options?: DeleteOptions): Promise<true>;
  /** Deletes rows, all or none; gives how many were still there. */
  deleteItems(items: readonly Instance[], options?: DeleteOptions): Promise<number>;
  /** Inserts a row, or updates the one that a unique constraint says is there. */
  upsertItem<V extends ViewOrNone<Instance> = View>(
    values: Insert<ShapeOf<Instance>>,
    options: CallOptions<V> & UpsertOptions<ShapeOf<Instance>>,
  ): Promise<ShapedBy<Instance, V>>;
  /** Inserts or updates rows, all or none; gives them in their order. */
  upsertItems<V extends ViewOrNone<Instance> = View>(
    rows: readonly Insert<ShapeOf<Instance>>[],
    options: CallOptions<V> & BulkUpsertOptions<ShapeOf<Instance>>,
  ): Promise<ShapedBy<Instance, V>[]>;
  /** Writes values to every row that matches; gives their number. */
  updateWhere(
    where: Where<ShapeOf<Instance>>,
    values: UpdateValues<ShapeOf<Instance>>,
    options?: RunOptions,
  ): Promise<number>;
  /** Deletes every row that matches; gives their number. */
  deleteWhere(where: Where<ShapeOf<Instance>>, options?: DeleteOptions): Promise<number>;
  /** Loads the row with these values, or inserts it with them and the defaults. */
  getOrCreate<V extends ViewOrNone<Instance> = View>(
    values: Update<ShapeOf<Instance>>,
    defaults?: Update<ShapeOf<Instance>>,
    options?: CallOptions<V>,
  ): Promise<ShapedBy<Instance, V>>;
  /** Ties rows to a row; gives how many were not tied before. */
  addM2m<Name extends ManyToManyName<ShapeOf<Instance>>>(
    key: ManagerKey<Instance>,
    name: Name,
    ...targets: readonly TieInput<TargetOf<ShapeOf<Instance>, Name>>[]
  ): Promise<number>;
  /** Unties rows from a row; gives how many were tied. */
  removeM2m<Name extends ManyToManyName<ShapeOf<Instance>>>(
    key: ManagerKey<Instance>,
    name: Name,
    ...targets: readonly TieInput<TargetOf<ShapeOf<Instance>, Name>>[]
  ): Promise<number>;
  /** Ties exactly these rows to a row, in one transaction. */
  setM2m<Name extends ManyToManyName<ShapeOf<Instance>>>(
    key: ManagerKey<Instance>,
    name: Name,
    targets: readonly TieInput<TargetOf<ShapeOf<Instance>, Name>>[],
    options?: RunOptions,
  ): Promise<void>;
  /** Unties every row from a row; gives how many were tied. */
  clearM2m(
    key: ManagerKey<Instance>,
    name: ManyToManyName<ShapeOf<Instance>>,
    options?: RunOptions,
  ): Promise<number>;

  /** Hears of a row before it is inserted; may give other values, or throw. Override it. */
  beforeCreate(
    values: Insert<ShapeOf<Instance>>,
  ): Promise<Insert<ShapeOf<Instance>> | void> | Insert<ShapeOf<Instance>> | void;
  /** Hears of a row that was inserted. Override it. */
  afterCreate(item: Instance): Promise<void> | void;
  /** Hears of a row before it is updated; may give other values, or throw. Override it. */
  beforeUpdate(
    item: Instance,
    values: UpdateValues<ShapeOf<Instance>>,
  ):
    | Promise<UpdateValues<ShapeOf<Instance>> | void>
    | UpdateValues<ShapeOf<Instance>>
    | void;
  /** Hears of a row that was updated. Override it. */
  afterUpdate(item: Instance): Promise<void> | void;
  /** Hears of a row before it is deleted; may throw. Override it. */
  beforeDelete(item: Instance): Promise<void> | void;
  /** Hears of a row that was deleted. Override it. */
  afterDelete(item: Instance): Promise<void> | void;
}

/** The class that `manager()` gives for a model of a view: extend it. */
export interface ReadManagerClass<Instance, View extends ViewOrNone<Instance> = null> {
  /** Makes a manager; touches nothing. */
  new (): ReadManager<Instance, View>;
  /** What the managers inherit. */
  readonly prototype: ReadManager<Instance, View>;
}

/** The class that `manager()` gives for a model of a table: extend it. */
export interface ManagerClass<Instance, View extends ViewOrNone<Instance> = null> {
  /** Makes a manager; touches nothing. */
  new (): Manager<Instance, View>;
  /** What the managers inherit. */
  readonly prototype: Manager<Instance, View>;
}

/** A model whose rows are written. */
export interface WritableSource<Instance> extends RowSource<Instance> {
  /** What the model of a view has not. */
  readonly create: unknown;
}
