/** How a test run ended. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
}

/** Reads the counts off what `deno test` printed last; steps count as tests. */
export function tally(output: string): Tally {
  const part = String.raw`(\d+) (?:passed|failed|ignored)(?: \((\d+) steps?\))?`;
  const line = new RegExp(String.raw`^(?:ok|FAILED) \| ${part} \| ${part}(?: \| ${part})?`, "gm");
  const last = [...output.matchAll(line)].at(-1);
  const count = (at: number): number => Number(last?.[at] ?? 0) + Number(last?.[at + 1] ?? 0);
  return { passed: count(1), failed: count(3), ignored: count(5) };
}
