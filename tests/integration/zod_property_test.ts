/** What a schema says of a row is what the table says of it: random rows of ten models, and of vectors. */
import process from "node:process";
import { after, test } from "node:test";
import { closeDatabase, registerDatabase } from "../../mod.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { runScript } from "../support/generated.ts";
import { type TestServer, testServer } from "../support/servers.ts";
import {
  agreeOnInserts,
  agreeOnUpdates,
  type Exclusion,
  type PropertyWorld,
} from "./zod_property.ts";
import { VECTOR_POOLS, VECTOR_TABLES, vectorModels } from "./zod_vectors.ts";
import { POOLS, TABLES, zodModels } from "./zod_world.ts";

const embedded = await testServer("pglite");
const given = await testServer("pg18");
const server = given.skip === false ? given : embedded;
const RUNS = Number(
  process.env["MATRX_ZOD_ROWS"] ?? (server.kind === "pg18" ? 10_000 : 2_000),
);
/** Rows of vectors: the embedded server is slower, and there is one table. */
const VECTOR_RUNS = Math.ceil(RUNS / 5);

const databases: TestDatabase[] = [];

async function open(name: string, on: TestServer, script: string): Promise<void> {
  const database = await testDatabase(on);
  databases.push(database);
  await runScript(database.driver, script);
  registerDatabase({ name, driver: database.driver });
}

await open("zod", server, TABLES);
await open("zod vectors", embedded, VECTOR_TABLES);
after(async () => {
  for (const name of ["zod", "zod vectors"]) await closeDatabase(name);
  for (const database of databases) await database[Symbol.asyncDispose]();
});

const EXCLUSIONS: readonly Exclusion[] = [
  {
    why: "words for a time that are not ISO 8601",
    holds: (model, value) =>
      model === "Times" && typeof value === "string" && !/^\d+[-:]\d/.test(value),
  },
  {
    why: "whether a referenced row is there",
    holds: (_, value, column) => /^(?:parentCode|textId)$/.test(column) && value !== null,
  },
  {
    why: "NULL among items that are not nullable",
    holds: (model, value) =>
      /^(?:Lists|Docs|Types)$/.test(model) && Array.isArray(value) && value.includes(null),
  },
  {
    why: "other dimensions than those that were declared",
    holds: (model, value, column) =>
      model === "Lists" && Array.isArray(value) &&
      value.some((item) => Array.isArray(item) !== (column === "i")),
  },
  {
    why: "JSON null in a column that cannot be NULL",
    holds: (model, value) =>
      model === "Docs" &&
      (Object.is(value, NaN) || value === Infinity ||
        value instanceof Date && Number.isNaN(value.getTime())),
  },
  {
    why: "a time that PostgreSQL has and a Date has not",
    holds: (model, value) => model === "Times" && value === "294276-12-31",
  },
];

const world: PropertyWorld = {
  models: zodModels("zod"),
  pools: POOLS,
  exclusions: EXCLUSIONS,
  key: (model, number) => model === "Keys" ? { code: number.toString(36) } : {},
};

const vectors: PropertyWorld = {
  models: vectorModels("zod vectors"),
  pools: VECTOR_POOLS,
  exclusions: [{
    why: "NULL among items that are not nullable",
    holds: (_, value, column) => column === "l" && Array.isArray(value) && value.includes(null),
  }, {
    why: "other dimensions than those that were declared",
    holds: (_, value, column) =>
      column === "l" && Array.isArray(value) &&
      value.some((item) => Array.isArray(item) && item.some(Array.isArray)),
  }],
  key: () => ({}),
};

test("insertSchema() takes what the table takes and refuses what it refuses", async () => {
  await agreeOnInserts(world, RUNS);
});

test("updateSchema() takes what the table takes and refuses what it refuses", async () => {
  await agreeOnUpdates(world, Math.ceil(RUNS / 5));
});

test("insertSchema() takes the vectors that the table takes", async () => {
  await agreeOnInserts(vectors, VECTOR_RUNS);
});

test("updateSchema() takes the vectors that the table takes", async () => {
  await agreeOnUpdates(vectors, Math.ceil(VECTOR_RUNS / 5));
});
