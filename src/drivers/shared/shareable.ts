/** Statements that leave no state behind in the session, so that strangers may share it for them. */
const SHAREABLE = /^\s*(?:select|insert|update|delete|with|values|merge|table)\b/i;

/** Whether a statement can leave no state behind in the session, judged by its first word. */
export function isShareable(text: string): boolean {
  return SHAREABLE.test(text);
}
