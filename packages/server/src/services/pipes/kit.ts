import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type PipesSdk = typeof import("@aws-sdk/client-pipes");

export const { operation, error, unmodelled } = serviceKit<PipesSdk>("pipes");

export const pipeArn = (
  { partition, region, account }: Pick<Context, "partition" | "region" | "account">,
  name: string,
): Arn => formatArn({ partition, service: "pipes", region, account, resource: `pipe/${name}` });

export const PRINCIPAL = "pipes.amazonaws.com";
