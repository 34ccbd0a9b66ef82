import { fileURLToPath } from "node:url";

/** Where this file lies in the sources and in the npm package. */
const HERE = /src\/drivers\/shared\/origin\.[jt]s$/;

let inner: readonly string[] | null | undefined;

/** What places in the library begin with, as stacks name them; null in a bundle, where nothing tells them apart. */
function innerPlaces(): readonly string[] | null {
  // Workers give modules no address
  const own = import.meta.url as string | undefined;
  if (own === undefined || !HERE.test(own)) return null;
  const sources = own.replace(HERE, "src/");
  return [
    sources,
    ...(sources.startsWith("file:") ? [fileURLToPath(sources)] : []),
    ...["node:", "ext:", "native", "<anonymous>"],
  ];
}

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
  if (inner === undefined) inner = innerPlaces();
  const places = inner;
  if (places === null) return undefined;
  return trace?.stack?.split("\n").map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .map((line) => line.replace(/^at (?:async )?/, ""))
    .find((line) => {
      const place = /\(([^()]*)\)$/.exec(line)?.[1] ?? line;
      return /:\d+$/.test(place) && !places.some((start) => place.startsWith(start));
    });
}
