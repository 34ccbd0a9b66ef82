/** A session of the server, as far as a message may tell. */
export interface SessionInfo {
  /** The number of its process. */
  readonly pid: number;
  /** Its role. */
  readonly role: string;
  /** What its program calls itself. */
  readonly application: string;
  /** Where it comes from; null for the server's own machine. */
  readonly address: string | null;
  /** For how long its transaction has been open, in seconds. */
  readonly seconds: number;
}

/** What a run of migrations tells while it works. */
export type MigrationEvent =
  /** Another run holds the lock. */
  | { readonly kind: "waiting"; readonly holder: SessionInfo | null; readonly waitedMs: number }
  /** A migration begins. */
  | {
    readonly kind: "start";
    readonly migration: string;
    readonly direction: "up" | "down";
    readonly index: number;
    readonly total: number;
  }
  /** Steps of an earlier run that was killed are not done again. */
  | { readonly kind: "resumed"; readonly migration: string; readonly steps: number }
  /** What a killed run left behind is taken away. */
  | { readonly kind: "repaired"; readonly migration: string; readonly index: string }
  /** A lock was not had in time; the same is tried again. */
  | {
    readonly kind: "retry";
    readonly migration: string;
    readonly attempt: number;
    readonly delayMs: number;
  }
  /** A statement waits for other sessions. */
  | {
    readonly kind: "blocked";
    readonly migration: string;
    readonly by: readonly SessionInfo[];
    readonly seconds: number;
  }
  /** A statement has been at work for a while; what an index build has done, where it is one. */
  | {
    readonly kind: "working";
    readonly migration: string;
    readonly seconds: number;
    readonly phase: string | null;
    readonly done: number;
    readonly total: number;
  }
  /** A migration has ended. */
  | {
    readonly kind: "done";
    readonly migration: string;
    readonly direction: "up" | "down";
    readonly durationMs: number;
  };

/** Hears of what a run does. It must not throw. */
export type OnMigrationEvent = (event: MigrationEvent) => void;

/** Says who a session is, for a message. */
export function sessionText({ pid, role, application, address, seconds }: SessionInfo): string {
  const program = application === "" ? "" : `, ${application}`;
  const from = address === null ? "" : ` from ${address}`;
  return `process ${pid} (role ${role}${program}${from}), for ${secondsText(seconds)}`;
}

/** Says how long something took. */
export function secondsText(seconds: number): string {
  if (seconds < 90) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
