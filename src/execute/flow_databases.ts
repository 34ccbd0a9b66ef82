import { ConfigurationError } from "../errors/base.ts";
import { type Ambient, ambient } from "../util/host.ts";
import { Databases, setFlowDatabases } from "./registry.ts";

let flow: Ambient<Databases> | null = null;

/**
 * Calls a function whose flow has databases of its own, and closes them when it ends.
 *
 * @throws {ConfigurationError} the runtime has no `AsyncLocalStorage`, which carries them along
 */
export async function withOwnDatabases<Result>(fn: () => Promise<Result>): Promise<Result> {
  flow ??= ambient<Databases>();
  if (flow === null) {
    throw new ConfigurationError(
      "Cannot open a database for one flow: this runtime cannot carry it along",
      {
        code: "flow_needs_ambient",
        hint: "Turn AsyncLocalStorage on: on Workers by the compatibility flag nodejs_compat",
      },
    );
  }
  const { get } = flow;
  setFlowDatabases(get);
  const own = new Databases();
  try {
    return await flow.run(own, fn);
  } finally {
    await own.closeAll();
  }
}
