/** What was said of asynchronous invocations of a function, a version or an alias. */
import { table } from "../../../kernel/table.ts";

export interface InvokeConfig {
  readonly name: string;
  /** `$LATEST` for the function as a whole. */
  readonly qualifier: string;
  readonly ageSecondsMax?: number;
  readonly retriesMax?: number;
  readonly onSuccess?: string;
  readonly onFailure?: string;
  readonly modifiedAtMs: number;
}

export const invokeConfigs = table<InvokeConfig>("lambda.invoke-config", "region", ({ name, qualifier }) => [
  name,
  qualifier,
]);
