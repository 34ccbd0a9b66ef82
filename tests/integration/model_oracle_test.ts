/** Random filters against a model of their documented meaning in plain JavaScript. */
import assert from "node:assert/strict";
import process from "node:process";
import { after, test } from "node:test";
import {
  array,
  boolean,
  caseWhen,
  foreignKey,
  int4range,
  integer,
  inverseForeignKey,
  jsonb,
  manyToMany,
  model,
  Q,
  type QCondition,
  text,
} from "../../mod.ts";
import { serverKinds, testServer } from "../support/servers.ts";
import { place } from "./model_world.ts";
import { data, make, Random, ROWS, type Span } from "./oracle_filters.ts";

/** How many filters; 20,000 take some minutes. */
const FILTERS = Number(process.env["MATRX_PROPERTY_RUNS"] ?? 2_000);
const SEED = Number(process.env["MATRX_TEST_SEED"] ?? 20_261_123);

const TABLES = `
create table cells (
  id int primary key, n int, m int, s text collate "C", f boolean, list int[], doc jsonb,
  span int4range, parent_id int references cells);
create table ties (a int references cells, b int references cells, primary key (a, b));
`;

function rangeOf(span: Span | "empty" | null): object | null {
  if (span === null) return null;
  if (span === "empty") {
    return { lower: null, upper: null, lowerInclusive: false, upperInclusive: false, empty: true };
  }
  return {
    lower: span.from,
    upper: span.to,
    lowerInclusive: true,
    upperInclusive: false,
    empty: false,
  };
}

for (const kind of serverKinds) {
  const server = await testServer(kind);
  const where = place(server, TABLES);
  after(() => where.close());

  test(`filter() means what it says, ${FILTERS} times on ${kind}`, {
    skip: server.skip,
  }, async () => {
    class CellModel extends model("cells", {
      id: integer().primaryKey(),
      n: integer().nullable(),
      m: integer().nullable(),
      s: text().nullable(),
      f: boolean().nullable(),
      list: array(integer()).nullable(),
      doc: jsonb().nullable(),
      span: int4range().nullable(),
      parentId: foreignKey<CellModel>(() => CellModel).nullable(),
      children: inverseForeignKey<CellModel>(() => CellModel, { fromField: "parentId" }),
      tied: manyToMany<CellModel>(() => CellModel, { through: "ties", source: "a", target: "b" }),
    }, { database: where.name }) {}
    const database = await where.open();
    const random = new Random(SEED);
    const world = data(random);
    await CellModel.bulkCreate(
      world.cells.map((cell) => ({ ...cell, span: rangeOf(cell.span) })) as never,
    );
    for (const [a, b] of world.ties) {
      await database.driver.query({
        text: "insert into ties values ($1, $2)",
        params: [`${a}`, `${b}`],
      });
    }
    let matched = 0;
    for (let round = 0; round < FILTERS; round += 20) {
      const made = Array.from({ length: 20 }, () => make(random, world, 1 + random.below(4)));
      await Promise.all(made.map(async (one, index) => {
        const expected = world.cells.filter(one.holds).map((cell) => cell.id);
        const query = CellModel.filter(one.where as never);
        const other = made[(index + 1) % made.length]!;
        const part = CellModel.filter(other.where as never);
        const [rows, count, exists, excluded, shown, within, without] = await Promise.all([
          query.all(),
          query.count(),
          query.exists(),
          CellModel.exclude(one.where as never).count(),
          // the same condition where no index and no plan of a filter can serve it
          CellModel.filter().annotate({ hit: caseWhen(one.where, true).otherwise(false) })
            .values("hit").all(),
          part.filter(one.where as never).count(),
          part.filter(Q(one.where as QCondition).not()).count(),
        ]);
        const context = `seed ${SEED}, filter ${round + index}: ${
          JSON.stringify(one.where)
        }\n${query.toSql().text}`;
        const ids = rows.map((row) => row.id).sort((a, b) => a - b);
        assert.deepEqual(ids, expected, context);
        assert.equal(count, expected.length, context);
        assert.equal(exists, expected.length > 0, context);
        assert.equal(excluded, ROWS - expected.length, context);
        assert.equal(shown.filter(({ hit }) => hit).length, expected.length, context);
        const whole = world.cells.filter(other.holds);
        assert.equal(within, whole.filter(one.holds).length, context);
        assert.equal(within + without, whole.length, context);
        matched += ids.length;
      }));
    }
    assert.ok(matched > FILTERS * 5 && matched < FILTERS * ROWS * 0.9, `${matched} rows`);
  });
}
