import { PrismaPg } from "@prisma/adapter-pg";
import { choose, COUNT, documents, STATUSES, upserts } from "../data.ts";
import { PrismaClient } from "../generated/prisma/client.ts";
import { type Candidate, POOL } from "../scenarios.ts";

/** Prisma 7 on its node-postgres adapter. */
export async function prisma(url: string): Promise<Candidate> {
  const client = new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, max: POOL }),
    transactionOptions: { maxWait: 60_000, timeout: 120_000 },
  });
  type Target = Pick<typeof client, "customer" | "order" | "document" | "entry">;
  const order = (id: number, on: Target = client) => on.order.findUnique({ where: { id } });
  const customer = (id: number, on: Target = client) => on.customer.findUnique({ where: { id } });
  const update = async (id: number, score: number, on: Target = client) =>
    (await on.document.updateMany({ where: { id }, data: { score } })).count;
  const insert = (count: number, turn: number) =>
    client.entry.createManyAndReturn({ data: documents(count, turn) });
  const bought = await client.order.findMany({
    where: { id: { lte: 500 } },
    orderBy: { id: "asc" },
  });
  return {
    operations: {
      keySerial: (turn) => order(choose(turn, COUNT.orders)),
      key50: (turn) =>
        Promise.all(
          Array.from({ length: 50 }, (_, index) => order(choose(turn * 50 + index, COUNT.orders))),
        ),
      list100: (turn) =>
        client.order.findMany({
          where: { status: STATUSES[turn % 4]! },
          orderBy: { createdAt: "desc" },
          take: 100,
        }),
      hydrate10k: (turn) => {
        const start = turn % 9 * 10_000;
        return client.order.findMany({
          where: { id: { gt: start, lte: start + 10_000 } },
          orderBy: { id: "asc" },
        });
      },
      withCustomer: (turn) =>
        client.order.findMany({
          where: { id: { gt: choose(turn, 99_000) } },
          orderBy: { id: "asc" },
          take: 100,
          include: { customer: true },
        }),
      withThree: (turn) =>
        client.order.findMany({
          where: { id: { gt: choose(turn, 99_000) } },
          orderBy: { id: "asc" },
          take: 100,
          include: { customer: true, lineItems: true, tags: { include: { tag: true } } },
        }),
      insertOne: (turn) => client.entry.create({ data: documents(1, turn)[0]! }),
      bulk1k: (turn) => insert(1_000, turn),
      bulk10k: (turn) => insert(10_000, turn),
      updateOne: (turn) => update(choose(turn, COUNT.documents), turn / 4),
      // it has no upsert of many rows
      upsert1k: (turn) =>
        client.$transaction(
          upserts(1_000, turn).map(({ externalId, ...rest }) =>
            client.document.upsert({
              where: { externalId },
              create: { externalId, ...rest },
              update: rest,
            })
          ),
        ),
      aggregate: (turn) => {
        const start = turn % 99 * 100;
        return client.order.groupBy({
          by: ["status"],
          where: { customerId: { gt: start, lte: start + 100 } },
          _count: { id: true },
          _sum: { total: true },
          orderBy: { status: "asc" },
        });
      },
      transaction5: (turn) =>
        client.$transaction(async (tx) => [
          await customer(choose(turn, COUNT.customers), tx),
          await order(choose(turn, COUNT.orders), tx),
          await update(choose(turn, COUNT.documents), turn / 4, tx),
          await update(choose(turn + 1, COUNT.documents), turn / 8, tx),
          await tx.entry.create({ data: documents(1, turn)[0]! }),
        ]),
      customers500: () => Promise.all(bought.map((one) => customer(one.customerId))),
      deepPage: (turn) =>
        client.order.findMany({ orderBy: { id: "asc" }, take: 50, skip: 50_000 + turn % 7 }),
    },
    shape: {
      withThree: (rows: readonly { readonly tags: readonly { readonly tag: object }[] }[]) =>
        rows.map((row) => ({ ...row, tags: row.tags.map(({ tag }) => tag) })),
      aggregate: (
        rows: readonly {
          readonly status: string;
          readonly _count: { readonly id: number };
          readonly _sum: { readonly total: unknown };
        }[],
      ) =>
        rows.map((row) => ({ status: row.status, orders: row._count.id, total: row._sum.total })),
    },
    close: () => client.$disconnect(),
  };
}
