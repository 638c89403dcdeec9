import { formatArn, type Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { serviceKit } from "../../../service/operation.ts";

export type S3ControlSdk = typeof import("@aws-sdk/client-s3-control");

export const { operation, error, unmodelled } = serviceKit<S3ControlSdk>("s3-control");

/** What S3 Control names is of an account and a region: `arn(context, "job/…")`. */
export const arn = (
  { partition, region, account }: Pick<Context, "partition" | "region" | "account">,
  resource: string,
): Arn => formatArn({ partition, service: "s3", region, account, resource });
