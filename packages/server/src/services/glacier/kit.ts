import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type GlacierSdk = typeof import("@aws-sdk/client-glacier");

const kit = serviceKit<GlacierSdk>("glacier");
export const { operation, streaming, unmodelled } = kit;

/** What went wrong is said twice in the body, and whose fault it is. Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-error-responses.html */
export const error = (code: Parameters<typeof kit.error>[0], message: string) =>
  kit.error(code, message, { code, type: "Client" });

export const vaultArn = (
  { partition, region, account }: Pick<Context, "partition" | "region" | "account">,
  name: string,
): Arn => formatArn({ partition, service: "glacier", region, account, resource: `vaults/${name}` });
