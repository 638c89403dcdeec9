import type { AccountId, Region } from "../../kernel/arn.ts";
import { serviceKit } from "../../service/operation.ts";
import type { OperationName } from "../../service/sdk.ts";

export type RamSdk = typeof import("@aws-sdk/client-ram");
export type OrganizationsSdk = typeof import("@aws-sdk/client-organizations");
export type IamSdk = typeof import("@aws-sdk/client-iam");

/** An operation as policies name it, its `ram:` left off. */
export type RamAction = OperationName<RamSdk>;

export const { operation, error, unmodelled, arn } = serviceKit<RamSdk>("ram");

/** Where something of RAM lies. */
export interface RamPlace {
  readonly partition: string;
  readonly region: Region;
  readonly account: AccountId;
}

export const placeOf = ({ partition, region, account }: RamPlace): RamPlace => ({ partition, region, account });
