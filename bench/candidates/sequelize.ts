import {
  DataTypes,
  type Model,
  type ModelAttributes,
  type ModelStatic,
  Op,
  Sequelize,
  type Transaction,
} from "sequelize";
import { choose, COUNT, documents, STATUSES, upserts } from "../data.ts";
import { type Candidate, POOL } from "../scenarios.ts";

const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true });
const money = DataTypes.DECIMAL(12, 2);
const text = () => ({ type: DataTypes.TEXT, allowNull: false });
const moment = () => ({ type: DataTypes.DATE, allowNull: false });

type Row = Model<Record<string, unknown>>;
type Table = ModelStatic<Row>;

/** Sequelize on node-postgres; rows are instances, as they are by default. */
export async function sequelize(url: string): Promise<Candidate> {
  const db = new Sequelize(url, {
    logging: false,
    pool: { max: POOL },
    define: { timestamps: false, underscored: true },
  });
  const table = (name: string, attributes: ModelAttributes): Table =>
    db.define(name, attributes, { tableName: name }) as Table;
  const customers = table("customers", {
    id: id(),
    email: text(),
    name: text(),
    country: text(),
    credit: money,
    createdAt: moment(),
  });
  const orders = table("orders", {
    id: id(),
    customerId: DataTypes.INTEGER,
    status: text(),
    total: money,
    note: DataTypes.TEXT,
    meta: DataTypes.JSONB,
    createdAt: moment(),
  });
  const lineItems = table("line_items", {
    id: id(),
    orderId: DataTypes.INTEGER,
    product: text(),
    qty: DataTypes.INTEGER,
    price: money,
  });
  const tags = table("tags", { id: id(), name: text() });
  const orderTags = table("order_tags", {
    orderId: { type: DataTypes.INTEGER, primaryKey: true },
    tagId: { type: DataTypes.INTEGER, primaryKey: true },
  });
  const documentColumns = {
    id: id(),
    externalId: { ...text(), unique: true },
    title: text(),
    category: text(),
    score: { type: DataTypes.DOUBLE, allowNull: false },
    meta: { type: DataTypes.JSONB, allowNull: false },
    createdAt: { ...moment(), defaultValue: db.literal("now()") },
  };
  const documentTable = table("documents", documentColumns);
  const entries = table("entries", documentColumns);
  orders.belongsTo(customers, { as: "customer", foreignKey: "customerId" });
  orders.hasMany(lineItems, { as: "lineItems", foreignKey: "orderId" });
  orders.belongsToMany(tags, { as: "tags", through: orderTags, foreignKey: "orderId" });
  tags.belongsToMany(orders, { as: "orders", through: orderTags, foreignKey: "tagId" });

  const order = (key: number, transaction?: Transaction) => orders.findByPk(key, on(transaction));
  const customer = (key: number, transaction?: Transaction) =>
    customers.findByPk(key, on(transaction));
  const update = async (key: number, score: number, transaction?: Transaction) =>
    (await documentTable.update({ score }, { where: { id: key }, ...on(transaction) }))[0];
  const insertOne = (turn: number, transaction?: Transaction) =>
    entries.create({ ...documents(1, turn)[0]! }, on(transaction));
  const insert = (count: number, turn: number) =>
    entries.bulkCreate(documents(count, turn).map((row) => ({ ...row })), { returning: true });
  const bought = await orders.findAll({ where: { id: { [Op.lte]: 500 } }, order: [["id", "asc"]] });
  const customerIds = bought.map((one) => one.get("customerId") as number);
  return {
    operations: {
      keySerial: (turn) => order(choose(turn, COUNT.orders)),
      key50: (turn) =>
        Promise.all(
          Array.from({ length: 50 }, (_, index) => order(choose(turn * 50 + index, COUNT.orders))),
        ),
      list100: (turn) =>
        orders.findAll({
          where: { status: STATUSES[turn % 4]! },
          order: [["createdAt", "desc"]],
          limit: 100,
        }),
      hydrate10k: (turn) => {
        const start = turn % 9 * 10_000;
        return orders.findAll({
          where: { id: { [Op.gt]: start, [Op.lte]: start + 10_000 } },
          order: [["id", "asc"]],
        });
      },
      withCustomer: (turn) =>
        orders.findAll({
          where: { id: { [Op.gt]: choose(turn, 99_000) } },
          order: [["id", "asc"]],
          limit: 100,
          include: ["customer"],
        }),
      withThree: (turn) =>
        orders.findAll({
          where: { id: { [Op.gt]: choose(turn, 99_000) } },
          order: [["id", "asc"]],
          limit: 100,
          include: [
            "customer",
            { association: "lineItems", separate: true },
            { association: "tags", through: { attributes: [] } },
          ],
        }),
      insertOne: (turn) => insertOne(turn),
      bulk1k: (turn) => insert(1_000, turn),
      bulk10k: (turn) => insert(10_000, turn),
      updateOne: (turn) => update(choose(turn, COUNT.documents), turn / 4),
      upsert1k: (turn) =>
        documentTable.bulkCreate(upserts(1_000, turn).map((row) => ({ ...row })), {
          updateOnDuplicate: ["title", "category", "score", "meta"],
          conflictAttributes: ["externalId"],
          returning: true,
        }),
      aggregate: (turn) => {
        const start = turn % 99 * 100;
        return orders.findAll({
          attributes: [
            "status",
            [db.fn("count", db.col("id")), "orders"],
            [db.fn("sum", db.col("total")), "total"],
          ],
          where: { customerId: { [Op.gt]: start, [Op.lte]: start + 100 } },
          group: "status",
          order: ["status"],
        });
      },
      transaction5: (turn) =>
        db.transaction(async (tx) => [
          await customer(choose(turn, COUNT.customers), tx),
          await order(choose(turn, COUNT.orders), tx),
          await update(choose(turn, COUNT.documents), turn / 4, tx),
          await update(choose(turn + 1, COUNT.documents), turn / 8, tx),
          await insertOne(turn, tx),
        ]),
      customers500: () => Promise.all(customerIds.map((key) => customer(key))),
      deepPage: (turn) =>
        orders.findAll({ order: [["id", "asc"]], limit: 50, offset: 50_000 + turn % 7 }),
    },
    shape: {
      keySerial: dict,
      key50: dicts,
      list100: dicts,
      hydrate10k: dicts,
      withCustomer: dicts,
      withThree: dicts,
      insertOne: dict,
      bulk1k: dicts,
      bulk10k: dicts,
      upsert1k: dicts,
      aggregate: dicts,
      customers500: dicts,
      deepPage: dicts,
      transaction5: ([buyer, bought, first, second, made]: readonly [
        Row,
        Row,
        number,
        number,
        Row,
      ]) => [dict(buyer), dict(bought), first, second, dict(made)],
    },
    close: () => db.close(),
  };
}

function on(transaction: Transaction | undefined): { transaction?: Transaction } {
  return transaction === undefined ? {} : { transaction };
}

function dict(row: Row): unknown {
  return row.get({ plain: true });
}

function dicts(rows: readonly Row[]): unknown[] {
  return rows.map(dict);
}
