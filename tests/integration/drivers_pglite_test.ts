import { openPglite } from "../../src/drivers/pglite.ts";
import { driverContract } from "../contract/driver_contract.ts";
import { testServer } from "../support/servers.ts";

driverContract("pglite", {
  server: await testServer("pglite"),
  open: openPglite,
  lacks: [
    { capability: "pipelining", because: "the server runs inside the call" },
    { capability: "namedStatements", because: "parsing costs too little to keep plans" },
    { capability: "concurrentConnections", because: "PGlite has one session" },
    {
      capability: "cancel",
      because: "the server runs inside the call, nothing else can run beside it",
    },
  ],
});
