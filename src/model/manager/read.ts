/** The manager of a view, untyped inside; `types.ts` says what users see. */
import type { RunOptions } from "../../driver/port.ts";
import { checkUsing, type Using } from "../../execute/session.ts";
import { mergePrefetch } from "../../query/clauses.ts";
import { Q } from "../../query/condition.ts";
import { checkRun } from "../../query/run_options.ts";
import type { PrefetchTree } from "../../query/state.ts";
import type { Query } from "../../query/types.ts";
import type { ModelRef } from "../../schema/meta.ts";
import { planOf, type ViewRef } from "../view/recipe.ts";
import { shapeRows } from "../view/shape.ts";
import type { ReadOnlyBase } from "../base.ts";
import { keyText, type Validation, whereKey } from "./input.ts";
import { viewOf } from "./view_of.ts";

/** What `manager()` was told. */
export interface Settings {
  readonly model: ModelRef;
  readonly view: ViewRef | null;
  readonly validation: Validation;
}

/** Options of a call, as far as they are the manager's own. */
export interface Given extends RunOptions {
  readonly view?: unknown;
  readonly orderBy?: unknown;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

type AnyQuery = Query<object, Record<string, never>>;

/** Where the calls of managers run that `using()` gave. */
const places = new WeakMap<object, Using>();

const begun = new WeakMap<object, Promise<void>>();

const LIST = ["view", "orderBy", "limit", "offset"];

/** The options that are not the manager's; undefined when there are none, so that lookups may be joined. */
export function runOptions(given: Given | undefined): RunOptions | undefined {
  if (given === undefined) return undefined;
  const { view: _, orderBy: __, limit: ___, offset: ____, ...run } = given;
  return Object.keys(run).length === 0 ? undefined : run;
}

/** The class that managers of views extend. */
export class ReadManagerBase {
  declare static readonly settings: Settings;

  get model(): ModelRef {
    return settingsOf(this).model;
  }

  using(target: Using): this {
    const bound: this = Object.create(this);
    places.set(bound, checkUsing(target));
    return bound;
  }

  async loadById(key: unknown, options?: Given): Promise<object> {
    const where = whereKey(this.model.meta, key);
    return await this.loadItem(where, options);
  }

  async loadItem(where: unknown, options?: Given): Promise<object> {
    checkRun("The call", options, ["view"]);
    const model = await start(this);
    return await give(this, await model.get(where, runOptions(options)), options);
  }

  async loadItemOrNull(where: unknown, options?: Given): Promise<object | null> {
    checkRun("The call", options, ["view"]);
    const model = await start(this);
    const row = await model.getOrNull(where, runOptions(options));
    return row === null ? null : await give(this, row, options);
  }

  async loadItems(where: unknown = {}, options?: Given): Promise<object[]> {
    return await listed(this, where, options);
  }

  async loadItemsByIds(keys: readonly unknown[], options?: Given): Promise<object[]> {
    checkRun("loadItemsByIds()", options, ["view"]);
    const { meta } = this.model;
    const wheres = keys.map((key) => whereKey(meta, key));
    const model = await start(this);
    if (wheres.length === 0) return [];
    const [single, more] = meta.primaryKey;
    const where = more === undefined
      ? { [single!.property]: { in: wheres.map((one) => plainKey(one[single!.property])) } }
      : wheres.slice(1).reduce((sum, one) => sum.or(one), Q(wheres[0]!));
    const rows = await model.filter(where).all(runOptions(options));
    const ranks = new Map(wheres.map((one, at) => [keyText(meta, one), at] as const).toReversed());
    const placeOf = (row: object) => ranks.get(keyText(meta, row)) ?? wheres.length;
    return await giveAll(this, rows.toSorted((a, b) => placeOf(a) - placeOf(b)), options);
  }

  async filterItems(where: unknown, options?: Given): Promise<object[]> {
    return await listed(this, where, options);
  }

  async loadFirst(where: unknown = {}, options?: Given): Promise<object | null> {
    const query = listQuery(await start(this), where, options);
    const row = await query.first(runOptions(options));
    return row === null ? null : await give(this, row, options);
  }

  async loadLast(where: unknown = {}, options?: Given): Promise<object | null> {
    const query = listQuery(await start(this), where, options);
    const row = await query.last(runOptions(options));
    return row === null ? null : await give(this, row, options);
  }

  async getItemDict(key: unknown, options?: Given): Promise<object> {
    return dictOf(await this.loadById(key, options));
  }

  async loadItemsDict(where: unknown = {}, options?: Given): Promise<object[]> {
    return (await this.loadItems(where, options)).map(dictOf);
  }

  async count(where: unknown = {}, options?: RunOptions): Promise<number> {
    return await (await start(this)).count(where, options);
  }

  async exists(keyOrWhere: unknown, options?: RunOptions): Promise<boolean> {
    const isKey = typeof keyOrWhere !== "object" || keyOrWhere === null;
    const where = isKey ? whereKey(this.model.meta, keyOrWhere) : keyOrWhere;
    return await (await start(this)).exists(where, options);
  }

