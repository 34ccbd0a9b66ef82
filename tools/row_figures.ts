/**
 * Prints what views and caches cost: a view over 1,000 rows with three relations and two computed fields
 * beside a loop written by hand, a hit of `get()` beyond hydration, rows put in a cache.
 *
 * Usage: `deno run -A tools/row_figures.ts`. Ends with 1 where a figure is over its limit.
 */
import { closeDatabase, registerDatabase } from "../mod.ts";
import { HIT_LIMIT, hitCost, HITS, putCost } from "../tests/support/cache_costs.ts";
import { testDatabase } from "../tests/support/database.ts";
import { testServer } from "../tests/support/servers.ts";
import { printTable } from "./conformance_table.ts";
import { viewFigures } from "./view_figures.ts";

const views = await viewFigures();
printTable(views.map(({ way, rows, statements, ms }) => ({
  ...{ way, rows, statements },
  ms: Number.isNaN(ms) ? "" : ms.toFixed(1),
})));
const statements = new Set(
  views.filter(({ way }) => way.includes("view")).map((one) => one.statements),
);
const isConstant = statements.size === 1;
console.log(`statements of the view ${isConstant ? "do not grow" : "grow"} with the rows\n`);

await using database = await testDatabase(await testServer("pglite"));
await database.driver.query({ text: HITS, params: [] });
registerDatabase({ name: "hits", driver: database.driver });
const hit = await hitCost("hits");
await closeDatabase("hits");
console.log(`a hit of get(): ${hit.toFixed(2)} µs of CPU beyond hydration, at most ${HIT_LIMIT}\n`);

// the first run warms up
putCost(25_000, 3);
printTable([25_000, 50_000, 100_000].map((rows) => {
  const ms = putCost(rows, 5);
  return {
    "rows put in a cache": rows,
    ms: ms.toFixed(1),
    "µs a row": (ms * 1e3 / rows).toFixed(3),
  };
}));
if (!isConstant || hit > HIT_LIMIT) Deno.exit(1);
