import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type StsSdk = typeof import("@aws-sdk/client-sts");

export const { operation, streaming, error, unmodelled } = serviceKit<StsSdk>("sts");

/** ARNs of STS name no region: `arn(context, "federated-user/ann")`. */
export const arn = ({ partition, account }: Pick<Context, "partition" | "account">, resource: string): Arn =>
  formatArn({ partition, service: "sts", region: "", account, resource });
