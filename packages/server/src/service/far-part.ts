import type { Region } from "../kernel/arn.ts";

/** What a call did in another region than it was made in, as an operation there: in the model's words. */
export interface FarPart {
  readonly operation: string;
  readonly region: Region;
  readonly input: object;
  /** What the operation answers, or what is told of it. */
  readonly output: object;
  /** The service's principal. */
  readonly by: string;
}
