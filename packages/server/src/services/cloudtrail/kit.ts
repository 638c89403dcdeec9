import { formatArn, type Arn } from "../../kernel/arn.ts";
import type { ServicePrincipal } from "../../identity/principal.ts";
import { serviceKit } from "../../service/operation.ts";

export type CloudtrailSdk = typeof import("@aws-sdk/client-cloudtrail");

export const { operation, error, unmodelled } = serviceKit<CloudtrailSdk>("cloudtrail");

export const PRINCIPAL: ServicePrincipal = { type: "service", service: "cloudtrail.amazonaws.com" };

/** Where a trail was made, and whose it is. */
export interface TrailPlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

export const trailArn = ({ partition, region, account }: TrailPlace, name: string): Arn =>
  formatArn({ partition, service: "cloudtrail", region, account, resource: `trail/${name}` });
