/** Carries changes out on real databases and compares what comes of them; for the conformance runs. */
import { introspect } from "../generator/introspect/introspect.ts";
import { diff } from "../migrations/diff/diff.ts";
import { plan } from "../migrations/plan/plan.ts";
import type { Plan, PlanOptions } from "../migrations/plan/step.ts";
import type { Catalog } from "../src/catalog/catalog.ts";
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

/** What two catalogs differ in, one line an object; the places of columns aside. */
export function differences(found: Catalog, wanted: Catalog): string[] {
  const lines: string[] = [];
  const names = new Set([...found.objects.keys(), ...wanted.objects.keys()]);
  for (const name of [...names].sort()) {
    const [is, should] = [found.objects.get(name), wanted.objects.get(name)];
    if (is === undefined) lines.push(`missing ${name}`);
    else if (should === undefined) lines.push(`left over ${name}`);
    else if (comparable(is) !== comparable(should)) {
      const [a, b] = [is, should] as unknown as Record<string, unknown>[];
      const facts = Object.keys(b!).filter((key) => stableJson(a![key]) !== stableJson(b![key]))
        .filter((key) => !LEFT_OUT.has(key))
        .map((key) => `${key} is ${stableJson(a![key])}, not ${stableJson(b![key])}`);
      lines.push(`changed ${name}: ${facts.join("; ")}`);
    }
  }
  return lines;
}

const LEFT_OUT: ReadonlySet<string> = new Set(["position", "estimatedRows"]);

const comparable = (object: object): string => {
  const facts = Object.entries(object).filter(([key]) => !LEFT_OUT.has(key));
  return stableJson(Object.fromEntries(facts));
};

/** What came of a change. */
export interface Changed {
  readonly after: Catalog;
  /** What is wrong with it. */
  readonly faults: readonly string[];
}

/** Brings a database from one catalog to another and says what is wrong with the result. */
export async function change(
  driver: Driver,
  live: Catalog,
  wanted: Catalog,
  options: PlanOptions,
): Promise<Changed> {
  const changes = diff(live, wanted);
  await carryOut(driver, plan(changes, live, wanted, options));
  const after = await read(driver);
  const left = diff(after, wanted).map((one) =>
    `the diff still says ${one.action} ${
      identityOf(one.action === "drop" ? one.before : one.after)
    }`
  );
  return { after, faults: [...differences(after, wanted), ...left] };
}
