/** What databases, replicas and the recording driver are typed as. */
import { test } from "node:test";
import { readAfter, registerDatabase, transaction, writeToken } from "../../mod.ts";
import type { QueryEvent, QueryOrigin, ReplicaConfig, Session } from "../../mod.ts";
import { recording } from "../../src/drivers/recording.ts";
import type { RecordedStatement, Recording } from "../../src/drivers/recording.ts";
import { Order } from "./models.ts";

function replicas(): void {
  const url = "postgres://h/d";
  registerDatabase({ name: "a", url, replicas: [] });
  registerDatabase({ name: "a", url, replicas: ["postgres://r/d", { host: "r", poolMax: 3 }] });
  registerDatabase({ name: "a", url, replicas: [{ driver: recording() }], readFrom: "replicas" });
  registerDatabase({
    name: "a",
    url,
    replicas: [],
    replicaFallback: false,
    readYourWrites: false,
    replicaWaitMs: 0,
  });
  const own: ReplicaConfig = { url };
  registerDatabase({ name: "a", url, replicas: [own] });
  // @ts-expect-error a list
  registerDatabase({ name: "a", url, replicas: "postgres://r/d" });
  // @ts-expect-error a replica has no name of its own
  registerDatabase({ name: "a", url, replicas: [{ name: "r", url }] });
  // @ts-expect-error a replica has no replicas
  registerDatabase({ name: "a", url, replicas: [{ url, replicas: [] }] });
  // @ts-expect-error the hook is the primary's
  registerDatabase({ name: "a", url, replicas: [{ url, onQuery: () => {} }] });
  // @ts-expect-error no such place
  registerDatabase({ name: "a", url, readFrom: "replica" });
  // @ts-expect-error a flag
  registerDatabase({ name: "a", url, readYourWrites: "yes" });
}

async function places(): Promise<void> {
  const token: string = await writeToken();
  const place: Session = readAfter(token, "main");
  const rows: Order[] = await Order.using(place).all();
  const same: Order[] = await Order.using("replica").filter().using("main.primary").all();
  await transaction(async (tx) => void await tx.run({ text: "select 1", params: [] }));
  // @ts-expect-error a token is text
  readAfter(1);
  // @ts-expect-error no list of places
  Order.using(["replica"]);
  void [rows, same];
}

function events(event: QueryEvent): void {
  const origin: QueryOrigin = event.origin;
  const told: [string | null, string, boolean, string] = [
    origin.model,
    origin.operation,
    origin.transaction,
    origin.server,
  ];
  // @ts-expect-error the values are not told
  void event.params;
  // @ts-expect-error read only
  origin.server = "x";
  void told;
}

async function recorded(): Promise<void> {
  const recorder: Recording = recording({
    answers: { "select 1": { rows: [["1", null]], columns: ["n", { name: "m", typeOid: 23 }] } },
    unanswered: "empty",
  });
  recording({ answers: ({ text }) => text === "x" ? { affected: 1 } : undefined });
  const sent: readonly RecordedStatement[] = await recorder.capture(() => Order.all());
  const values: readonly (string | null)[] = sent[0]!.params.reveal();
  // @ts-expect-error values are text
  recording({ answers: { "select 1": { rows: [[1]] } } });
  // @ts-expect-error no such way
  recording({ unanswered: "ignore" });
  // @ts-expect-error hidden until they are asked for
  void sent[0]!.params[0];
  // @ts-expect-error a record stays as it is
  sent[0]!.text = "x";
  void values;
}

test("servers are typed", () => void [replicas, places, events, recorded]);
