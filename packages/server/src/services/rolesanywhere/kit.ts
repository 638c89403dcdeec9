import { parseArn, type AccountId, type Region } from "../../kernel/arn.ts";
import { serviceKit } from "../../service/operation.ts";
import type { OperationName } from "../../service/sdk.ts";
import type { RolesAnywhereSdk } from "./model.ts";

export type { RolesAnywhereSdk } from "./model.ts";
export type StsSdk = typeof import("@aws-sdk/client-sts");

/** An operation as policies name it, its `rolesanywhere:` left off. */
export type Action = OperationName<RolesAnywhereSdk>;

export const { operation, error, arn } = serviceKit<RolesAnywhereSdk>("rolesanywhere");

/** Where something of this service lies. */
export interface Place {
  readonly partition: string;
  readonly region: Region;
  readonly account: AccountId;
}

export const placeOf = ({ partition, region, account }: Place): Place => ({ partition, region, account });

/** The kinds of things that have tags, as their ARNs name them. */
export type Kind = "trust-anchor" | "profile" | "crl" | "subject";

/** The parts of `text`, an ARN of this service; `undefined` where it is none. */
export function parseResource(text: string) {
  const parts = parseArn(text);
  const [kind, id] = parts?.resource.split("/") ?? [];
  if (parts?.service !== "rolesanywhere" || kind === undefined || id === undefined) return undefined;
  return { ...parts, kind, id };
}
