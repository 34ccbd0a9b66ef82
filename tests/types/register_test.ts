/** What the options of a database are typed as. */
import { test } from "node:test";
import { type Driver, type HeldConnection, registerDatabase, withDatabase } from "../../mod.ts";

function options(): void {
  registerDatabase({
    ...{ name: "main", url: "postgres://localhost/shop", livenessTimeoutMs: 15_000 },
    ...{ traceOrigins: true, leakAfterMs: 60_000 },
    onLeak: ({ database, heldMs, text, origin }) => {
      const told: HeldConnection = { database, heldMs, text, origin };
      // @ts-expect-error there is no origin without traceOrigins
      const place: string = told.origin;
      void place;
    },
  });
  // @ts-expect-error a number of ms
  registerDatabase({ name: "main", livenessTimeoutMs: "15s" });
  // @ts-expect-error true or false
  registerDatabase({ name: "main", traceOrigins: "yes" });
  // @ts-expect-error it is told of a connection
  registerDatabase({ name: "main", onLeak: (leak: string) => void leak });
}

async function flows(driver: Driver): Promise<void> {
  // what the function gives is given on, and a name is not needed
  const count: number = await withDatabase({ url: "pglite://memory" }, async () => await load(1));
  const texts: readonly string[] = await withDatabase(
    { name: "log", driver, poolMax: 1, poolMode: "transaction" },
    () => load(["a"]),
  );
  const nothing: void = await withDatabase({ driver }, async () => {});
  // @ts-expect-error it is a number
  const wrong: string = await withDatabase({ driver }, () => load(1));
  // @ts-expect-error its end would not be waited for
  await withDatabase({ driver }, () => 1);
  // @ts-expect-error there is no such option
  await withDatabase({ driver, pool: 1 }, () => load(1));
  // @ts-expect-error the function is handed nothing: models find the database by themselves
  await withDatabase({ driver }, (db: object) => load(db));
  // @ts-expect-error a function is needed
  await withDatabase({ driver });
  void [count, texts, nothing, wrong];
}

function load<Value>(value: Value): Promise<Value> {
  return Promise.resolve(value);
}

test("withDatabase() is typed", () => void flows);
test("the options of a database are typed", () => void options);
