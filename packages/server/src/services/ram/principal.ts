/** With whom things are shared. Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_AssociateResourceShare.html */
import { parseAccountId, parseArn, type AccountId } from "../../kernel/arn.ts";
import { malformedPrincipal } from "./errors.ts";

export type SharePrincipal =
  | { readonly kind: "account"; readonly account: AccountId }
  /** A role or a user. */
  | { readonly kind: "identity"; readonly account: AccountId; readonly arn: string }
  | { readonly kind: "organization"; readonly id: string; readonly arn: string }
  | { readonly kind: "unit"; readonly organizationId: string; readonly id: string; readonly arn: string }
  | { readonly kind: "service"; readonly name: string };

/** A principal that is an account, or lives in one. */
export type AccountSharePrincipal = Extract<SharePrincipal, { readonly account: AccountId }>;

/** @throws {AwsError} `InvalidParameterException` */
export function parsePrincipal(text: string): SharePrincipal {
  const account = parseAccountId(text);
  if (account !== undefined) return { kind: "account", account };
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$/.test(text)) return { kind: "service", name: text };
  const principal = ofArn(text);
  if (principal === undefined) throw malformedPrincipal(text);
  return principal;
}

function ofArn(arn: string): SharePrincipal | undefined {
  const parts = parseArn(arn);
  const account = parseAccountId(parts?.account ?? "");
  if (parts === undefined || account === undefined) return undefined;
  if (parts.service === "iam" && /^(role|user)\/.+$/.test(parts.resource)) return { kind: "identity", account, arn };
  return parts.service === "organizations" ? ofOrganization(parts.resource, arn) : undefined;
}

function ofOrganization(resource: string, arn: string): SharePrincipal | undefined {
  const organization = /^organization\/(o-\w+)$/.exec(resource)?.[1];
  if (organization !== undefined) return { kind: "organization", id: organization, arn };
  const [, organizationId, id] = /^ou\/(o-\w+)\/(ou-[\w-]+)$/.exec(resource) ?? [];
  return organizationId === undefined || id === undefined ? undefined : { kind: "unit", organizationId, id, arn };
}
