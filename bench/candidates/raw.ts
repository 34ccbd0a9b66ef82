/** What users of a raw driver write by hand. */
export type Raw = Record<string, unknown>;

const PREFIX = "c_";

/** Makes the columns of a joined customer into an object of its own. */
export function nestCustomer(row: Raw): Raw {
  return {
    id: row.id,
    customer_id: row.customer_id,
    status: row.status,
    total: row.total,
    note: row.note,
    meta: row.meta,
    created_at: row.created_at,
    customer: {
      id: row[`${PREFIX}id`],
      email: row[`${PREFIX}email`],
      name: row[`${PREFIX}name`],
      country: row[`${PREFIX}country`],
      credit: row[`${PREFIX}credit`],
      created_at: row[`${PREFIX}created_at`],
    },
  };
}

/** Gives each order its line items and tags. */
export function group(
  orders: readonly Raw[],
  items: readonly Raw[],
  tags: readonly Raw[],
): Raw[] {
  const byId = new Map<unknown, { lineItems: Raw[]; tags: Raw[] }>();
  for (const one of orders) byId.set(one.id, { lineItems: [], tags: [] });
  for (const one of items) byId.get(one.order_id)?.lineItems.push(one);
  for (const one of tags) byId.get(one.order_id)?.tags.push(one);
  return orders.map((one) => ({ ...one, ...byId.get(one.id) }));
}
