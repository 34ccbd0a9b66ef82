/** What the options of a database are typed as. */
import { test } from "node:test";
import { type HeldConnection, registerDatabase } from "../../mod.ts";

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

test("the options of a database are typed", () => void options);
