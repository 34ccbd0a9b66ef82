/** Makes the text that a file stands for: line ends are LF, and no byte order mark leads. */
export function normalised(text: string): string {
  return text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
}

/** The SHA-256 of a migration's files: their names and texts, whatever their line ends. */
export async function checksumOfFiles(
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<string> {
  const whole = files.map(({ name, text }) => {
    const plain = normalised(text);
    return `${name}\n${plain.length}\n${plain}`;
  }).join("\n");
  return `sha256:${await digest(whole)}`;
}

/** The SHA-256 of a text in hexadecimal digits. */
export async function digest(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
