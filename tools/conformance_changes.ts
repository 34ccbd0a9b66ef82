/** Carries changes out on real databases and compares what comes of them; for the conformance runs. */
import { introspect } from "../generator/introspect/introspect.ts";
import { diff } from "../migrations/diff/diff.ts";
import { buildScript, plan } from "../migrations/plan/plan.ts";
import type { Plan, PlanOptions } from "../migrations/plan/step.ts";
import { type Catalog, makeCatalog } from "../src/catalog/catalog.ts";
import { identityOf } from "../src/catalog/identity.ts";
import type { Connection, Driver } from "../src/driver/port.ts";
import { stableJson } from "../src/util/stable_json.ts";

/** Runs the steps of a plan: those that may stand together in one transaction, the others alone. */
export async function carryOut(driver: Driver, { steps }: Plan): Promise<void> {
  const connection = await driver.acquire();
  let open = false;
  let healthy = false;
  const send = (text: string) => connection.query({ text, params: [] });
  try {
    for (const { sql, transactional } of steps) {
      if (transactional !== open) {
        await send(transactional ? "begin" : "commit");
        open = transactional;
      }
      try {
        await send(sql);
      } catch (error) {
        throw new Error(`${error instanceof Error ? error.message : error}\n    in: ${sql}`);
      }
    }
    if (open) await send("commit");
    healthy = true;
  } finally {
    connection.release({ broken: !healthy });
  }
}

/** Runs a script of several statements. */
export async function runScript(driver: Driver, script: string): Promise<void> {
  const connection: Connection = await driver.acquire();
  try {
    await connection.script(script);
  } finally {
    // a script may leave settings behind
    connection.release({ broken: true });
  }
}

/** Reads a database's whole structure. */
export async function read(driver: Driver): Promise<Catalog> {
  return (await introspect(driver)).catalog;
}

/**
 * What two catalogs differ in, one line an object.
 *
 * Aside are the places of columns, estimates, and whether what a table inherits is declared on it too:
 * a table that is to inherit declares it for ever, as no command takes that back.
 */
export function differences(
  found: Catalog,
  wanted: Catalog,
  leftOut: ReadonlySet<string> = LEFT_OUT,
): string[] {
  const lines: string[] = [];
  const names = new Set([...found.objects.keys(), ...wanted.objects.keys()]);
  for (const name of [...names].sort()) {
    const [is, should] = [found.objects.get(name), wanted.objects.get(name)];
    if (is === undefined) lines.push(`missing ${name}`);
    else if (should === undefined) lines.push(`left over ${name}`);
    else if (comparable(is, leftOut) !== comparable(should, leftOut)) {
      const [a, b] = [is, should] as unknown as Record<string, unknown>[];
      const facts = Object.keys(b!).filter((key) => stableJson(a![key]) !== stableJson(b![key]))
        .filter((key) => !leftOut.has(key))
        .map((key) => `${key} is ${stableJson(a![key])}, not ${stableJson(b![key])}`);
      lines.push(`changed ${name}: ${facts.join("; ")}`);
    }
  }
  return lines;
}

/** What is no difference. */
export const LEFT_OUT: ReadonlySet<string> = new Set(["position", "estimatedRows", "local"]);

/** The parameters of an index stand in its definition in the order in which they were given. */
function sorted(definition: string): string {
  return definition.replace(
    / WITH \(([^()]*)\)/,
    (_, list: string) => ` WITH (${list.split(", ").sort().join(", ")})`,
  );
}

const comparable = (object: object, leftOut: ReadonlySet<string>): string => {
  const facts = Object.entries(object).filter(([key]) => !leftOut.has(key)).map(([key, value]) => [
    key,
    key === "definition" && typeof value === "string" ? sorted(value) : value,
  ]);
  return stableJson(Object.fromEntries(facts));
};

/** What came of a change. */
export interface Changed {
  readonly after: Catalog;
  /** What is wrong with it. */
  readonly faults: readonly string[];
}

/**
 * Brings a database from one catalog to another and says what is wrong with the result.
 *
 * A server prints some expressions otherwise than they were given, so that an object that was made
 * from what was printed may be worded otherwise than the first one. Where the two catalogs differ,
 * both are built in databases of their own, and compared as these word them.
 */
export async function change(
  driver: Driver,
  live: Catalog,
  wanted: Catalog,
  options: PlanOptions,
  anew: (catalog: Catalog) => Promise<Catalog> = (catalog) => Promise.resolve(catalog),
): Promise<Changed> {
  const changes = diff(live, wanted);
  await carryOut(driver, plan(changes, live, wanted, options));
  const after = await read(driver);
  const faults = faultsOf(after, wanted);
  if (!faults.some((line) => line.startsWith("changed "))) return { after, faults };
  return { after, faults: faultsOf(await anew(after), await anew(wanted)) };
}

/** Goes from one catalog to another and back by the statements of their diff; says what is wrong after each. */
export async function changeByDiff(
  driver: Driver,
  before: Catalog,
  after: Catalog,
  options: PlanOptions,
  anew: (catalog: Catalog) => Promise<Catalog>,
): Promise<string[]> {
  const up = await change(driver, before, after, options, anew);
  const back = await change(driver, up.after, before, options, anew);
  return [
    ...up.faults.map((line) => `up: ${line}`),
    ...back.faults.map((line) => `back: ${line}`),
  ];
}

function faultsOf(after: Catalog, wanted: Catalog): string[] {
  const left = diff(after, wanted).map((one) =>
    `the diff still says ${one.action} ${
      identityOf(one.action === "drop" ? one.before : one.after)
    }`
  );
  return [...differences(after, wanted), ...left];
}

/** Gives a catalog as a server words it that builds it in an empty database. */
export async function builtAnew(empty: Driver, catalog: Catalog): Promise<Catalog> {
  await carryOut(empty, buildScript(catalog));
  const built = await read(empty);
  const undescribed = [...catalog.objects.values()].filter(({ kind }) => kind === "unmodelled");
  return makeCatalog(
    built.serverVersion,
    [...built.objects.values(), ...undescribed],
    built.dependencies,
  );
}
