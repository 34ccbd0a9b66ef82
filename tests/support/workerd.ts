/**
 * The configuration of a workerd that serves `worker.js` beside it on a port of the loopback, with values
 * of its environment as bindings.
 */
export function workerdConfig(
  port: number,
  flags: readonly string[],
  bindings: readonly string[],
): string {
  const quoted = flags.map((flag) => `"${flag}"`).join(", ");
  const bound = bindings.map((name) => `(name = "${name}", fromEnvironment = "${name}")`).join(
    ", ",
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .app),
    (name = "internet", network = (allow = ["private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const app :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "2026-07-01",
  compatibilityFlags = [${quoted}],
  bindings = [${bound}],
);`;
}
