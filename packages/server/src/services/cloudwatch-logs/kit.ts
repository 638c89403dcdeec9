import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type LogsSdk = typeof import("@aws-sdk/client-cloudwatch-logs");

export const { operation, streaming, error, unmodelled, arn } = serviceKit<LogsSdk>("logs");

/** Where a resource is. */
export type Place = Pick<Context, "partition" | "region" | "account">;

/** As `logGroupIdentifier` and the tagging operations have it. */
export const groupArn = ({ partition, region, account }: Place, name: string): Arn =>
  formatArn({ partition, service: "logs", region, account, resource: `log-group:${name}` });

export const streamArn = (place: Place, group: string, stream: string): Arn =>
  arn(place, `log-group:${group}:log-stream:${stream}`);
