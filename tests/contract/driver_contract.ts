import { after, test } from "node:test";
import { cancelSection } from "./cancel.ts";
import { connectSection } from "./connect.ts";
import { connectionSection } from "./connection.ts";
import { cutSection } from "./cut.ts";
import { errorsSection } from "./errors.ts";
import { poolSection } from "./pool.ts";
import { type ContractOptions, makeSubject, type Subject } from "./subject.ts";
import { valuesSection } from "./values.ts";

/**
 * Registers the tests that every driver passes on every server.
 *
 * What a driver does without is named in `lacks` with the reason; the tests that need it are skipped with it.
 */
export function driverContract(name: string, options: ContractOptions): void {
  const subject = makeSubject(name, options);
  after(() => subject.dispose());
  excusesSection(subject);
  valuesSection(subject);
  errorsSection(subject);
  connectionSection(subject);
  poolSection(subject);
  cancelSection(subject);
  cutSection(subject);
  connectSection(subject);
}

/** An excuse that is no longer needed must go: its tests would be skipped for nothing. */
function excusesSection(subject: Subject): void {
  for (const lack of subject.lacks) {
    if (!("proof" in lack)) continue;
    const skip = subject.skip();
    test(`${subject.name}: it does lack ${lack.capability}`, { skip }, async () => {
      await lack.proof();
    });
  }
}
