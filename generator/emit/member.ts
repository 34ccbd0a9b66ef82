/** One member of a model's shape: its value and, for explicit files, its type. */
export interface Member {
  readonly property: string;
  readonly comment: string | null;
  readonly expression: string;
  readonly type: string;
}
