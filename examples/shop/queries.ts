/** What the generated models can do, on the shop's data. `main.ts` generates them and runs this. */
import {
  integer,
  model,
  OptimisticLockError,
  Q,
  type Query,
  sql,
  text,
  transaction,
  version,
  view,
} from "@matrx/orm";
import { orderManager } from "./models/managers.ts";
import {
  BestSeller,
  Category,
  Customer,
  Order,
  OrderTotal,
  Product,
  ReturnRequest,
  Staff,
} from "./models/mod.ts";

function heading(text: string): void {
  console.log(`\n   -- ${text}`);
}

/** Prints rows as a table; numbers are set to the right. */
function table(rows: readonly Record<string, unknown>[]): void {
  if (rows.length === 0) return console.log("   (no rows)");
  const columns = Object.keys(rows[0]!);
  const cell = (value: unknown): string => {
    if (value === null) return "-";
    return value instanceof Date ? value.toISOString().slice(0, 10) : String(value);
  };
  const isNumber = (column: string): boolean =>
    rows.every((row) => /^(?:-?[\d.]+|-)$/.test(cell(row[column])));
  const widths = columns.map((name) =>
    Math.max(name.length, ...rows.map((row) => cell(row[name]).length))
  );
  const line = (cells: readonly string[]): string =>
    cells.map((one, at) =>
      isNumber(columns[at]!) ? one.padStart(widths[at]!) : one.padEnd(widths[at]!)
    ).join("  ").trimEnd();
  console.log(`   ${line(columns)}`);
  for (const row of rows) console.log(`   ${line(columns.map((name) => cell(row[name])))}`);
}

/** Prints the statement that a query stands for, its columns cut short. */
function showSql<Result, Shape>(query: Query<Result, Shape>): void {
  const { text, params } = query.toSql();
  const short = text.replace(/^select (.*?, .*?, ).*, (.*?) from /, "select $1…, $2 from ");
  const lines = short.split(/ (?=(?:from|left join|where|order by|limit) )/);
  console.log(`   SQL  ${lines.join("\n        ")}   -- ${params} values bound`);
}

async function filters(): Promise<void> {
  heading("Filters: paid or shipped orders since March, the newest first");
  const recent = Order
    .filter({ status: { in: ["paid", "shipped"] }, placedAt: { gte: new Date("2026-03-01") } })
    .selectRelated("customerId")
    .orderBy("-placedAt")
    .limit(5);
  const orders = await recent.all();
  table(orders.map((order) => ({
    order: order.id,
    customer: order.getRelated("customerId")?.fullName,
    status: order.status,
    placed: order.placedAt,
  })));
  showSql(recent);

  heading("Filters on jsonb, arrays, a relation, and with or/not");
  const light = Product
    .filter(
      Q({ attributes: { contains: { caffeine: false } } })
        .or({ tags: { some: { label: "gift" } } }),
      { price: { lt: "40" } },
    )
    .exclude({ discontinuedAt: { isNull: false } })
    .orderBy("price");
  table((await light.all()).map(({ sku, title, price }) => ({ sku, title, price })));
}

async function relations(): Promise<void> {
  heading("Relations from one row: foreign keys, inverse, two keys to one table");
  const order = await Order.get({ id: 8 });
  const [customer, billing, shipping, lines] = await Promise.all([
    order.fetchFk("customerId"),
    order.fetchFk("billingAddressId"),
    order.fetchFk("shippingAddressId"),
    order.fetchIfk("orderLines"),
  ]);
  console.log(`   Order ${order.id} of ${customer?.fullName}: ${lines.length} lines`);
  console.log(`   billed to ${billing?.city}, sent to ${shipping?.city} (${order.note})`);

  heading("A self reference and a composite key");
  const boss = await Staff.get({ fullName: "Greta Holm" });
  const team = await boss.fetchIfk("staffByManagerId");
  console.log(`   ${boss.fullName} leads ${team.map(({ fullName }) => fullName).join(" and ")}`);
  for (const request of await ReturnRequest.filter().orderBy("id").all()) {
    const line = await request.fetchFk("orderLine");
    console.log(
      `   Return ${request.id} of order ${line?.orderId}, line ${line?.lineNo}: ${request.reason}`,
    );
  }

  heading("Many-to-many: tag a product, see its tags");
  const press = await Product.get({ sku: "GEA-001" });
  await press.addM2m("tags", 2);
  console.log(
    `   ${press.title}: ${(await press.fetchM2m("tags")).map((tag) => tag.label).join(", ")}`,
  );

  heading("Nested prefetch: a category's products with their reviews and who wrote them");
  const categories = await Category.filter({ slug: { in: ["coffee", "brewing"] } }).orderBy("id")
    .prefetchRelated({ products: { reviews: { customerId: true }, tags: true } }).all();
  for (const category of categories) {
    console.log(`   ${category.name}`);
    for (const product of category.getRelated("products")) {
      const tags = product.getRelated("tags").map((tag) => tag.label).join(", ");
      console.log(`     ${product.title}${tags === "" ? "" : ` [${tags}]`}`);
      for (const review of product.getRelated("reviews")) {
        const by = review.getRelated("customerId")?.fullName;
        console.log(`       ${"★".repeat(review.rating)} ${by}: ${review.body ?? "(no words)"}`);
      }
    }
  }
}

