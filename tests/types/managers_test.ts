/** What managers take and give. */
import { test } from "node:test";
import { manager, view } from "../../mod.ts";
import type { ItemWith, Manager, ManagerClass, ManagerKey, ReadManager } from "../../mod.ts";
import { Item, Order, Totals } from "./models.ts";

class OrderView extends view(Order, {
  prefetch: ["items"],
  inlineFk: { customerId: "customer" },
}) {
  async displayName(order: typeof OrderView.subject): Promise<string> {
    return await Promise.resolve(order.status);
  }
}

class Brief extends view(Order) {
  async short(): Promise<number> {
    return await Promise.resolve(1);
  }
}

class ItemView extends view(Item) {}

class OrderManager extends manager(Order, { view: OrderView }) {
  override onLoad(item: Order): void {
    void item.isPaid;
  }

  async open(): Promise<string[]> {
    const items = await this.loadItems({ status: "open" }, { orderBy: "-total", limit: 3 });
    return items.map(({ displayName }) => displayName);
  }
}

const Plain = manager(Order);

class TotalsManager extends manager(Totals) {}

async function calls(
  m: OrderManager,
  plain: InstanceType<typeof Plain>,
  totals: TotalsManager,
): Promise<void> {
  (await m.loadById("x")).displayName satisfies string;
  (await m.loadById("x", { timeoutMs: 5 })).displayName satisfies string;
  (await m.loadById("x", { view: Brief })).short satisfies number;
  const bare = await m.loadById("x", { view: null });
  // @ts-expect-error no view, no field
  bare.displayName;
  bare.isPaid satisfies boolean;
  (await m.loadItems())[0]!.customer?.name satisfies string | undefined;
  // @ts-expect-error it may not be there
  (await m.loadItemOrNull({ status: "x" })).displayName;
  (await m.getItemWithRelated("x", "tags")).getRelated("tags")[0]!.label satisfies string;
  const deep = await m.getItemWithRelated("x", { customerId: { orders: true } });
  deep.getRelated("customerId").getRelated("orders")[0]!.total satisfies string;
  const all = await m.getItemWithAllRelated("x");
  all.getRelated("parentId")?.status satisfies string | undefined;
  (await m.getItemsWithRelated("tags"))[0]!.displayName satisfies string;
  (await m.getItemDict("x")).displayName satisfies string;
  (await m.loadItemsDict({ status: "x" }, { limit: 1 }))[0]!.status satisfies string;
  // @ts-expect-error what the view inlines is in place of the column
  (await m.getItemDict("x")).customerId;
  (await m.getItemDict("x", { view: null })).customerId satisfies string;
  (await m.createItem({ customerId: "x", total: 1 })).displayName satisfies string;
  (await m.updateItem("x", { status: "y" })).displayName satisfies string;
  (await m.upsertItem({ customerId: "x", total: 1 }, { conflict: ["id"] })).displayName;
  (await m.getOrCreate({ status: "x" }, {}, { view: Brief })).short satisfies number;
  await m.addM2m("x", "tags", 1, 2);
  (await m.using("other").loadItem({ id: "x" })).displayName satisfies string;
  (await plain.loadItem({ status: "x" })).isPaid satisfies boolean;
  (await totals.loadItems({ sum: { gt: 1 } }))[0]!.sum satisfies string | null;
  // @ts-expect-error a key of another type
  await m.loadById(5);
  // @ts-expect-error no such field
  await m.loadItem({ nope: 1 });
  // @ts-expect-error no such relation
  await m.getItemWithRelated("x", "nope");
  // @ts-expect-error a column is missing
  await m.createItem({ customerId: "x" });
  // @ts-expect-error no such column
  await m.updateItem("x", { displayName: "y" });
  // @ts-expect-error no many-to-many relation
  await m.addM2m("x", "items", 1);
  // @ts-expect-error a view of another model
  await m.loadById("x", { view: ItemView });
  // @ts-expect-error a view is read alone
  await totals.createItem({});
  const key: ManagerKey<Item> = 5;
  const item: ItemWith<Order, "items", null> = await plain.getItemWithRelated("x", "items");
  void [key, item];
}

function declared(): void {
  const written: ManagerClass<Order, typeof OrderView> = manager(Order, { view: OrderView });
  const made: Manager<Order, typeof OrderView> = new OrderManager();
  const read: ReadManager<Totals> = new TotalsManager();
  // @ts-expect-error a view of another model
  manager(Order, { view: ItemView });
  // @ts-expect-error no such option
  manager(Order, { nope: 1 });
  // @ts-expect-error nothing is written
  manager(Totals, { validate: true });
  void [written, made, read];
}

test("managers are typed by their model and view", () => void [calls, declared]);
