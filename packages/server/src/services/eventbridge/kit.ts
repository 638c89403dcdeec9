import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type EventBridgeSdk = typeof import("@aws-sdk/client-eventbridge");

export const { operation, error, unmodelled } = serviceKit<EventBridgeSdk>("eventbridge");

/** Where a resource is. */
export type Place = Pick<Context, "partition" | "region" | "account">;

/** `event-bus/orders` */
export const arnIn = ({ partition, region, account }: Place, resource: string): Arn =>
  formatArn({ partition, service: "events", region, account, resource });

export const DEFAULT_BUS = "default";

export const busArn = (place: Place, bus: string): Arn => arnIn(place, `event-bus/${bus}`);
export const ruleArn = (place: Place, bus: string, rule: string): Arn =>
  arnIn(place, bus === DEFAULT_BUS ? `rule/${rule}` : `rule/${bus}/${rule}`);
