/** Pages by key: each starts where the one before it ended, however many rows there are. */
import type { RunOptions } from "../driver/port.ts";
import { ValidationError } from "../errors/base.ts";
import { finish, readRows, turnedAround } from "./actions.ts";
import { writeCursor } from "./cursor.ts";
import { placed } from "./keyset.ts";
import type { Loader } from "./loader.ts";
import type { QueryState } from "./state.ts";
import type { KeysetPage } from "./types.ts";

/** A page, made of its rows and their keys. */
class Page implements KeysetPage<object> {
  readonly items: readonly object[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
  readonly #cursor: (index: number) => string;

  constructor(
    items: readonly object[],
    more: Pick<KeysetPage<object>, "hasNext" | "hasPrevious">,
    cursor: (index: number) => string,
  ) {
    this.items = items;
    this.hasNext = more.hasNext;
    this.hasPrevious = more.hasPrevious;
    this.#cursor = cursor;
  }

  get startCursor(): string | null {
    return this.items.length === 0 ? null : this.cursorAt(0);
  }

  get endCursor(): string | null {
    return this.items.length === 0 ? null : this.cursorAt(this.items.length - 1);
  }

  cursorAt(index: number): string {
    if (Number.isSafeInteger(index) && index >= 0 && index < this.items.length) {
      return this.#cursor(index);
    }
    throw new ValidationError("The page has no row of this index", {
      code: "invalid_page",
      hint: `It has ${this.items.length} rows, the first of them at 0`,
    });
  }

  [Symbol.iterator](): Iterator<object> {
    return this.items[Symbol.iterator]();
  }
}

/** Loads the page behind or before the cursor of a query; without one, the first. */
export async function loadPage(
  state: QueryState,
  loader: Loader,
  options: RunOptions | undefined,
  operation: string,
): Promise<KeysetPage<object>> {
  const { limit, offset } = state;
  const { after, before } = state.seek ?? { after: null, before: null };
  if (limit === null || limit === 0 || offset !== null) {
    throw new ValidationError("A page by key has a limit of one row or more, and no offset", {
      code: "invalid_page",
      hint: "Say orderBy(...).limit(20).page(); after() and before() choose the page",
    });
  }
  // the rows before a cursor are those behind it in the opposite order
  const backwards = before !== null && after === null;
  const seek = { after, before, shown: true, plan: null };
  const one: QueryState = { ...state, limit: limit + 1, seek };
  const asked = placed(backwards ? turnedAround(one) : one);
  const { plan, rows } = await readRows(asked, options, operation);
  const more = rows.rows.length > limit;
  const kept = rows.rows.slice(0, limit);
  if (backwards) kept.reverse();
  const items = await finish(state, loader, plan, { ...rows, rows: kept });
  const { mark, positions } = plan.key!;
  return new Page(
    items,
    backwards
      ? { hasNext: true, hasPrevious: more }
      : { hasNext: more, hasPrevious: after !== null },
    (index) => writeCursor(mark, positions.map((position) => kept[index]![position] ?? null)),
  );
}

/** Loads one page after another, each when it is asked for. */
export async function* loadPages(
  state: QueryState,
  loader: Loader,
  options: RunOptions | undefined,
): AsyncGenerator<KeysetPage<object>, void, undefined> {
  const { after, before } = state.seek ?? { after: null, before: null };
  const backwards = before !== null && after === null;
  let page = await loadPage(state, loader, options, "filter.pages");
  yield page;
  while ((backwards ? page.hasPrevious : page.hasNext) && page.items.length > 0) {
    const seek = backwards
      ? { after, before: page.startCursor, shown: false, plan: null }
      : { after: page.endCursor, before, shown: false, plan: null };
    page = await loadPage({ ...state, seek }, loader, options, "filter.pages");
    // its rows were deleted meanwhile
    if (page.items.length === 0) return;
    yield page;
  }
}
