import { fileURLToPath } from "node:url";

/** The folder of the library's own sources, as stacks name it: as a URL or as a path. */
const SOURCES = new URL("../../", import.meta.url).href;
const INNER: readonly string[] = [
  SOURCES,
  ...(SOURCES.startsWith("file:") ? [fileURLToPath(SOURCES)] : []),
  ...["node:", "ext:", "native", "<anonymous>"],
];

/** Lines of a stack: enough to lead out of the library and the runtime's own queues. */
const DEPTH = 40;

/** Notes where the program is, flows that are awaited with it. */
export function traceHere(): Error {
  const limits = Error as { stackTraceLimit?: number };
  const usual = limits.stackTraceLimit;
  limits.stackTraceLimit = DEPTH;
  const trace = new Error("here");
  if (usual !== undefined) limits.stackTraceLimit = usual;
  return trace;
}

/** The place in a trace that leads into the program: the first one outside of the library. */
export function originOf(trace: Error | undefined): string | undefined {
  return trace?.stack?.split("\n").map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .map((line) => line.replace(/^at (?:async )?/, ""))
    .find((line) => {
      const place = /\(([^()]*)\)$/.exec(line)?.[1] ?? line;
      return /:\d+$/.test(place) && !INNER.some((inner) => place.startsWith(inner));
    });
}
