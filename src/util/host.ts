/** A value that follows the flow of calls, through awaits and timers. */
export interface Ambient<Value> {
  /** The value of the present flow; undefined outside every `run`. */
  get(): Value | undefined;
  /** Calls a function whose whole flow sees the value; undefined hides an outer one. */
  run<Result>(value: Value | undefined, fn: () => Result): Result;
}

interface AsyncLocalStorage<Value> {
  getStore(): Value | undefined;
  run<Result>(value: Value, fn: () => Result): Result;
}

interface HostGlobals {
  readonly process?: {
    getBuiltinModule?(name: string): {
      readonly AsyncLocalStorage?: new <Value>() => AsyncLocalStorage<Value>;
    } | undefined;
  };
}

/** Makes an ambient value, or gives null where the runtime has no `AsyncLocalStorage`. */
export function ambient<Value>(): Ambient<Value> | null {
  const host = (globalThis as HostGlobals).process;
  const Storage = host?.getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage;
  if (Storage === undefined) return null;
  const storage = new Storage<Value | undefined>();
  return {
    get: () => storage.getStore(),
    run: (value, fn) => storage.run(value, fn),
  };
}

/** Reads a clock that never goes back, in ms; its zero means nothing. */
export function now(): number {
  return performance.now();
}

/** Gives a number from 0 up to, but not including, 1. */
export function random(): number {
  return Math.random();
}

/**
 * Waits for some ms.
 *
 * @throws the signal's reason, as soon as it is aborted
 */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
