/** The rows of function URLs. */
import type { AccountId, Region } from "../../../kernel/arn.ts";
import type { InputOf } from "../../../service/sdk.ts";
import type { LambdaSdk } from "../kit.ts";
import { table, type Transaction } from "../../../kernel/table.ts";

export interface FunctionUrl {
  /** The first label of its host. */
  readonly id: string;
  readonly name: string;
  /** Empty: of `$LATEST`. */
  readonly qualifier: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly authType: "AWS_IAM" | "NONE";
  /** `BUFFERED` until one was given. */
  readonly invokeMode?: "BUFFERED" | "RESPONSE_STREAM";
  readonly cors?: UrlCors;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

export type UrlCors = NonNullable<InputOf<LambdaSdk, "CreateFunctionUrlConfig">["Cors"]>;

/** Whose a host is. */
interface UrlHost {
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly name: string;
  readonly qualifier: string;
}

export const urls = table<FunctionUrl>("lambda.url", "region", ({ name, qualifier }) => [name, qualifier]);
export const urlHosts = table<UrlHost>("lambda.url-host", "global", ({ id }) => [id]);

/** Each function, version and alias has at most one, so a function has few. */
const URLS_MAX = 1000;

/** Takes away the URL of a qualifier, or all of a function's. */
export async function forgetUrls(name: string, qualifier: string | undefined, tx: Transaction): Promise<void> {
  const prefix = qualifier === undefined ? [name] : [name, qualifier];
  for (const url of await tx.scan(urls, { prefix, limit: URLS_MAX })) {
    tx.delete(urls, url.name, url.qualifier);
    tx.delete(urlHosts, url.id);
  }
}
