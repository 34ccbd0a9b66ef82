import type { Driver } from "../../src/driver/port.ts";

/** A driver that ends its client when it is closed. */
export function endingWith(driver: Driver, end: () => Promise<unknown>): Driver {
  return {
    name: driver.name,
    capabilities: driver.capabilities,
    query: (statement, run) => driver.query(statement, run),
    acquire: (how) => driver.acquire(how),
    close: async () => {
      await driver.close();
      await end();
    },
  };
}
