/** The first line of what a module threw while it was loaded, or of what is wrong with its text. */
export function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return text.split("\n", 1)[0]!;
}

/** What an error says; anything else that was thrown, as text. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
