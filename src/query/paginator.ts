/** Pages by number: a count, and a limit with an offset. */
import { wrongArgument } from "../errors/argument.ts";
import { QueryError, ValidationError } from "../errors/base.ts";
import type { RunOptions } from "../driver/port.ts";
import { checkOptions } from "../schema/known_options.ts";
import { orderName } from "./clauses.ts";
import { isTotal } from "./keyset.ts";
import { readColumns, shownExtras } from "./plan.ts";
import { stateOfQuery } from "./query.ts";
import type { QueryState } from "./state.ts";
import type { Query } from "./types.ts";

/** What pages can be made of: a query. */
export interface Pageable<Item> {
  /** Type only: it is a query. */
  readonly $query: true;
  /** Loads all rows. */
  all(options?: RunOptions): Promise<Item[]>;
  /** Counts the rows. */
  count(options?: RunOptions): Promise<number>;
}

/** Options of a paginator. */
export interface PaginatorOptions {
  /** How many rows a page has; default 20. */
  readonly pageSize?: number;
}

/**
 * One page of a query's rows.
 *
 * @example
 * ```ts
 * import { Page } from "@matrx/orm";
 *
 * const page = new Page(["a", "b"], 2, 2, 5);
 * console.log(page.totalPages, page.hasNext, page.startIndex, [...page]); // 3 true 3 ["a", "b"]
 * ```
 */
export class Page<Item> implements Iterable<Item> {
  /** The rows. */
  readonly items: readonly Item[];
  /** Its number, from 1. */
  readonly number: number;
  /** How many rows a full page has. */
  readonly pageSize: number;
  /** How many rows the query has. */
  readonly totalCount: number;

  /** Makes a page; use `Paginator` instead. */
  constructor(items: readonly Item[], number: number, pageSize: number, totalCount: number) {
    this.items = items;
    this.number = number;
    this.pageSize = pageSize;
    this.totalCount = totalCount;
  }

  /** How many pages there are, at least one. */
  get totalPages(): number {
    return pagesOf(this.totalCount, this.pageSize);
  }

  /** Whether a page follows. */
  get hasNext(): boolean {
    return this.number < this.totalPages;
  }

  /** Whether a page comes before. */
  get hasPrevious(): boolean {
    return this.number > 1;
  }

  /** The number of the page that follows, or null. */
  get nextNumber(): number | null {
    return this.hasNext ? this.number + 1 : null;
  }

  /** The number of the page before, or null. */
  get previousNumber(): number | null {
    return this.hasPrevious ? this.number - 1 : null;
  }

  /** The place of its first row among all, from 1; 0 when it has none. */
  get startIndex(): number {
    return this.items.length === 0 ? 0 : (this.number - 1) * this.pageSize + 1;
  }

  /** The place of its last row among all, from 1; 0 when it has none. */
  get endIndex(): number {
    return this.items.length === 0 ? 0 : this.startIndex + this.items.length - 1;
  }

  /** How many rows it has. */
  get length(): number {
    return this.items.length;
  }

  /** Goes over its rows. */
  [Symbol.iterator](): Iterator<Item> {
    return this.items[Symbol.iterator]();
  }
}

function pagesOf(count: number, size: number): number {
  return Math.max(1, Math.ceil(count / size));
}

/**
 * Gives the rows of a query in numbered pages, with their total.
 *
 * The rows are counted once, with the first page; `refresh()` forgets the number. An order that does not
 * tell every two rows apart goes on by primary key, so that no row is on two pages; the query itself is
 * not changed. Far pages take longer, since the server has to pass by all rows before them: `page()` of
 * a query makes pages by key instead.
 *
 * @throws {ValidationError} it is given no query, or a page size that is no whole number from 1 up
 * @throws {QueryError} the query has no order and its model no primary key
 *
 * @example
 * ```ts
 * import { integer, model, Paginator, text } from "@matrx/orm";
 * import { embedded } from "@matrx/orm/testing";
 *
 * class Article extends model("articles", { id: integer().primaryKey(), title: text() }) {}
 * await using db = await embedded({ models: [Article], name: "main" });
 * await Article.create({ id: 1, title: "Beans" });
 *
 * const paginator = new Paginator(Article.filter().orderBy("title"), { pageSize: 50 });
 * const page = await paginator.getPage(1);
 * console.log(`${page.startIndex} to ${page.endIndex} of ${page.totalCount}`); // 1 to 1 of 1
 * ```
 */
export class Paginator<Item> implements AsyncIterable<Page<Item>> {
  /** How many rows a page has. */
  readonly pageSize: number;
  readonly #query: Query<Item, Record<string, never>>;
  readonly #offset: number;
  readonly #limit: number;
  #counted: number | null = null;
  #counting: Promise<number> | null = null;

