import { openNodePg } from "../../src/drivers/node_pg.ts";
import { driverContract } from "../contract/driver_contract.ts";
import { testServer } from "../support/servers.ts";

for (const kind of ["pg18", "pg15"] as const) {
  driverContract(`node_pg on ${kind}`, {
    server: await testServer(kind),
    open: openNodePg,
    lacks: [],
  });
}
