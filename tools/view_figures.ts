/**
 * Measures a view over many rows against a loop written by hand over plain queries: 1,000 rows, three
 * relations, two computed fields. Both must give the same.
 */
import assert from "node:assert/strict";
import {
  closeDatabase,
  foreignKey,
  integer,
  inverseForeignKey,
  manyToMany,
  model,
  registerDatabase,
  text,
  view,
} from "../mod.ts";
import { testDatabase } from "../tests/support/database.ts";
import { testServer } from "../tests/support/servers.ts";

const ROWS = 1_000;
const ROUNDS = 9;

const TABLES = `
create table people (id int primary key, name text not null);
create table papers (id int primary key, person_id int not null references people, title text not null);
create table lines (id int primary key, paper_id int not null references papers, n int not null);
create table marks (id int primary key, label text not null);
create table paper_marks (
  paper_id int references papers, mark_id int references marks, primary key (paper_id, mark_id));
insert into people select n, 'person ' || n from generate_series(1, 100) n;
insert into papers select n, 1 + n % 100, 'paper ' || n from generate_series(1, ${ROWS}) n;
insert into lines select n, 1 + n % ${ROWS}, n from generate_series(1, ${3 * ROWS}) n;
insert into marks select n, 'mark ' || n from generate_series(1, 20) n;
insert into paper_marks select n, 1 + n % 20 from generate_series(1, ${ROWS}) n;
create index on lines (paper_id);
analyze;
`;

class Person extends model("people", { id: integer().primaryKey(), name: text() }) {}
class Mark extends model("marks", { id: integer().primaryKey(), label: text() }) {}
class Paper extends model("papers", {
  id: integer().primaryKey(),
  personId: foreignKey<Person>(() => Person),
  title: text(),
  lines: inverseForeignKey<Line>(() => Line, { fromField: "paperId" }),
  marks: manyToMany<Mark>(() => Mark, {
    through: "paper_marks",
    source: "paper_id",
    target: "mark_id",
  }),
}) {}
class Line extends model("lines", {
  id: integer().primaryKey(),
  paperId: foreignKey<Paper>(() => Paper),
  n: integer(),
}) {}

class PaperView extends view(Paper, { prefetch: ["personId", "lines", "marks"] }) {
  async heading(paper: typeof PaperView.subject): Promise<string> {
    return await Promise.resolve(`${paper.title} by ${paper.getRelated("personId").name}`);
  }

  async total(paper: typeof PaperView.subject): Promise<number> {
    return await Promise.resolve(paper.getRelated("lines").reduce((sum, { n }) => sum + n, 0));
  }
}

interface Shown {
  readonly heading: string;
  readonly total: number;
  readonly marks: readonly string[];
}

async function byView(rows: readonly Paper[]): Promise<Shown[]> {
  const shaped = await PaperView.applyAll(rows);
  return shaped.map((paper) => ({
    heading: paper.heading,
    total: paper.total,
    marks: paper.getRelated("marks").map(({ label }) => label),
  }));
}

/** What one would write without views: a query for each relation, and maps from key to rows. */
async function byHand(rows: readonly Paper[]): Promise<Shown[]> {
  const ids = rows.map(({ id }) => id);
  const [people, lines, marked] = await Promise.all([
    Person.filter({ id: { in: [...new Set(rows.map(({ personId }) => personId))] } }).all(),
    Line.filter({ paperId: { in: ids } }).all(),
    Paper.filter({ id: { in: ids } }).prefetchRelated({ marks: true }).all(),
  ]);
  const person = new Map(people.map((one) => [one.id, one]));
  const totals = new Map<number, number>();
  for (const { paperId, n } of lines) totals.set(paperId, (totals.get(paperId) ?? 0) + n);
  const marks = new Map(marked.map((one) => [one.id, one.getRelated("marks")]));
  return rows.map((paper) => ({
    heading: `${paper.title} by ${person.get(paper.personId)!.name}`,
    total: totals.get(paper.id) ?? 0,
    marks: marks.get(paper.id)!.map(({ label }) => label),
  }));
}

const WAYS = { "applyAll() of a view": byView, "a loop written by hand": byHand } as const;

/** How many statements a way takes, and how long. */
export interface ViewFigure {
  readonly way: string;
  readonly rows: number;
  readonly statements: number;
  /** The median of some rounds. */
  readonly ms: number;
}

/** Measures both ways on a database of their own, and the view on two rows, whose time tells nothing. */
export async function viewFigures(): Promise<ViewFigure[]> {
  const server = await testServer("pg18");
  await using database = await testDatabase(
    server.skip === false ? server : await testServer("pglite"),
  );
  let statements = 0;
  registerDatabase({ name: "main", driver: database.driver, onQuery: () => void statements++ });
  const connection = await database.driver.acquire();
  await connection.script(TABLES);
  connection.release();
  try {
    const figures = new Map<string, { statements: number; times: number[] }>();
    for (let round = 0; round < ROUNDS; round++) {
      const found: Shown[][] = [];
      for (const [name, way] of Object.entries(WAYS)) {
        const rows = await Paper.filter().orderBy("id").all();
        statements = 0;
        const started = performance.now();
        found.push(await way(rows));
        const times = [...figures.get(name)?.times ?? [], performance.now() - started];
        figures.set(name, { statements, times });
      }
      assert.deepEqual(found[0], found[1]);
    }
    const few = await Paper.filter().orderBy("id").limit(2).all();
    statements = 0;
    await PaperView.applyAll(few);
    return [
      { way: "applyAll() of a view", rows: few.length, statements, ms: NaN },
      ...Array.from(figures, ([way, { statements, times }]) => ({
        ...{ way, rows: ROWS, statements },
        ms: times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]!,
      })),
    ];
  } finally {
    await closeDatabase("main");
  }
}
