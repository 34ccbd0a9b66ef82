/** Random filters against a model of their documented meaning in plain JavaScript. */
import assert from "node:assert/strict";
import process from "node:process";
import { after, test } from "node:test";
import type { QCondition } from "../../mod.ts";
import { orderedLookups } from "../../src/schema/lookups/base.ts";
import { pathOperators } from "../../src/schema/lookups/json_path.ts";
import { type ServerKind, serverKinds, testServer } from "../support/servers.ts";
import { place } from "./model_world.ts";
import { CHECKS, type Subject } from "./oracle_checks.ts";
import { Maker, sayable } from "./oracle_filters.ts";
import { Random } from "../support/random/random.ts";
import { data, oracleModels, ROWS, tables } from "./oracle_world.ts";

const SEED = Number(process.env["MATRX_TEST_SEED"] ?? 20_261_123);

/** How many filters; 20,000 take some minutes on a server, and much longer on the embedded one. */
const COUNTS: Readonly<Record<ServerKind, number>> = { pg18: 1_000, pg15: 500, pglite: 300 };

for (const kind of serverKinds) {
  const server = await testServer(kind);
  // the binaries of the other servers come without pgvector
  const vectors = kind === "pglite";
  const where = place(server, tables(vectors));
  after(() => where.close());
  const FILTERS = Number(process.env["MATRX_PROPERTY_RUNS"] ?? COUNTS[kind]);

  test(`filter() means what it says, ${FILTERS} times on ${kind}`, {
    skip: server.skip,
  }, async () => {
    const database = await where.open();
    const models = oracleModels(where.name, vectors);
    const { CellModel, PairModel } = models;
    const random = new Random(SEED);
    const world = data(random, vectors);
    await PairModel.bulkCreate(world.pairs);
    await CellModel.bulkCreate(world.cells as never);
    const ties = world.ties.map(([a, b]) => `(${a}, ${b})`).join();
    await database.driver.query({ text: `insert into ties values ${ties}`, params: [] });
    const maker = new Maker(random, world, models);
    let matched = 0;

    const check = async (subject: Subject, round: number): Promise<void> => {
      const { one, named } = subject;
      const start = named ? CellModel.filter().annotate(Maker.names()) : CellModel.filter();
      const query = start.filter(one.where as QCondition);
      const context = `seed ${SEED}, filter ${round}:\n${query.toSql().text}`;
      const expected = world.cells.filter(one.holds).map(({ id }) => id);
      const [rows, n, any, left] = await Promise.all([
        query.orderBy("id").all(),
        query.count(),
        query.exists(),
        start.exclude(one.where as QCondition).count(),
      ]);
      assert.deepEqual(rows.map(({ id }) => id), expected, context);
      assert.equal(n, expected.length, context);
      assert.equal(any, expected.length > 0, context);
      // what is excluded is exactly the rest
      assert.equal(left, ROWS - expected.length, context);
      matched += rows.length;
      await CHECKS[round % CHECKS.length]!({ ...subject, context });
    };

    for (let round = 0; round < FILTERS; round += 20) {
      const named = random.once(3);
      const made = Array.from({ length: 20 }, () => maker.make(1 + random.below(4), named));
      const shared = { named, world, models, database: where.name, context: "" };
      await Promise.all(made.map((one, index) => {
        const other = made[(index + 1) % made.length]!;
        // numbers of its own: checks run side by side
        const own = new Random(SEED + round + index);
        return check({ ...shared, one, other, random: own }, round + index);
      }));
    }
    const columns = [...CellModel.meta.columns, ...PairModel.meta.columns];
    const operatorsOf = (kind: string): ReadonlySet<string> => {
      const lookups = columns.find(({ spec }) => spec.kind === kind)?.spec.lookups;
      assert.ok(lookups !== undefined || kind === "other", kind);
      return new Set(Object.keys((lookups ?? orderedLookups)().operators));
    };
    const unsaid = sayable(operatorsOf, pathOperators(), vectors)
      .filter((word) => !maker.said.has(word));
    assert.deepEqual(unsaid, [], "every operator was tried");
    assert.ok(matched > FILTERS * 5 && matched < FILTERS * ROWS * 0.9, `${matched} rows`);
  });
}
