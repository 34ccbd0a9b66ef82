/** What is measured, how often, and what the results are reduced to before they are compared. */

/** One scenario. */
export interface Scenario {
  /** How it is named in the table. */
  readonly title: string;
  /** The ratio to raw `postgres` that this ORM is to stay below. */
  readonly target: number;
  /** How many operations one measurement runs. */
  readonly times: number;
  /** Whether it writes, so that the data is put back before each measurement. */
  readonly writes: boolean;
}

const read = (title: string, target: number, times: number): Scenario => ({
  title,
  target,
  times,
  writes: false,
});
const write = (title: string, target: number, times: number): Scenario => ({
  title,
  target,
  times,
  writes: true,
});

/** The scenarios, in the order of the table. */
export const scenarios = {
  keySerial: read("key lookup, one after another", 1.10, 1500),
  key50: read("key lookups, 50 concurrent", 0.45, 80),
  list100: read("list 100, filter and order", 1.0, 250),
  hydrate10k: read("list and hydrate 10,000", 1.05, 8),
  withCustomer: read("100 orders, each with its customer", 0.8, 150),
  withThree: read("100 orders with customer, line items, tags", 1.1, 80),
  insertOne: write("insert one, returning", 1.15, 800),
  bulk1k: write("bulk insert of 1,000, returning", 0.75, 16),
  bulk10k: write("bulk insert of 10,000, returning", 0.6, 3),
  updateOne: write("update one row by key", 1.15, 1000),
  upsert1k: write("upsert of 1,000", 0.75, 12),
  aggregate: read("aggregate with group by", 1.05, 200),
  transaction5: write("transaction of 5 statements", 0.6, 250),
  customers500: read('500 concurrent "customer of this order"', 0.2, 24),
  deepPage: read("page at 50,000 (ours by keyset)", 0.2, 80),
} as const satisfies Readonly<Record<string, Scenario>>;

/** The name of a scenario. */
export type ScenarioName = keyof typeof scenarios;

/** All names, in order. */
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];

/** One operation of each scenario; `turn` chooses the keys, the same for every candidate. */
export type Operations = Readonly<Record<ScenarioName, (turn: number) => Promise<unknown>>>;

/** One library under measurement, connected. */
export interface Candidate {
  /** Its operations; a result is what a user of the library would work with. */
  readonly operations: Operations;
  /** Turns a result into the common nesting, for comparison only; never measured. */
  readonly shape?: { readonly [Name in ScenarioName]?: (result: never) => unknown };
  /** Closes its connections. */
  close(): Promise<void>;
}

/** What a candidate's module exports, by the candidate's name. */
export type Open = (url: string) => Promise<Candidate>;

/** Most connections of every candidate's pool. */
export const POOL = 10;

type Plain = Readonly<Record<string, unknown>>;

function value(row: unknown, name: string): unknown {
  const plain = row as Plain;
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const found = name in plain ? plain[name] : plain[snake];
  if (found === undefined) throw new Error(`the result has no ${name}`);
  return found;
}

const moment = (of: unknown): string => new Date(of as string).toISOString();
const list = (of: unknown): unknown[] => Array.from(of as Iterable<unknown>);

function customer(row: unknown): Plain {
  return {
    id: value(row, "id"),
    email: value(row, "email"),
    name: value(row, "name"),
    country: value(row, "country"),
    credit: Number(value(row, "credit")),
    createdAt: moment(value(row, "createdAt")),
  };
}

function order(row: unknown): Plain {
  return {
    id: value(row, "id"),
    customerId: value(row, "customerId"),
    status: value(row, "status"),
    total: Number(value(row, "total")),
    note: value(row, "note"),
    meta: sorted(value(row, "meta")),
    createdAt: moment(value(row, "createdAt")),
  };
}

function sorted(json: unknown): unknown {
  return json === null ? null : Object.entries(json as Plain).sort();
}

function document(row: unknown): Plain {
  // the key and the time of creation differ from one insert to the next
  if (typeof value(row, "id") !== "number") throw new Error("the key did not come back");
  return {
    externalId: value(row, "externalId"),
    title: value(row, "title"),
    category: value(row, "category"),
    score: value(row, "score"),
    meta: sorted(value(row, "meta")),
  };
}

function lineItem(row: unknown): Plain {
  return {
    id: value(row, "id"),
    orderId: value(row, "orderId"),
    product: value(row, "product"),
    qty: value(row, "qty"),
    price: Number(value(row, "price")),
  };
}

const withCustomer = (row: unknown): Plain => ({
  ...order(row),
  customer: customer(value(row, "customer")),
});
const byId = (a: unknown, b: unknown): number => Number((a as Plain).id) - Number((b as Plain).id);

/** Reduces a result to plain data that is the same for every candidate. */
export const plain: Readonly<Record<ScenarioName, (result: unknown) => unknown>> = {
  keySerial: order,
  key50: (rows) => list(rows).map(order),
  list100: (rows) => list(rows).map(order),
  hydrate10k: (rows) => list(rows).map(order),
  withCustomer: (rows) => list(rows).map(withCustomer),
  withThree: (rows) =>
    list(rows).map((row) => ({
      ...withCustomer(row),
      lineItems: list(value(row, "lineItems")).map(lineItem).sort(byId),
      tags: list(value(row, "tags"))
        .map((tag) => ({ id: value(tag, "id"), name: value(tag, "name") })).sort(byId),
    })),
  insertOne: document,
  bulk1k: (rows) => list(rows).map(document),
  bulk10k: (rows) => list(rows).map(document),
  updateOne: (count) => Number(count),
  upsert1k: (rows) => list(rows).map(document),
  aggregate: (rows) =>
    list(rows).map((row) => ({
      status: value(row, "status"),
      orders: Number(value(row, "orders")),
      total: Number(value(row, "total")),
    })),
  transaction5: (result) => {
    const [buyer, bought, first, second, made] = list(result);
    return [customer(buyer), order(bought), Number(first), Number(second), document(made)];
  },
  customers500: (rows) => list(rows).map(customer),
  deepPage: (rows) => list(rows).map(order),
};
