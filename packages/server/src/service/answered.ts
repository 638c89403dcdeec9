/** A call once its answer is known, for what is told of calls: a log of them. */
import type { Context } from "./context.ts";

export interface Answered {
  readonly requestId: string;
  /** As the model calls it. */
  readonly operation: string;
  /** As it came: `GET`, and the path with the query. */
  readonly method: string;
  readonly target: string;
  /** What the path names, decoded: the bucket and the key. */
  readonly labels: Readonly<Record<string, string>>;
  readonly status: number;
  readonly errorCode: string | undefined;
  /** Of the answer's body; `undefined` where nobody knows before it has been sent. */
  readonly bytes: number | undefined;
  /** What was asked for; empty where nobody came to read it. */
  readonly input: object;
  /** What the operation gave; empty where it failed. */
  readonly output: object;
  readonly atMs: number;
  readonly answeredAtMs: number;
  /** Whether a grant of an access control list was what let the caller in. */
  readonly byAcl: boolean;
}

/** What is done once a call is answered: in a transaction of its own. */
export type Afterword = (answered: Answered, context: Context) => Promise<void>;
