/** All that condition keys are worked out from. */
import type { AccountId } from "../kernel/arn.ts";
import type { Access } from "../service/access.ts";
import type { Principal } from "./principal.ts";

/** Where a request comes from, as far as conditions ask. */
export interface RequestOrigin {
  readonly sourceIp?: string | undefined;
  readonly userAgent?: string | undefined;
  readonly referer?: string | undefined;
  readonly secureTransport: boolean;
  /** The VPC endpoint that the request came through; `aws:SourceIp` is then absent. */
  readonly endpoint?: EndpointOrigin | undefined;
}

export interface EndpointOrigin {
  readonly vpceId: string;
  readonly vpcId: string;
  readonly vpcArn: string;
  /** The caller's address inside the VPC. */
  readonly vpcSourceIp: string;
  /** Owner of the endpoint. */
  readonly account: string;
  readonly organizationId?: string | undefined;
  readonly organizationPaths?: readonly string[] | undefined;
}

/** A service that makes this call, for the caller or on its own behalf. */
export interface CallingService {
  /** The services that pass the caller's rights on, first one first: `cloudformation.amazonaws.com`. */
  readonly calledVia?: readonly string[] | undefined;
  /** The resource on whose behalf a service principal calls. */
  readonly sourceArn?: string | undefined;
  readonly sourceAccount?: AccountId | undefined;
  /** As `organizationKeys` gives them for that account. */
  readonly sourceOrganization?: OrganizationKeys | undefined;
}

/** Condition keys of an organization by their documented names. */
export type OrganizationKeys = Readonly<Record<string, string | readonly string[]>>;

/** All that condition keys are worked out from. */
export interface KeyFacts {
  readonly principal: Principal;
  readonly access: Access;
  /** Owner of the resource. */
  readonly resourceAccount: string;
  readonly region: string;
  /** Virtual epoch milliseconds. */
  readonly nowMs: number;
  readonly origin: RequestOrigin;
  /** The principal's own tags, without the session's. */
  readonly principalTags?: Readonly<Record<string, string>> | undefined;
  /** As `organizationKeys` gives them for the principal's account. */
  readonly organization?: OrganizationKeys | undefined;
  /** The same for the account that owns the resource. */
  readonly resourceOrganization?: OrganizationKeys | undefined;
  readonly calling?: CallingService | undefined;
}
