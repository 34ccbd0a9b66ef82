import pgPackage from "pg";
import { choose, COUNT, type DocumentInput, documents, STATUSES, upserts } from "../data.ts";
import { type Candidate, POOL } from "../scenarios.ts";
import { group, nestCustomer, type Raw } from "./raw.ts";

const COLUMNS = "(external_id, title, category, score, meta)";

const insertValues = (row: DocumentInput): unknown[] => [
  row.externalId,
  row.title,
  row.category,
  row.score,
  row.meta,
];

function manyValues(rows: readonly DocumentInput[]): { text: string; values: unknown[] } {
  const values = rows.flatMap(insertValues);
  const places = rows.map((_, index) =>
    `($${index * 5 + 1}, $${index * 5 + 2}, $${index * 5 + 3}, $${index * 5 + 4}, $${
      index * 5 + 5
    })`
  );
  return { text: places.join(", "), values };
}

/** Raw node-postgres, statements prepared by name. */
export async function pg(url: string): Promise<Candidate> {
  const pool = new pgPackage.Pool({ connectionString: url, max: POOL });
  const on = (target: pgPackage.Pool | pgPackage.PoolClient) => {
    const rows = async (name: string, text: string, values: unknown[] = []): Promise<Raw[]> =>
      (await target.query({ name, text, values })).rows;
    return {
      rows,
      order: async (id: number) =>
        (await rows("order", "select * from orders where id = $1", [id]))[0],
      customer: async (id: number) =>
        (await rows("customer", "select * from customers where id = $1", [id]))[0],
      update: async (id: number, score: number) =>
        (await target.query({
          name: "update",
          text: "update documents set score = $1 where id = $2",
          values: [score, id],
        })).rowCount,
      insertOne: async (row: DocumentInput) =>
        (await rows(
          "insert",
          `insert into entries ${COLUMNS} values ($1, $2, $3, $4, $5) returning *`,
          insertValues(row),
        ))[0],
    };
  };
  const all = on(pool);
  const bought = await all.rows("first", "select * from orders where id <= 500 order by id");
  const insert = async (count: number, turn: number) => {
    const { text, values } = manyValues(documents(count, turn));
    return await all.rows(
      `insert${count}`,
      `insert into entries ${COLUMNS} values ${text} returning *`,
      values,
    );
  };
  const withCustomer = async (after: number) =>
    (await all.rows(
      "customers",
      `select o.*, c.id as c_id, c.email as c_email, c.name as c_name, c.country as c_country,
        c.credit as c_credit, c.created_at as c_created_at
      from orders o join customers c on c.id = o.customer_id
      where o.id > $1 order by o.id limit 100`,
      [after],
    )).map(nestCustomer);
  return {
    operations: {
      keySerial: (turn) => all.order(choose(turn, COUNT.orders)),
      key50: (turn) =>
        Promise.all(Array.from(
          { length: 50 },
          (_, index) => all.order(choose(turn * 50 + index, COUNT.orders)),
        )),
      list100: (turn) =>
        all.rows(
          "list",
          "select * from orders where status = $1 order by created_at desc limit 100",
          [STATUSES[turn % 4]],
        ),
      hydrate10k: (turn) =>
        all.rows("many", "select * from orders where id > $1 and id <= $2 order by id", [
          turn % 9 * 10_000,
          turn % 9 * 10_000 + 10_000,
        ]),
      withCustomer: (turn) => withCustomer(choose(turn, 99_000)),
      withThree: async (turn) => {
        const orders = await withCustomer(choose(turn, 99_000));
        const ids = orders.map((one) => one.id);
        const [items, tags] = await Promise.all([
          all.rows("items", "select * from line_items where order_id = any($1) order by id", [ids]),
          all.rows(
            "tags",
            `select t.*, j.order_id from tags t join order_tags j on j.tag_id = t.id
              where j.order_id = any($1) order by t.id`,
            [ids],
          ),
        ]);
        return group(orders, items, tags);
      },
      insertOne: (turn) => all.insertOne(documents(1, turn)[0]!),
      bulk1k: (turn) => insert(1_000, turn),
      bulk10k: (turn) => insert(10_000, turn),
      updateOne: (turn) => all.update(choose(turn, COUNT.documents), turn / 4),
      upsert1k: (turn) => {
        const { text, values } = manyValues(upserts(1_000, turn));
        return all.rows(
          "upsert",
          `insert into documents ${COLUMNS} values ${text} on conflict (external_id) do update
            set title = excluded.title, category = excluded.category, score = excluded.score,
            meta = excluded.meta returning *`,
          values,
        );
      },
      aggregate: (turn) =>
        all.rows(
          "aggregate",
          `select status, count(id) as orders, sum(total) as total from orders
            where customer_id > $1 and customer_id <= $2 group by status order by status`,
          [turn % 99 * 100, turn % 99 * 100 + 100],
        ),
      transaction5: async (turn) => {
        const client = await pool.connect();
        try {
          const tx = on(client);
          await client.query("begin");
          const result = [
            await tx.customer(choose(turn, COUNT.customers)),
            await tx.order(choose(turn, COUNT.orders)),
            await tx.update(choose(turn, COUNT.documents), turn / 4),
            await tx.update(choose(turn + 1, COUNT.documents), turn / 8),
            await tx.insertOne(documents(1, turn)[0]!),
          ];
          await client.query("commit");
          return result;
        } catch (error) {
          await client.query("rollback");
          throw error;
        } finally {
          client.release();
        }
      },
      customers500: () => Promise.all(bought.map((one) => all.customer(one.customer_id as number))),
      deepPage: (turn) =>
        all.rows("page", "select * from orders order by id limit 50 offset $1", [
          50_000 + turn % 7,
        ]),
    },
    close: () => pool.end(),
  };
}
