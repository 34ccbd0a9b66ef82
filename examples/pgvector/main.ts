/**
 * A search by likeness with pgvector, on an embedded database in memory.
 *
 * Usage: `deno run -A main.ts`
 */
import {
  closeAll,
  index,
  integer,
  model,
  registerDatabase,
  runScript,
  text,
  vector,
} from "@matrx/orm";

class Drink extends model("drinks", {
  id: integer().primaryKey(),
  name: text(),
  kind: text(),
  taste: vector(3), // sweet, bitter, sour
}, { indexes: [index("taste").using("hnsw", { opclass: "vector_cosine_ops" })] }) {}

registerDatabase({ name: "main", url: "pglite://memory" });
await runScript(`
  create extension vector;
  create table drinks (id int primary key, name text not null, kind text not null, taste vector(3) not null);
  create index on drinks using hnsw (taste vector_cosine_ops)`);
await Drink.bulkCreate([
  { id: 1, name: "Espresso", kind: "coffee", taste: [0.1, 0.9, 0.3] },
  { id: 2, name: "Lemonade", kind: "cold", taste: [0.7, 0, 0.8] },
  { id: 3, name: "Mocha", kind: "coffee", taste: [0.8, 0.6, 0.1] },
  { id: 4, name: "Tonic", kind: "cold", taste: [0.4, 0.7, 0.3] },
]);
const wish = [0.3, 0.8, 0.3];
const near = await Drink.filter().nearest("taste", wish, { metric: "cosine" }).limit(2).all();
for (const { name, distance } of near) console.log(`${name} at ${distance.toFixed(3)}`);
const coffee = await Drink
  .filter({ kind: "coffee", taste: { near: { to: wish, within: 0.1, metric: "cosine" } } }).all();
console.log(`coffee alone: ${coffee.map(({ name }) => name).join(", ")}`);
await closeAll();
