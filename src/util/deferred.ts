/** A promise with the functions that settle it. */
export interface Deferred<Value> {
  /** The promise. */
  readonly promise: Promise<Value>;
  /** Fulfils it. */
  readonly resolve: (value: Value) => void;
  /** Rejects it. */
  readonly reject: (reason: unknown) => void;
}

/** Makes a promise that somebody else settles; `Promise.withResolvers` is missing on Node 20. */
export function deferred<Value>(): Deferred<Value> {
  let resolve!: (value: Value) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<Value>((fulfil, refuse) => {
    resolve = fulfil;
    reject = refuse;
  });
  return { promise, resolve, reject };
}
