/** What a check-up found. */
export interface Finding {
  /** What was looked at. */
  readonly check: string;
  /** `problem` stops some work of the library; a `warning` is worth a look. */
  readonly status: "ok" | "warning" | "problem";
  /** What was found, in one line. */
  readonly found: string;
  /** What to do; null where nothing is. */
  readonly advice: string | null;
  /** The objects that it is about. */
  readonly objects: readonly string[];
}

/** Makes a finding that is well. */
export function ok(check: string, found: string): Finding {
  return { check, status: "ok", found, advice: null, objects: [] };
}

/** Makes a finding that asks for something. */
export function amiss(
  status: "warning" | "problem",
  check: string,
  found: string,
  advice: string,
  objects: readonly string[] = [],
): Finding {
  return { check, status, found, advice, objects };
}

/** How many of something, in words. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