  /** Starts on a query; nothing is sent yet. */
  constructor(query: Pageable<Item>, options: PaginatorOptions = {}) {
    checkOptions("new Paginator()", options, ["pageSize"]);
    const { pageSize = 20 } = options;
    if (!Number.isSafeInteger(pageSize) || pageSize < 1) {
      throw invalidPage("The page size is not a whole number from 1 up");
    }
    const state = stateOfQuery(query);
    if (state === undefined) throw wrongArgument("new Paginator()", "a query");
    this.pageSize = pageSize;
    this.#offset = state.offset ?? 0;
    this.#limit = state.limit ?? Infinity;
    // the shape is not known here, and its names come from the query itself
    const given = query as unknown as Query<Item, Record<string, never>>;
    const ties = tiesOf(state) as never[];
    this.#query = ties.length === 0 ? given : given.orderBy(...ties);
  }

  /** How many pages there are; null before the rows were counted. */
  get totalPages(): number | null {
    return this.#counted === null ? null : pagesOf(this.#counted, this.pageSize);
  }

  /** Counts the rows of all pages, once. */
  async count(options?: RunOptions): Promise<number> {
    const counting = this.#counting ??= this.#query.count(options);
    try {
      const count = await counting;
      if (this.#counting === counting) this.#counted = count;
      return count;
    } catch (error) {
      if (this.#counting === counting) this.#counting = null;
      throw error;
    }
  }

  /** Forgets how many rows there are: the next page counts them anew. */
  refresh(): void {
    this.#counting = null;
    this.#counted = null;
  }

  /**
   * Loads a page by its number, from 1. An empty query has one page.
   *
   * @throws {ValidationError} there is no such page
   */
  async getPage(number: number, options?: RunOptions): Promise<Page<Item>> {
    if (!Number.isSafeInteger(number) || number < 1) {
      throw invalidPage("The number of a page is not a whole number from 1 up");
    }
    const before = (number - 1) * this.pageSize;
    const known = this.#counted;
    if (known !== null) this.#refuseBehind(number, known);
    const rows = Math.min(this.pageSize, this.#limit - before);
    const [count, items] = await Promise.all([
      this.count(options),
      // nothing to ask for where a limit of the query ends before the page
      rows <= 0 || known === 0
        ? []
        : this.#query.offset(this.#offset + before).limit(rows).all(options),
    ]);
    this.#refuseBehind(number, count);
    return new Page(items, number, this.pageSize, count);
  }

  /** Loads a page by its number, as `getPage()` does. */
  page(number: number, options?: RunOptions): Promise<Page<Item>> {
    return this.getPage(number, options);
  }

  #refuseBehind(number: number, count: number): void {
    const last = pagesOf(count, this.pageSize);
    if (number <= last) return;
    throw new ValidationError(`There is no page ${number}: the last one is ${last}`, {
      code: "page_out_of_range",
      hint: "Ask hasNext of a page, or totalPages, or refresh() when rows were added",
    });
  }

  /** Loads all pages in turn, counting the rows anew. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Page<Item>, void, undefined> {
    this.refresh();
    for (let number: number | null = 1; number !== null;) {
      const page: Page<Item> = await this.getPage(number);
      yield page;
      number = page.nextNumber;
    }
  }
}

function invalidPage(message: string): ValidationError {
  return new ValidationError(message, {
    code: "invalid_page",
    hint: "Say new Paginator(query, { pageSize: 20 }).getPage(1)",
  });
}

/** The names by which an order goes on so that every two rows are told apart. */
function tiesOf(state: QueryState): readonly string[] {
  const { model: { meta }, groupBy, distinct, order } = state;
  if (groupBy === null && distinct === false && isTotal(state)) return [];
  const named = new Set(order.map(({ input }) => orderName(input)));
  const names = tieNames(state).filter((name) => !named.has(name));
  if (order.length > 0 || names.length > 0) return names;
  throw new QueryError(`Cannot make pages of ${meta.label}: it has no order and no key`, {
    code: "no_order",
    hint: 'Add orderBy("...")',
  });
}

function tieNames(state: QueryState): readonly string[] {
  const { model: { meta }, groupBy, distinct, origin } = state;
  if (groupBy !== null) return groupBy;
  const key = meta.primaryKey.map(({ property }) => property);
  if (typeof distinct !== "boolean") return [...distinct, ...key];
  const columns = readColumns(state);
  const isShown = meta.primaryKey.length > 0 &&
    meta.primaryKey.every((one) => columns.includes(one));
  if (isShown || (!distinct && origin?.kind !== "query")) return key;
  // of distinct or combined rows only what they show is there to order by
  return [...columns, ...shownExtras(state)].map(({ property }) => property);
}
