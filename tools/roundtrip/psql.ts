/** Takes out of a script what only psql understands. */
export function withoutMetaCommands(text: string): string {
  return text.replace(/^\\[a-z!]+(?:[ \t].*)?$/gmi, "");
}
