import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { serviceKit } from "../../service/operation.ts";

export type SchedulerSdk = typeof import("@aws-sdk/client-scheduler");

export const { operation, error, unmodelled } = serviceKit<SchedulerSdk>("scheduler");

type Place = Pick<Context, "partition" | "region" | "account">;

const arn = ({ partition, region, account }: Place, resource: string): Arn =>
  formatArn({ partition, service: "scheduler", region, account, resource });

export const groupArn = (place: Place, name: string): Arn => arn(place, `schedule-group/${name}`);

/** What tells a schedule from the others of its account and region. */
export interface ScheduleName {
  readonly group: string;
  readonly name: string;
}

export const scheduleArn = (place: Place, { group, name }: ScheduleName): Arn =>
  arn(place, `schedule/${group}/${name}`);
