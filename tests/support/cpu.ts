/** What work costs, for tests that hold it to a limit. */
import process from "node:process";

/** How often work is measured at most. */
const MOST_RUNS = 3;

/** The seconds of CPU that this process takes for some work. */
export async function cpuOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/**
 * Measures until a figure is below the limit, three times at most, and gives the least.
 *
 * Busy neighbours share the caches and make the same work dearer, up to twice as much; none makes it
 * cheaper.
 */
export async function leastOf(limit: number, measure: () => Promise<number>): Promise<number> {
  let least = Infinity;
  for (let run = 1; run <= MOST_RUNS && least >= limit; run++) {
    least = Math.min(least, await measure());
  }
  return least;
}
