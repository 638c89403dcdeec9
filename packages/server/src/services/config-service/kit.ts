import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type ConfigSdk = typeof import("@aws-sdk/client-config-service");

export const { operation, streaming, error, unmodelled } = serviceKit<ConfigSdk>("config");

export type Place = Pick<Context, "partition" | "region" | "account">;

/** Where a call acts, without the rest of its context. */
export const placeOf = ({ partition, region, account }: Place) => ({ partition, region, account });

export const configArn = ({ partition, region, account }: Place, resource: string): Arn =>
  formatArn({ partition, service: "config", region, account, resource });

/** As AWS Config calls others. */
export const ITSELF = { type: "service", service: "config.amazonaws.com" } as const;
