/** Event source mappings: which queue is read for which function, and how. */
import type { FunctionResponseType } from "@aws-sdk/client-lambda";
import { formatArn, parseAccountId, parseArn, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { mappingNotFound, resourceMissing } from "../errors.ts";

export interface Mapping {
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  /** With the qualifier that it was named with. */
  readonly functionArn: Arn;
  readonly sourceArn: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly windowSeconds: number;
  /** Event patterns, of which one is enough. */
  readonly filters: readonly string[];
  readonly responseTypes: readonly FunctionResponseType[];
  readonly concurrencyMax?: number;
  readonly metrics: boolean;
  readonly modifiedAtMs: number;
  readonly tags: Tags;
}

export const mappings = table<Mapping>("lambda.mapping", "region", ({ id }) => [id]);

export const mappingArn = ({ partition, region, account, id }: Mapping): Arn =>
  formatArn({ partition, service: "lambda", region, account, resource: `event-source-mapping:${id}` });

/** By its ARN or its id. */
export async function findMapping(
  named: string,
  { tx, region, ...context }: Pick<Context, "tx" | "region" | "account">,
): Promise<Mapping | undefined> {
  const parts = parseArn(named);
  const account = parseAccountId(parts?.account ?? "") ?? context.account;
  return tx.in({ account, region }).get(mappings, parts?.resource.split(":")[1] ?? named);
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireMapping(id: string, context: Context): Promise<Mapping> {
  const found = await findMapping(id, context);
  if (found === undefined) throw resourceMissing();
  return found;
}

/** The same for one that is named by its ARN. @throws {AwsError} `ResourceNotFoundException` */
export async function requireMappingAt(arn: string, context: Context): Promise<Mapping> {
  const found = await findMapping(arn, context);
  if (found === undefined) throw mappingNotFound(arn);
  return found;
}
