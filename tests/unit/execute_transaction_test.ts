import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError } from "../../src/errors/database.ts";
import { databaseError } from "../../src/errors/server.ts";
import { TransactionError } from "../../src/errors/base.ts";
import { Databases } from "../../src/execute/registry.ts";
import { sessionFor } from "../../src/execute/session.ts";
import { transaction, type TransactionOptions } from "../../src/execute/transaction.ts";
import type { Transaction } from "../../src/execute/handle.ts";
import { FakeServer } from "./execute_fake.ts";

const NUMBER = "select pg_current_xact_id_if_assigned()";
const STATUS = "select pg_xact_status($1::xid8)";

interface World {
  readonly server: FakeServer;
  readonly databases: Databases;
  run(text: string): Promise<unknown>;
  transact<T>(fn: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
}

function world(): World {
  const server = new FakeServer();
  const databases = new Databases();
  databases.register({ name: "main", driver: server.driver }, () => Promise.reject(new Error()));
  return {
    server,
    databases,
    run: (text) => sessionFor(null, undefined, databases).run({ text, params: [] }),
    transact: (fn, options) => transaction(fn, options, databases),
  };
}

function lost(outcome: "unknown" | "rolledBack" = "unknown"): ConnectionError {
  return new ConnectionError({ message: "Lost the link", sqlstate: "08006", outcome });
}

test("transaction() sends begin with its options, the work, and commit", async () => {
  const { server, run, transact } = world();
  const result = await transact(async () => {
    await run("a");
    return 7;
  }, { isolation: "serializable", readOnly: true, deferrable: true });
  assert.equal(result, 7);
  assert.deepEqual(server.log, [
    "1 begin isolation level serializable read only deferrable",
    "1 a",
    "1 commit",
  ]);
  assert.deepEqual(server.released, ["whole"]);
});

test("transaction() joins by itself, by tx, and not outside", async () => {
  const { server, databases, run, transact } = world();
  await transact(async (tx) => {
    await run("a");
    await sessionFor("main", tx, databases).run({ text: "b", params: [] });
    assert.equal(sessionFor(null, undefined, databases).transaction, tx);
  });
  await run("c");
  assert.deepEqual(server.log, ["1 begin", "1 a", "1 b", `1 ${NUMBER}`, "1 commit", "0 c"]);
});

test("transaction() nests as savepoints with names of their own", async () => {
  const { server, run, transact } = world();
  await transact(async () => {
    await transact(async () => {
      await run("a");
      await transact(() => run("b"));
    });
    await assert.rejects(transact(async () => {
      await run("c");
      throw new Error("no");
    }));
    await run("d");
  });
  assert.deepEqual(server.log.map((line) => line.slice(2)), [
    "begin",
    'savepoint "matrx_1"',
    "a",
    'savepoint "matrx_2"',
    "b",
    'release savepoint "matrx_2"',
    'release savepoint "matrx_1"',
    'savepoint "matrx_3"',
    "c",
    'rollback to savepoint "matrx_3"',
    'release savepoint "matrx_3"',
    "d",
    NUMBER,
    "commit",
  ]);
});

test("transaction() keeps statements beside a nested one out of its savepoint", async () => {
  const { server, run, transact } = world();
  await transact(async (tx) => {
    await Promise.all([
      transact(async () => {
        await run("a1");
        // the outer transaction, called inside the nested function, is the nested one
        await tx.run({ text: "a2", params: [] });
      }),
      run("beside"),
      tx.savepoint(() => run("b")),
    ]);
  });
  assert.deepEqual(server.log.map((line) => line.slice(2)), [
    "begin",
    'savepoint "matrx_1"',
    "a1",
    "a2",
    'release savepoint "matrx_1"',
    "beside",
    'savepoint "matrx_2"',
    "b",
    'release savepoint "matrx_2"',
    NUMBER,
    "commit",
  ]);
});

test("transaction() refuses isolation, readOnly and deferrable in a nested one", async () => {
  const { transact } = world();
  await transact(async () => {
    await assert.rejects(transact(async () => {}, { isolation: "serializable" }), {
      code: "option_of_outermost_transaction",
    });
    await assert.rejects(transact(async () => {}, { readOnly: true, deferrable: true }), {
      message: /cannot choose readOnly, deferrable/,
    });
    await transact(async () => {}, { retries: 2 });
  });
});

test("transaction() refuses options that are no options", async () => {
  const { server, transact } = world();
  const isolation = "serializable; drop table t" as unknown as "serializable";
  for (
    const options of [{ isolation }, { retries: -1 }, { retries: 0.5 }, { timeoutMs: 0 }, {
      timeoutMs: 1e12,
    }]
  ) {
    await assert.rejects(transact(async () => {}, options), { code: "invalid_option" });
  }
  await assert.rejects(transact(async () => {}, { database: "maim" }), {
    code: "unknown_database",
  });
  assert.deepEqual(server.log, []);
});

test("transaction() rethrows the function's error even when rollback fails", async () => {
  const { server, transact } = world();
  server.failures.set("rollback", lost());
  const error = new Error("mine");
  await assert.rejects(transact(() => Promise.reject(error)), (thrown) => thrown === error);
  assert.deepEqual(server.log, ["1 begin", "1 rollback"]);
  assert.deepEqual(server.released, ["broken"]);
});

test("transaction() gives the connection back when begin fails", async () => {
  const { server, transact } = world();
  server.failures.set("begin", databaseError({ message: "busy", sqlstate: "57014" }));
  await assert.rejects(transact(async () => {}), { sqlstate: "57014" });
  assert.deepEqual(server.log, ["1 begin"]);
  assert.deepEqual(server.released, ["broken"]);
});

test("transaction() sends its first statements without waiting for begin", async () => {
  const { server, run, transact } = world();
  const done = transact(() => Promise.all([run("a"), run("b")]));
  // the server answers a turn of the loop later
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  assert.deepEqual(server.log, ["1 begin", "1 a", "1 b"]);
  await done;
  assert.deepEqual(server.released, ["whole"]);
});

test("transaction() waits for begin where it may be given up", async () => {
  const { server, run, transact } = world();
  server.failures.set("begin", databaseError({ message: "busy", sqlstate: "57014" }));
  let called = false;
  const work = transact(async () => {
    called = true;
    await run("a");
  }, { timeoutMs: 60_000 });
  await assert.rejects(work, { sqlstate: "57014" });
  assert.equal(called, false);
  assert.deepEqual(server.log, ["1 begin"]);
});

test("transaction() throws what begin says, however the function goes on", async () => {
  const { server, run, transact } = world();
  server.failures.set("begin", databaseError({ message: "busy", sqlstate: "57014" }));
  const late: unknown[] = [];
  const work = transact(async () => {
    await run("a").catch((error) => late.push(error.code));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await run("never sent").catch((error) => late.push(error.code));
  });
  await assert.rejects(work, { sqlstate: "57014" });
  assert.deepEqual(server.released, ["broken"]);
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.deepEqual(server.log, ["1 begin", "1 a"]);
  assert.deepEqual(late, ["transaction_ended"]);
});

test("transaction() fails when the function swallowed a statement's error", async () => {
  const { server, run, transact } = world();
  await assert.rejects(
    transact(async () => {
      await run("fail 23505").catch(() => {});
      await run("never sent").catch((error) => assert.equal(error.code, "transaction_failed"));
    }),
    (error) => {
      assert(error instanceof TransactionError);
      assert.equal(error.code, "transaction_failed");
      assert.match(error.message, /unique_violation/);
      assert.equal((error.cause as { sqlstate: string }).sqlstate, "23505");
      return true;
    },
  );
  assert.deepEqual(server.log, ["1 begin", "1 fail 23505", "1 rollback"]);
});

test("transaction() waits for statements under way and fails with them", async () => {
  const { server, run, transact } = world();
  await transact(() => {
    void run("late");
    return Promise.resolve();
  });
  assert.deepEqual(server.log.slice(0, 3), ["1 begin", "1 late", `1 ${NUMBER}`]);
  await assert.rejects(
    transact(() => {
      void run("fail 23505");
      return Promise.resolve();
    }),
    { code: "transaction_failed" },
  );
  assert.equal(server.log.at(-1), "2 rollback");
});

test("transaction() refuses what escapes from its function, and what it would leave half done", async () => {
  const { server, run, transact } = world();
  let escaped: Promise<unknown> = Promise.resolve();
  let open = (): void => {};
  const gate = new Promise<void>((resolve) => open = resolve);
  await transact(() => {
    escaped = gate.then(() => run("after the end"));
    return Promise.resolve();
  });
  open();
  await assert.rejects(escaped, { code: "transaction_ended" });
  await assert.rejects(
    transact(() => {
      escaped = run("first half").then(() => run("second half"));
      escaped.catch(() => {});
      return Promise.resolve();
    }),
    { code: "transaction_failed" },
  );
  await assert.rejects(escaped, { code: "transaction_ended" });
  assert(
    !server.log.some((line) => line.endsWith("after the end") || line.endsWith("second half")),
  );
  assert.equal(server.log.at(-1), "2 rollback");
});

test("afterCommit() runs in order after the commit, without those rolled back", async () => {
  const { server, run, transact } = world();
  await transact(async (tx) => {
    tx.afterCommit(() => run("hook 1").then(() => {}));
    await tx.savepoint((inner) => {
      inner.afterCommit(() => run("hook 2").then(() => {}));
      return Promise.resolve();
    });
    await assert.rejects(tx.savepoint((inner) => {
      inner.afterCommit(() => run("never").then(() => {}));
      return Promise.reject(new Error("no"));
    }));
  });
  assert.deepEqual(server.log.slice(-3), ["1 commit", "0 hook 1", "0 hook 2"]);
  await assert.rejects(transact((tx) => {
    tx.afterCommit(() => run("never").then(() => {}));
    return Promise.reject(new Error("no"));
  }));
  assert(!server.log.some((line) => line.endsWith("never")));
});

test("afterCommit() that throws is told apart from a failed commit, and the others still run", async () => {
  const { server, run, transact } = world();
  const error = new Error("mail is down");
  await assert.rejects(
    transact((tx) => {
      tx.afterCommit(() => Promise.reject(error));
      tx.afterCommit(() => run("second").then(() => {}));
      return Promise.resolve();
    }, { retries: 3 }),
    { code: "after_commit_failed", cause: error },
  );
  assert.deepEqual(server.log.slice(-2), ["1 commit", "0 second"]);
});

test("onQuery that throws at commit is told apart from a failed commit", async () => {
  const server = new FakeServer();
  const databases = new Databases();
  const onQuery = ({ text }: { text: string }): void => {
    if (text === "commit") throw new Error("log is full");
  };
  databases.register({ name: "main", driver: server.driver, onQuery }, () => Promise.reject());
  let called = 0;
  const running = transaction(
    (tx) => {
      tx.afterCommit(() => void called++);
      return Promise.resolve();
    },
    { retries: 2 },
    databases,
  );
  await assert.rejects(running, { code: "after_commit_failed" });
  assert.equal(called, 1);
  assert.deepEqual(server.log, ["1 begin", `1 ${NUMBER}`, "1 commit"]);
});

test("transaction() ends on the server what the server had given up", async () => {
  for (const retries of [0, 2]) {
    const { server, run, transact } = world();
    server.failures.set(NUMBER, databaseError({ message: "failed", sqlstate: "25P02" }));
    await assert.rejects(transact(() => run("a"), { retries }), { code: "transaction_failed" });
    // COMMIT of a failed transaction rolls it back
    assert.equal(server.log.at(-1), "1 commit");
  }
});

test("transaction() runs the function again after a conflict, as often as it was told", async () => {
  const { server, run, transact } = world();
  let calls = 0;
  const attempt = (): Promise<unknown> => run(++calls < 3 ? "fail 40001" : "good");
  await transact(attempt, { retries: 2 });
  assert.equal(calls, 3);
  assert.deepEqual(server.released, ["whole", "whole", "whole"]);
  calls = 0;
  await assert.rejects(transact(attempt, { retries: 1 }), { sqlstate: "40001" });
  assert.equal(calls, 2);
  calls = 0;
  await assert.rejects(transact(attempt), { sqlstate: "40001" });
  assert.equal(calls, 1);
});

test("transaction() runs again after a conflict at commit, and when the error was wrapped", async () => {
  const { server, run, transact } = world();
  server.failures.set("commit", databaseError({ message: "conflict", sqlstate: "40001" }));
  let calls = 0;
  await transact(() => Promise.resolve(++calls), { retries: 1 });
  assert.equal(calls, 2);
  calls = 0;
  await transact(async () => {
    if (++calls > 1) return;
    await run("fail 40P01").catch((cause) => {
      throw new Error("order failed", { cause });
    });
  }, { retries: 1 });
  assert.equal(calls, 2);
});

test("transaction() does not run again for other errors", async () => {
  const { run, transact } = world();
  let calls = 0;
  await assert.rejects(
    transact(() => {
      calls++;
      return run("fail 23505");
    }, { retries: 5 }),
    { sqlstate: "23505" },
  );
  assert.equal(calls, 1);
});

test("transaction() leaves the retry to the outermost one", async () => {
  const { run, transact } = world();
  let outer = 0;
  let inner = 0;
  await transact(async () => {
    outer++;
    await transact(() => run(++inner < 2 ? "fail 40001" : "good"), { retries: 5 });
  }, { retries: 1 });
  assert.deepEqual([outer, inner], [2, 2]);
});

test("transaction() runs again on a new connection when the link is lost before commit", async () => {
  const { server, run, transact } = world();
  server.failures.set("a", lost());
  await transact(() => run("a"), { retries: 1 });
  assert.deepEqual(server.log, ["1 begin", "1 a", "2 begin", "2 a", `2 ${NUMBER}`, "2 commit"]);
  assert.deepEqual(server.released, ["broken", "whole"]);
  server.failures.set("a", lost());
  await assert.rejects(transact(() => run("a")), { outcome: "rolledBack", retryable: true });
});

test("transaction() asks the server what became of a commit whose answer is lost", async () => {
  for (const [status, calls] of [["committed", 1], ["aborted", 2]] as const) {
    const { server, run, transact } = world();
    server.answers.set(NUMBER, "771");
    server.answers.set(STATUS, status);
    server.failures.set("commit", lost());
    let called = 0;
    await transact(() => {
      called++;
      return run("a");
    }, { retries: 1 });
    assert.equal(called, calls, status);
    assert(server.log.includes(`0 ${STATUS}`));
    // given back before the question, which may need its place in the pool
    assert.equal(server.released[0], "broken");
  }
});

test("transaction() says that the outcome is unknown when nobody can tell", async () => {
  const { server, run, transact } = world();
  // neither answer came
  server.failures.set(NUMBER, lost());
  server.failures.set("commit", lost());
  const unknown = { code: "commit_outcome_unknown", outcome: "unknown", retryable: false };
  await assert.rejects(transact(() => run("a")), unknown);
  // too old for the server to know
  server.answers.set(NUMBER, "771");
  server.failures.set("commit", lost());
  let calls = 0;
  await assert.rejects(
    transact(() => {
      calls++;
      return run("a");
    }, { retries: 3 }),
    unknown,
  );
  assert.equal(calls, 1);
});

test("transaction() knows that a commit which was never sent, or had nothing to write, is undone", async () => {
  const { server, run, transact } = world();
  const undone = { outcome: "rolledBack", retryable: true };
  server.failures.set(NUMBER, lost("rolledBack"));
  server.failures.set("commit", lost("rolledBack"));
  await assert.rejects(transact(() => run("a")), undone);
  server.failures.set("commit", lost());
  await assert.rejects(transact(() => run("a")), undone);
  // the server ended the session before it came to COMMIT
  server.failures.set(
    NUMBER,
    databaseError({ message: "bye", sqlstate: "57P01", severity: "FATAL" }),
  );
  server.failures.set("commit", lost());
  await assert.rejects(transact(() => run("a")), undone);
  assert(!server.log.includes(`0 ${STATUS}`));
  // with retries COMMIT waits for the number, so that its loss says the same
  server.failures.set(NUMBER, lost());
  await transact(() => run("a"), { retries: 1 });
});

test("transaction() ends at its time limit, cancels its statements, and does not hang", async () => {
  const { server, transact } = world();
  await assert.rejects(transact(() => new Promise(() => {}), { timeoutMs: 20, retries: 5 }), {
    code: "transaction_timeout",
  });
  assert.deepEqual(server.log, ["1 begin", "1 rollback"]);
  assert.deepEqual(server.released, ["whole"]);
});

test("transaction() ends when its signal is aborted, with the signal's reason", async () => {
  const { server, transact } = world();
  const stop = new AbortController();
  const reason = new Error("the user went away");
  const running = transact(async (tx) => {
    await tx.savepoint(() => {
      stop.abort(reason);
      return new Promise(() => {});
    });
  }, { signal: stop.signal });
  await assert.rejects(running, (error) => error === reason);
  assert.equal(server.log.at(-1), "1 rollback");
  await assert.rejects(transact(async () => {}, { signal: stop.signal }), (e) => e === reason);
  assert(!server.log.some((line) => line.startsWith("2")));
});

test("transaction() on another database inside one is its own (W-082)", async () => {
  const { server, databases, run, transact } = world();
  const lab = new FakeServer();
  databases.register({ name: "lab", driver: lab.driver }, () => Promise.reject(new Error()));
  await transact(async () => {
    await sessionFor("lab", undefined, databases).run({ text: "plain", params: [] });
    await transact(async () => {
      await sessionFor("lab", undefined, databases).run({ text: "inner", params: [] });
      await run("outer");
    }, { database: "lab" });
  });
  assert.deepEqual(lab.log, ["0 plain", "1 begin", "1 inner", `1 ${NUMBER}`, "1 commit"]);
  assert.deepEqual(server.log, ["1 begin", "1 outer", `1 ${NUMBER}`, "1 commit"]);
});
