/** What views and the rows that they shape are typed as. */
import { test } from "node:test";
import { BaseDTO, view } from "../../mod.ts";
import type { ComputedFields, DictValue, ShapedBy, ViewClass } from "../../mod.ts";
import { type Customer, Item, Order, type PaidOrder, type Tag } from "./models.ts";

type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends (<T>() => T extends Other ? 1 : 2)
  ? true
  : false;

/** Compiles only for types that are the same. */
function same<One, Other>(_: Same<One, Other>): void {}

class OrderView extends view(Order, {
  prefetch: ["customerId", "items", "tags"],
  exclude: ["meta"],
  inlineFk: { customerId: "customer" },
}) {
  async displayName(order: typeof OrderView.subject): Promise<string> {
    return await Promise.resolve(order.getRelated("customerId").name);
  }

  async pieces(order: typeof OrderView.subject): Promise<number> {
    return await Promise.resolve(order.getRelated("items").length);
  }

  async again(order: typeof OrderView.subject): Promise<Order> {
    return await Promise.resolve(order);
  }

  async _hidden(): Promise<void> {}

  helper(): number {
    // @ts-expect-error a relation that the view does not load
    const later = (order: typeof OrderView.subject) => order.getRelated("parentId").id;
    return later.length;
  }
}

async function shaped(order: Order, paid: PaidOrder, perhaps: Order | null): Promise<void> {
  const row = await OrderView.apply(order);
  same<typeof row.displayName, string>(true);
  same<typeof row.pieces, number>(true);
  same<typeof row.customer, Customer | null>(true);
  const tags: Tag[] = row.getRelated("tags");
  const plain: Order = row;
  const dict = row.toDict();
  same<typeof dict.displayName, string>(true);
  same<typeof dict.status, string>(true);
  const name: string | undefined = dict.customer?.name;
  const again: string = dict.again.status;
  // @ts-expect-error a column that the view leaves out
  dict.meta;
  // @ts-expect-error a foreign key that the view inlines
  dict.customerId;
  // @ts-expect-error a row in plain output is plain
  void dict.again.save();
  row.meta;
  // @ts-expect-error a helper is no field
  row.helper;
  // @ts-expect-error a name with _ is no field
  row._hidden;
  // @ts-expect-error fields are computed, not set
  row.displayName = "x";
  // @ts-expect-error a field is no column
  await row.update({ displayName: "x" });
  same<(typeof row)["total"], string>(true);
  (await OrderView.apply(paid)).label satisfies string;
  const maybe = await OrderView.apply(perhaps);
  // @ts-expect-error it may be null
  maybe.displayName;
  (await OrderView.applyAll([paid]))[0]!.label satisfies string;
  // @ts-expect-error rows of another model
  await OrderView.apply(new Item());
  // @ts-expect-error rows of another model
  await OrderView.applyAll([new Item()]);
  const by: ShapedBy<Order, typeof OrderView> = row;
  same<ShapedBy<Order, null>, Order>(true);
  same<keyof ComputedFields<OrderView>, "displayName" | "pieces" | "again">(true);
  same<DictValue<bigint[]>, bigint[]>(true);
  void [tags, plain, name, again, by];
}

class More extends OrderView {
  async extra(order: typeof More.subject): Promise<bigint> {
    return await Promise.resolve(BigInt(order.version));
  }
}

class Tree extends view(Order, {
  prefetch: { customerId: { orders: { tags: true } }, items: (items) => items.limit(1) },
  inlineFk: { customerId: "customer", parentId: "parent" },
}) {}

async function nested(order: Order): Promise<void> {
  const more = await More.apply(order);
  same<typeof more.extra, bigint>(true);
  same<typeof more.displayName, string>(true);
  const tree = await Tree.apply(order);
  tree.customer!.getRelated("orders")[0]!.getRelated("tags")[0]!.label satisfies string;
  same<typeof tree.parent, Order | null>(true);
  // @ts-expect-error a key that may be NULL
  tree.getRelated("parentId").id;
}

function declared(): void {
  const written: ViewClass<Order, readonly ["items"]> = view(Order, { prefetch: ["items"] });
  // @ts-expect-error no such relation
  view(Order, { prefetch: ["nope"] });
  // @ts-expect-error a column is no relation
  view(Order, { prefetch: ["status"] });
  // @ts-expect-error no such column
  view(Order, { exclude: ["nope"] });
  // @ts-expect-error a relation is no column
  view(Order, { exclude: ["items"] });
  // @ts-expect-error no foreign key
  view(Order, { inlineFk: { items: "x" } });
  // @ts-expect-error no foreign key beside one
  view(Order, { inlineFk: { customerId: "customer", items: "x" } });
  // @ts-expect-error a name is a text
  view(Order, { inlineFk: { customerId: 1 } });
  // @ts-expect-error no such option
  view(Order, { nope: 1 });
  void written;
}

class OrderDTO extends BaseDTO<Order> {
  title = "";
}

async function wrapped(order: Order, item: Item): Promise<void> {
  const dto = await OrderDTO.fromModel(order);
  same<typeof dto.title, string>(true);
  same<typeof dto.status, string>(true);
  same<typeof dto.model, Order>(true);
  same<typeof dto.isPaid, boolean>(true);
  // @ts-expect-error a row of another model
  await OrderDTO.fromModel(item);
}

test("views are typed by their model and methods", () => void [shaped, nested, declared, wrapped]);
