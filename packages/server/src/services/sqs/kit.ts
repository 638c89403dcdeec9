import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type SqsSdk = typeof import("@aws-sdk/client-sqs");

export const { operation, streaming, error, unmodelled } = serviceKit<SqsSdk>("sqs");

export const queueArn = (
  { partition, region, account }: Pick<Context, "partition" | "region" | "account">,
  name: string,
): Arn => formatArn({ partition, service: "sqs", region, account, resource: name });