async function transactions(): Promise<void> {
  heading("A transaction: pay a draft, or leave everything as it was");
  const draft = await Order.get({ status: "draft" });
  try {
    await transaction(async () => {
      await draft.update({ status: "paid" });
      // the check of the table refuses a quantity of 0
      await (await draft.fetchIfk("orderLines"))[0]!.update({ quantity: 0 });
    });
  } catch (error) {
    console.log(`   refused: ${(error as Error).message}`);
  }
  console.log(`   in the database it is still "${(await Order.get({ id: draft.id })).status}"`);
}

/** A model by hand, beside the generated one: `version` is what the optimistic lock counts. */
class OrderNote extends model("orders", {
  id: integer().primaryKey(),
  note: text().nullable(),
  version: version(),
}) {}

async function optimisticLock(): Promise<void> {
  heading("An optimistic lock: two people edit one note");
  const [mine, theirs] = [await OrderNote.get({ id: 7 }), await OrderNote.get({ id: 7 })];
  mine.note = "Ring twice";
  await mine.save();
  theirs.note = "Do not ring";
  try {
    await theirs.save();
  } catch (error) {
    if (!(error instanceof OptimisticLockError)) throw error;
    console.log(`   ${error.message}`);
  }
  await theirs.refresh();
  console.log(`   it says "${theirs.note}", version ${theirs.version}`);
}

async function views(): Promise<void> {
  heading("A view, and a materialized view after a refresh");
  const totals = await OrderTotal.filter({ total: { gte: "100" } }).orderBy("-total").all();
  table(totals.map(({ orderId, status, lines, total }) => ({ orderId, status, lines, total })));
  await BestSeller.refresh({ concurrently: true });
  const best = await BestSeller.filter().orderBy("-sold", "title").limit(3).all();
  table(best.map(({ title, sold, revenue }) => ({ title, sold, revenue })));
}

/** What a list of orders shows. */
class OrderCard extends view(Order, {
  prefetch: ["orderLines"],
  exclude: ["note", "billingAddressId", "shippingAddressId"],
  inlineFk: { customerId: "customer" },
}) {
  async headline(order: typeof OrderCard.subject): Promise<string> {
    const pieces = order.getRelated("orderLines").reduce((sum, { quantity }) => sum + quantity, 0);
    return await Promise.resolve(`${pieces} pieces for ${order.getRelated("customerId").fullName}`);
  }
}

async function managers(): Promise<void> {
  heading("A generated manager, and a view with a computed field");
  const cards = await orderManager.loadItems({ status: "paid" }, {
    orderBy: "id",
    limit: 3,
    view: OrderCard,
  });
  table(cards.map(({ id, headline, customer }) => ({ id, headline, email: customer?.email })));
  const shown = Object.keys(cards[0]!.toDict()).join(", ");
  console.log(`   toDict() gives ${shown}`);
  const order = await orderManager.getOrderWithCustomer(8);
  console.log(`   orderManager.getOrderWithCustomer(8): ${order.getRelated("customerId").fullName}`);
}

async function likeness(): Promise<void> {
  heading("Nearest neighbours: something to brew coffee with on a journey");
  // coffee, tea, brewing gear, tableware, travel, electric, sweet, strong
  const wish = [0.6, 0, 0.9, 0, 0.8, 0, 0, 0.3];
  const found = Product.filter({ discontinuedAt: null })
    .nearest("embedding", wish, { metric: "cosine" })
    .limit(4);
  const products = await found.all();
  table(products.map(({ title, price, distance }) => ({
    title,
    price,
    distance: distance.toFixed(3),
  })));
  showSql(found);
}

async function ownSql(): Promise<void> {
  heading("SQL of one's own, with values bound: what each country bought");
  const least = 2;
  table(
    await Customer.rawSql(sql`
    select c.country, count(*) as orders, sum(t.total) as total
    from customers c join order_totals t on t.customer_id = c.id
    group by c.country having count(*) >= ${least} order by total desc`),
  );
}

/** Runs all of it on the registered database. */
export async function run(): Promise<void> {
  await filters();
  await relations();
  await transactions();
  await optimisticLock();
  await views();
  await managers();
  await likeness();
  await ownSql();
}
