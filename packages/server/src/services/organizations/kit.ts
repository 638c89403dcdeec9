import { formatArn, type Arn } from "../../kernel/arn.ts";
import { serviceKit } from "../../service/operation.ts";
import type { OperationName } from "../../service/sdk.ts";
import type { Organization } from "./organization/row.ts";

export type OrganizationsSdk = typeof import("@aws-sdk/client-organizations");

/** An operation as policies name it, its `organizations:` left off. */
export type OrganizationsAction = OperationName<OrganizationsSdk>;

export const { operation, error } = serviceKit<OrganizationsSdk>("organizations");

/** ARNs of Organizations name no region, and always the management account. */
export const arnIn = (
  { partition, managementAccount: account }: Pick<Organization, "partition" | "managementAccount">,
  resource: string,
): Arn => formatArn({ partition, service: "organizations", region: "", account, resource });
