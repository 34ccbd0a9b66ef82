import postgresJs from "postgres";
import { choose, COUNT, type DocumentInput, documents, STATUSES, upserts } from "../data.ts";
import { type Candidate, POOL } from "../scenarios.ts";
import { group, nestCustomer } from "./raw.ts";

const names = ["external_id", "title", "category", "score", "meta"] as const;

const snake = ({ externalId, ...rest }: DocumentInput) => ({ external_id: externalId, ...rest });

/** Raw postgres.js, every statement prepared: what all others are divided by. */
export async function postgres(url: string): Promise<Candidate> {
  const sql = postgresJs(url, { max: POOL, onnotice: () => {} });
  const bought = await sql`select * from orders where id <= 500 order by id`;
  const order = async (id: number) => (await sql`select * from orders where id = ${id}`)[0];
  const customer = async (id: number) => (await sql`select * from customers where id = ${id}`)[0];
  const insert = (count: number, turn: number) =>
    sql`insert into entries ${sql(documents(count, turn).map(snake), ...names)} returning *`;
  const withCustomer = async (after: number) =>
    (await sql`
      select o.*, c.id as c_id, c.email as c_email, c.name as c_name, c.country as c_country,
        c.credit as c_credit, c.created_at as c_created_at
      from orders o join customers c on c.id = o.customer_id
      where o.id > ${after} order by o.id limit 100`).map(nestCustomer);
  return {
    operations: {
      keySerial: (turn) => order(choose(turn, COUNT.orders)),
      key50: (turn) =>
        Promise.all(
          Array.from({ length: 50 }, (_, index) => order(choose(turn * 50 + index, COUNT.orders))),
        ),
      list100: (turn) =>
        sql`select * from orders where status = ${STATUSES[turn % 4]!}
          order by created_at desc limit 100`,
      hydrate10k: (turn) => {
        const start = turn % 9 * 10_000;
        return sql`select * from orders where id > ${start} and id <= ${
          start + 10_000
        } order by id`;
      },
      withCustomer: (turn) => withCustomer(choose(turn, 99_000)),
      withThree: async (turn) => {
        const orders = await withCustomer(choose(turn, 99_000));
        const ids = orders.map((one) => one["id"] as number);
        const [items, tags] = await Promise.all([
          sql`select * from line_items where order_id = any(${ids}) order by id`,
          sql`select t.*, j.order_id from tags t join order_tags j on j.tag_id = t.id
            where j.order_id = any(${ids}) order by t.id`,
        ]);
        return group(orders, items, tags);
      },
      insertOne: async (turn) => (await insert(1, turn))[0],
      bulk1k: (turn) => insert(1_000, turn),
      bulk10k: (turn) => insert(10_000, turn),
      updateOne: async (turn) =>
        (await sql`update documents set score = ${turn / 4}
          where id = ${choose(turn, COUNT.documents)}`).count,
      upsert1k: (turn) =>
        sql`insert into documents ${sql(upserts(1_000, turn).map(snake), ...names)}
          on conflict (external_id) do update set title = excluded.title,
          category = excluded.category, score = excluded.score, meta = excluded.meta returning *`,
      aggregate: (turn) => {
        const start = turn % 99 * 100;
        return sql`select status, count(id) as orders, sum(total) as total from orders
          where customer_id > ${start} and customer_id <= ${start + 100}
          group by status order by status`;
      },
      transaction5: (turn) =>
        sql.begin(async (tx) => {
          const [buyer] = await tx`select * from customers where id = ${
            choose(turn, COUNT.customers)
          }`;
          const [one] = await tx`select * from orders where id = ${choose(turn, COUNT.orders)}`;
          const first = await tx`update documents set score = ${turn / 4}
            where id = ${choose(turn, COUNT.documents)}`;
          const second = await tx`update documents set score = ${turn / 8}
            where id = ${choose(turn + 1, COUNT.documents)}`;
          const [made] = await tx`insert into entries ${
            tx(documents(1, turn).map(snake), ...names)
          } returning *`;
          return [buyer, one, first.count, second.count, made];
        }),
      customers500: () => Promise.all(bought.map((one) => customer(one["customer_id"] as number))),
      deepPage: (turn) =>
        sql`select * from orders order by id limit 50 offset ${50_000 + turn % 7}`,
    },
    close: () => sql.end(),
  };
}
