/** What pages are typed as. */
import { test } from "node:test";
import { count, type KeysetPage, type Page, Paginator } from "../../mod.ts";
import { type Customer, Order } from "./models.ts";

async function numbered(): Promise<void> {
  const page: Page<Order> = await new Paginator(Order.filter(), { pageSize: 5 }).getPage(1);
  const next: number | null = page.nextNumber;
  const loaded = await new Paginator(Order.filter().selectRelated("customerId")).page(1);
  const customer: Customer = loaded.items[0]!.getRelated("customerId");
  const groups = new Paginator(Order.filter().groupBy("status").annotate({ n: count() }));
  for await (const one of groups) {
    const n: number = one.items[0]!.n;
    void n;
  }
  // @ts-expect-error no query
  new Paginator(Order);
  // @ts-expect-error no such option
  new Paginator(Order.filter(), { size: 5 });
  // @ts-expect-error a page is not to be changed
  page.items.push(page.items[0]!);
  // @ts-expect-error other rows
  const wrong: Page<Customer> = page;
  void [next, customer, wrong];
}

async function keyed(): Promise<void> {
  const query = Order.filter().orderBy("-total").limit(5);
  const page: KeysetPage<Order> = await query.after(null).page();
  const cursor: string | null = page.endCursor;
  const flat: KeysetPage<string> = await query.valuesList("status", { flat: true }).page();
  for await (const one of query.before(cursor).pages()) {
    const rows: readonly Order[] = one.items;
    void rows;
  }
  // @ts-expect-error a forgotten variable
  query.after(undefined);
  // @ts-expect-error a cursor is text
  query.before(5);
  void flat;
}

test("pages type-check", () => {
  // the compiler is what tests them
  void [numbered, keyed];
});