  async getItemWithAllRelated(key: unknown, options?: Given): Promise<object> {
    return await this.getItemWithRelated(key, everyRelation(this.model), options);
  }

  async getItemWithRelated(
    key: unknown,
    relations: string | PrefetchTree,
    options?: Given,
  ): Promise<object> {
    checkRun("getItemWithRelated()", options, ["view"]);
    const where = whereKey(this.model.meta, key);
    const model = await start(this);
    const tree = loadedBy(this, relations, options);
    const row = await model.filter(where).prefetchRelated(tree as never).get(runOptions(options));
    return (await giveAll(this, [row], options, tree))[0]!;
  }

  async getItemsWithRelated(
    relations: string | PrefetchTree,
    where: unknown = {},
    options?: Given,
  ): Promise<object[]> {
    const tree = loadedBy(this, relations, options);
    const query = listQuery(await start(this), where, options);
    const rows = await query.prefetchRelated(tree as never).all(runOptions(options));
    return await giveAll(this, rows, options, tree);
  }

  onInit(): Promise<void> | void {}

  onLoad(_item: object): Promise<void> | void {}
}

/** What the class of a manager was told. */
export function settingsOf(manager: ReadManagerBase): Settings {
  return (manager.constructor as typeof ReadManagerBase).settings;
}

/** The model of a manager where its calls run, once the manager is ready. */
export async function start<Model extends typeof ReadOnlyBase = typeof ReadOnlyBase>(
  manager: ReadManagerBase,
): Promise<Model> {
  const own = root(manager);
  let ready = begun.get(own);
  if (ready === undefined) {
    ready = Promise.resolve(own.onInit());
    begun.set(own, ready);
    // one that failed is tried again
    ready.catch(() => begun.delete(own));
  }
  await ready;
  const model = settingsOf(manager).model as unknown as Model;
  const using = places.get(manager);
  return using === undefined ? model : model.using(using) as Model;
}

/** The manager as it was made, without what `using()` said. */
function root(manager: ReadManagerBase): ReadManagerBase {
  let own = manager;
  while (places.has(own)) own = Object.getPrototypeOf(own);
  return own;
}

async function listed(
  manager: ReadManagerBase,
  where: unknown,
  options: Given | undefined,
): Promise<object[]> {
  const query = listQuery(await start(manager), where, options);
  return await giveAll(manager, await query.all(runOptions(options)), options);
}

function listQuery(model: typeof ReadOnlyBase, where: unknown, given: Given | undefined): AnyQuery {
  checkRun("The call", given, LIST);
  const { orderBy = [], limit, offset } = given ?? {};
  let query = model.filter(where).orderBy(...([orderBy].flat() as never[]));
  if (limit !== undefined) query = query.limit(limit);
  return offset === undefined ? query : query.offset(offset);
}

function viewFor(manager: ReadManagerBase, given: Given | undefined): ViewRef | null {
  const { model, view } = settingsOf(manager);
  return given?.view === undefined ? view : viewOf(model, given.view);
}

function everyRelation({ meta }: ModelRef): PrefetchTree {
  return Object.fromEntries(meta.relationNames().map((name) => [name, true] as const));
}

/** What is loaded with the rows: what is asked for, and what the view wants below that. */
function loadedBy(
  manager: ReadManagerBase,
  relations: string | PrefetchTree,
  given: Given | undefined,
): PrefetchTree {
  const { meta } = manager.model;
  const asked = typeof relations === "string" ? { [relations]: true as const } : relations;
  const view = viewFor(manager, given);
  if (view === null) return mergePrefetch(meta, {}, asked);
  const shared = Object.entries(planOf(view).tree).filter(([name]) => name in asked);
  return mergePrefetch(meta, Object.fromEntries(shared), asked);
}

/** Gives a row as the manager's callers get it. */
export async function give(
  manager: ReadManagerBase,
  row: object,
  given: Given | undefined,
): Promise<object> {
  return (await giveAll(manager, [row], given))[0]!;
}

/** Gives rows as the manager's callers get them; the relations in `loaded` are there already. */
export async function giveAll(
  manager: ReadManagerBase,
  rows: readonly object[],
  given: Given | undefined,
  loaded: PrefetchTree = {},
): Promise<object[]> {
  const view = viewFor(manager, given);
  const items = view === null ? [...rows] : await shapeRows(planOf(view), rows, loaded);
  if (manager.onLoad !== ReadManagerBase.prototype.onLoad) {
    await Promise.all(items.map((item) => manager.onLoad(item)));
  }
  return items;
}

function dictOf(row: object): object {
  return (row as InstanceType<typeof ReadOnlyBase>).toDict();
}

function plainKey(value: unknown): unknown {
  return typeof value === "object" && value !== null && "eq" in value ? value.eq : value;
}
