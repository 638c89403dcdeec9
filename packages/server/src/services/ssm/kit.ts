import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type SsmSdk = typeof import("@aws-sdk/client-ssm");

export const { operation, error, unmodelled } = serviceKit<SsmSdk>("ssm");

type Place = Pick<Context, "partition" | "region" | "account">;

/** Of parameters that AWS keeps for everybody. */
export const PUBLIC_PREFIX = "/aws/service/";

/**
 * `key`: the name with the slash that it may be written without. What is everybody's is of no account.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-finding-public-parameters.html (its answers),
 * https://docs.aws.amazon.com/eks/latest/eksctl/minimum-iam-policies.html (`arn:aws:ssm:*::parameter/aws/*`)
 */
export const parameterArn = ({ partition, region, account }: Place, key: string): Arn =>
  formatArn({
    partition,
    service: "ssm",
    region,
    account: `${key}/`.startsWith(PUBLIC_PREFIX) ? "" : account,
    resource: `parameter${key}`,
  });

export const settingArn = ({ partition, region, account }: Place, id: string): Arn =>
  formatArn({ partition, service: "ssm", region, account, resource: `servicesetting${id}` });
