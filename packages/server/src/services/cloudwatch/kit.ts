import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type CloudwatchSdk = typeof import("@aws-sdk/client-cloudwatch");

export const { operation, streaming, error, unmodelled } = serviceKit<CloudwatchSdk>("cloudwatch");

type Place = Pick<Context, "partition" | "region" | "account">;

export const alarmArn = ({ partition, region, account }: Place, name: string): Arn =>
  formatArn({ partition, service: "cloudwatch", region, account, resource: `alarm:${name}` });

export const muteRuleArn = ({ partition, region, account }: Place, name: string): Arn =>
  formatArn({ partition, service: "cloudwatch", region, account, resource: `alarm-mute-rule:${name}` });

export const insightRuleArn = ({ partition, region, account }: Place, name: string): Arn =>
  formatArn({ partition, service: "cloudwatch", region, account, resource: `insight-rule/${name}` });

/** Dashboards are in no region. */
export const dashboardArn = ({ partition, account }: Place, name: string): Arn =>
  formatArn({ partition, service: "cloudwatch", region: "", account, resource: `dashboard/${name}` });
