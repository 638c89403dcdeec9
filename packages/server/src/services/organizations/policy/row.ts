/** Policies as rows, AWS's own two among them, and what they are attached to. */
import type { PolicySummary, PolicyType } from "@aws-sdk/client-organizations";
import { formatArn, type Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { policyNotFound } from "../errors.ts";
import { arnIn } from "../kit.ts";
import type { Organization } from "../organization/row.ts";

export interface Policy {
  readonly organizationId: string;
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: PolicyType;
  readonly content: string;
}

export const policies = table<Policy>("organizations.policy", "global", ({ organizationId, id }) => [
  organizationId,
  id,
]);

/** A name is given once among the policies of one type. */
export interface PolicyName {
  readonly organizationId: string;
  readonly type: PolicyType;
  readonly name: string;
  readonly id: string;
}

export const policyNames = table<PolicyName>(
  "organizations.policy-name",
  "global",
  ({ organizationId, type, name }) => [organizationId, type, name],
);

/** One policy on one root, unit or account. */
export interface Attachment {
  readonly organizationId: string;
  readonly targetId: string;
  readonly type: PolicyType;
  readonly policyId: string;
}

/** The policies of one target. */
export const attachments = table<Attachment>(
  "organizations.attachment",
  "global",
  ({ organizationId, targetId, type, policyId }) => [organizationId, targetId, type, policyId],
);

/** The targets of one policy. */
export const attachmentsOfPolicy = table<Attachment>(
  "organizations.attachment-of-policy",
  "global",
  ({ organizationId, policyId, targetId }) => [organizationId, policyId, targetId],
);

type AwsPolicy = Omit<Policy, "organizationId">;

/** Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#scp-effects-on-permissions */
const FULL_ACCESS: AwsPolicy = {
  id: "p-FullAWSAccess",
  name: "FullAWSAccess",
  description: "Allows access to every operation",
  type: "SERVICE_CONTROL_POLICY",
  content: JSON.stringify(
    { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
    undefined,
    2,
  ),
};

/** Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html */
const RCP_FULL_ACCESS: AwsPolicy = {
  id: "p-RCPFullAWSAccess",
  name: "RCPFullAWSAccess",
  description: "Allows access to every resource",
  type: "RESOURCE_CONTROL_POLICY",
  content: JSON.stringify(
    { Version: "2012-10-17", Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] },
    undefined,
    2,
  ),
};

const AWS_POLICIES: readonly AwsPolicy[] = [FULL_ACCESS, RCP_FULL_ACCESS];

export const RCP_FULL_ACCESS_ID = RCP_FULL_ACCESS.id;

/** The policy that everything has from the start where its type is enabled. */
export const awsPolicyOf = (type: PolicyType): AwsPolicy | undefined =>
  AWS_POLICIES.find((policy) => policy.type === type);

export const isAwsManaged = (id: string): boolean => AWS_POLICIES.some((policy) => policy.id === id);

export async function findPolicy(
  { id: organizationId }: Pick<Organization, "id">,
  id: string,
  tx: Transaction,
): Promise<Policy | undefined> {
  const own = AWS_POLICIES.find((policy) => policy.id === id);
  return own ? { ...own, organizationId } : tx.get(policies, organizationId, id);
}

/** @throws {AwsError} `PolicyNotFoundException` */
export async function requirePolicy(
  organization: Pick<Organization, "id">,
  id: string,
  tx: Transaction,
  notFound = policyNotFound,
): Promise<Policy> {
  const policy = await findPolicy(organization, id, tx);
  if (!policy) throw notFound();
  return policy;
}

/** More than any target can have of one type. */
const ATTACHMENTS_MAX = 100;

export const attachmentsOn = (
  { id }: Pick<Organization, "id">,
  { targetId, type }: Pick<Attachment, "targetId" | "type">,
  tx: Transaction,
): Promise<Attachment[]> => tx.scan(attachments, { prefix: [id, targetId, type], limit: ATTACHMENTS_MAX });

/** The policies of one type on one target, AWS's own first. */
export async function policiesOn(
  organization: Pick<Organization, "id">,
  target: Pick<Attachment, "targetId" | "type">,
  tx: Transaction,
): Promise<readonly Policy[]> {
  const found = await attachmentsOn(organization, target, tx);
  const held = await Promise.all(found.map(({ policyId }) => findPolicy(organization, policyId, tx)));
  return held.filter((policy) => policy !== undefined);
}

/** Neither checks whether it may. The stamp is the caller's to renew. */
export function putAttachment(attachment: Attachment, tx: Transaction): void {
  tx.put(attachments, attachment);
  tx.put(attachmentsOfPolicy, attachment);
}

export function dropAttachment({ organizationId, targetId, type, policyId }: Attachment, tx: Transaction): void {
  tx.delete(attachments, organizationId, targetId, type, policyId);
  tx.delete(attachmentsOfPolicy, organizationId, policyId, targetId);
}

/** What comes into an organization has AWS's policy of each type that is enabled. */
export function attachAwsPolicies({ id, policyTypes }: Organization, targetId: string, tx: Transaction): void {
  for (const type of policyTypes) {
    const policy = awsPolicyOf(type);
    if (policy) putAttachment({ organizationId: id, targetId, type, policyId: policy.id }, tx);
  }
}

/** Takes all policies off what leaves. */
export async function dropAttachments({ id }: Organization, targetId: string, tx: Transaction): Promise<void> {
  const found = await tx.scan(attachments, { prefix: [id, targetId], limit: ATTACHMENTS_MAX * 20 });
  for (const attachment of found) dropAttachment(attachment, tx);
}

/** In ARNs types are lower case: `service_control_policy`. */
export function policyArn(organization: Organization, { id, type }: Pick<Policy, "id" | "type">): Arn {
  const kind = type.toLowerCase();
  if (!isAwsManaged(id)) return arnIn(organization, `policy/${organization.id}/${kind}/${id}`);
  const { partition } = organization;
  return formatArn({
    partition,
    service: "organizations",
    region: "",
    account: "aws",
    resource: `policy/${kind}/${id}`,
  });
}

export const formatSummary = (organization: Organization, policy: Policy): PolicySummary => ({
  Id: policy.id,
  Arn: policyArn(organization, policy),
  Name: policy.name,
  Description: policy.description,
  Type: policy.type,
  AwsManaged: isAwsManaged(policy.id),
});
