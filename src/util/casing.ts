/** Letters beyond ASCII stay as they are, so that every runtime derives the same names. */
const LOWER_UPPER = /([a-z0-9])([A-Z])/g;
const ACRONYM_WORD = /([A-Z]+)([A-Z][a-z])/g;

/**
 * Derives a column's name from a property's: `createdAt` is `created_at`, `userID` is `user_id`.
 *
 * Only the ASCII letters A to Z open a word; a name without them is returned as it is.
 */
export function snakeCase(name: string): string {
  return name
    .replace(ACRONYM_WORD, "$1_$2")
    .replace(LOWER_UPPER, "$1_$2")
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/**
 * Derives a property's name from a column's: `created_at` is `createdAt`, `UserID` is `userId`.
 *
 * Underscores at both ends stay. Not every column survives the way back: compare with `snakeCase`.
 */
export function camelCase(name: string): string {
  const [, head = "", middle = "", tail = ""] = /^(_*)(.*?)(_*)$/s.exec(name) ?? [];
  const words = snakeCase(middle).split(/_+(?=[A-Za-z0-9])/);
  const camel = words.map((word, index) => index === 0 ? word : capitalize(word));
  return head + camel.join("") + tail;
}

/** Makes the first ASCII letter a capital. */
export function capitalize(word: string): string {
  return word.replace(/^[a-z]/, (letter) => letter.toUpperCase());
}
