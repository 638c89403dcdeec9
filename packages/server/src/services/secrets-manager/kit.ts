import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type SecretsManagerSdk = typeof import("@aws-sdk/client-secrets-manager");

export const { operation, streaming, error, unmodelled } = serviceKit<SecretsManagerSdk>("secretsmanager");

/** `id`: the name with the six characters that AWS puts behind it. */
export const secretArn = (
  { partition, region, account }: Pick<Context, "partition" | "region" | "account">,
  id: string,
): Arn => formatArn({ partition, service: "secretsmanager", region, account, resource: `secret:${id}` });
