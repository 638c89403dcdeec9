/**
 * What AWS keeps in an account by a service-linked role of its own: the rules of conformance packs, and the rules and
 * packs of organizations. Nobody else changes them.
 * Source: https://docs.aws.amazon.com/config/latest/developerguide/service-linked-awsconfig-rules.html
 */
import type { Principal, RoleSession } from "../../identity/principal.ts";
import { formatArn, parseArn, type AccountId, type Arn } from "../../kernel/arn.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import { roleSession } from "../../service/role-session.ts";
import { linkedRoleDenied, ruleOwned } from "./errors.ts";

type IamSdk = typeof import("@aws-sdk/client-iam");

interface LinkedRole {
  readonly service: string;
  readonly role: string;
}

/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConformancePack.html */
export const CONFORMS: LinkedRole = {
  service: "config-conforms.amazonaws.com",
  role: "AWSServiceRoleForConfigConforms",
};
/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html */
export const MULTI_ACCOUNT: LinkedRole = {
  service: "config-multiaccountsetup.amazonaws.com",
  role: "AWSServiceRoleForConfigMultiAccountSetup",
};

const linkedArn = ({ service, role }: LinkedRole, partition: string, account: AccountId): Arn =>
  formatArn({ partition, service: "iam", region: "", account, resource: `role/aws-service-role/${service}/${role}` });

/** The service whose role calls, where it is one of these. */
export function ownerOf(principal: Principal): string | undefined {
  if (principal.type !== "role-session") return undefined;
  const resource = parseArn(principal.roleArn)?.resource;
  return [CONFORMS, MULTI_ACCOUNT].find(({ service, role }) => resource === `role/aws-service-role/${service}/${role}`)
    ?.service;
}

/** `aws-service-rule/config-conforms.amazonaws.com/` before the id of what a service keeps. */
export const ownedPath = (kind: string, owner: string | undefined): string =>
  owner === undefined ? "" : `${kind}/${owner}/`;

/** @throws {AwsError} `AccessDeniedException` where a service keeps it, and somebody else calls */
export function requireOwn(owner: string | undefined, context: Context): void {
  if (owner !== undefined && ownerOf(context.principal) !== owner) throw ruleOwned();
}

/** The caller needs the right to have it made. @throws {AwsError} `InsufficientPermissionsException` */
export async function provideRole(linked: LinkedRole, context: Context): Promise<void> {
  const { partition, account, directory, tx } = context;
  if (await directory.findRole(linkedArn(linked, partition, account), tx)) return;
  try {
    await context.call<IamSdk, "CreateServiceLinkedRole">({
      service: "iam",
      operation: "CreateServiceLinkedRole",
      input: { AWSServiceName: linked.service },
    });
  } catch (error) {
    throw error instanceof AwsError ? linkedRoleDenied(error.message) : error;
  }
}

/** A session of the role, which is there already. */
export const linkedSession = (
  linked: LinkedRole,
  account: AccountId,
  context: Pick<Context, "partition"> & Context,
): Promise<RoleSession> => {
  const roleArn = linkedArn(linked, context.partition, account);
  return roleSession({ roleArn, service: linked.service, sessionName: "AWSConfig", account }, context);
};
