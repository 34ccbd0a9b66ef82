// one for the module: until a program asks for a cache, no lookup and no write looks for one
let wanted = false;

/** Notes that a model or a database of this program asks for a cache. */
export function wantCache(): void {
  wanted = true;
}

/** Whether any model or database of this program asks for a cache. */
export function isCacheWanted(): boolean {
  return wanted;
}
