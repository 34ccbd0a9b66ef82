/** What handlers of signals are typed as. */
import { test } from "node:test";
import { F, signals } from "../../mod.ts";
import type { SignalEvents, SignalHandler, SignalValues } from "../../mod.ts";
import { Customer, Order, PaidOrder, Totals } from "./models.ts";

function listening(): void {
  const off: () => void = signals.preSave.on(Order, ({ row, values, created }) => {
    const paid: boolean = row.isPaid;
    values.status = "paid";
    values.total = F("total").plus(1);
    delete values.meta;
    // @ts-expect-error no such column
    values.nope = 1;
    // @ts-expect-error a value of another type
    values.status = 5;
    // @ts-expect-error the server makes it
    values.doubled = "1";
    void [paid, created];
  });
  signals.postSave.on(PaidOrder, ({ row, values }) => {
    const label: string = row.label;
    // @ts-expect-error it was written already
    values.status = "paid";
    void label;
  }, { afterCommit: true, signal: AbortSignal.abort() });
  signals.preBulkCreate.on(Customer, ({ rows }) => void rows.push({ name: "x" }));
  signals.postBulkCreate.on(Customer, ({ rows }) => {
    const names: string[] = rows.map((one) => one.name);
    // @ts-expect-error the rows are not to be changed
    rows.push(rows[0]);
    void names;
  });
  signals.postUpdateWhere.on(Order, async ({ query, count, rows }) => {
    const found: Order[] = await query.filter({ status: "paid" }).all();
    const number: number = count;
    const given: readonly Order[] | null = rows;
    void [found, number, given];
  });
  signals.preM2mChange.on(Order, ({ action }) => {
    const is: boolean = action === "set";
    // @ts-expect-error no such action
    void (action === "put");
    void is;
  });
  signals.preDelete.on(Order, (event) => {
    // @ts-expect-error the event is not to be changed
    event.hard = true;
  });
  signals.preDelete.on(({ row, model }) => void [row, model.meta.table]);
  const handler: SignalHandler<"preCreate", Customer> = ({ row }) => row.name;
  signals.preCreate.on(Customer, handler);
  const event: SignalEvents<Customer>["preCreate"] | null = null;
  const values: SignalValues<Customer> = { name: "x", country: null };
  // @ts-expect-error only what was done can wait for the commit
  signals.preSave.on(Order, () => {}, { afterCommit: true });
  // @ts-expect-error no such signal
  signals.prePaint;
  // @ts-expect-error no handler
  signals.preSave.on(Order);
  // @ts-expect-error the rows of another model
  signals.preCreate.on(Order, handler);
  void [off, event, values, Totals];
}

test("handlers of signals type-check", () => {
  // the compiler is what tests them
  void listening;
});
