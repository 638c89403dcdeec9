import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type SsmSdk = typeof import("@aws-sdk/client-ssm");

export const { operation, error, unmodelled } = serviceKit<SsmSdk>("ssm");

type Place = Pick<Context, "partition" | "region" | "account">;

/** `key`: the name with the slash that it may be written without. */
export const parameterArn = ({ partition, region, account }: Place, key: string): Arn =>
  formatArn({ partition, service: "ssm", region, account, resource: `parameter${key}` });

export const settingArn = ({ partition, region, account }: Place, id: string): Arn =>
  formatArn({ partition, service: "ssm", region, account, resource: `servicesetting${id}` });
