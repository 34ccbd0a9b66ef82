import { ConfigurationError } from "../../errors/base.ts";

/** Commands that leave something behind in the session, beyond the end of a transaction. */
const SESSION_STATE =
  /^\s*(?:set(?!\s+(?:local|transaction|constraints)\b)|reset|listen|unlisten|prepare(?!\s+transaction\b)|deallocate|discard|load)\b/i;

/**
 * Refuses a command that means a session, judged by its first words: behind a pooler in transaction mode
 * it would reach some server connection, and the next client of that one.
 *
 * @throws {ConfigurationError} it sets, prepares or listens for the session
 */
export function refuseSessionState(text: string): void {
  const found = SESSION_STATE.exec(text);
  if (found === null) return;
  throw new ConfigurationError(
    `Cannot run ${found[0].trim().toUpperCase()} through a transaction pooler: it is for a session`,
    {
      code: "session_state_unsupported",
      hint: "Use SET LOCAL in a transaction, or connect to the server itself with " +
        'poolMode: "session"',
    },
  );
}
