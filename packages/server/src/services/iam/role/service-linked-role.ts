/**
 * Roles that a service has in an account for itself, which only the service may change.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
 * Differs: deleting does not ask the service whether its resources still need the role, and is done at once.
 */
import type { DeletionTaskStatusType } from "@aws-sdk/client-iam";
import { formatArn } from "../../../kernel/arn.ts";
import { SERVICE_LINKED_PATH } from "../../../kernel/service-linked-role.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import {
  deletionTaskNotFound,
  linkedRoleExists,
  notLinkedRole,
  suffixNotAllowed,
  unknownLinkedService,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { arnOf } from "../path.ts";
import { attach, attachmentsOf, detach } from "../policy/attachment.ts";
import { findLinkedService } from "./linked-service.ts";
import { addRole, asSent, dropRole, formatNamedRole } from "./role.ts";
import { findRole, onRole, requireRole, type Role } from "./row.ts";

/** The end of one role, as who asked for it may look up. */
interface RoleDeletion {
  readonly taskId: string;
  readonly roleName: string;
}

const roleDeletions = table<RoleDeletion>("iam.role-deletion", "account", ({ taskId }) => [taskId]);

export const createServiceLinkedRole = operation("CreateServiceLinkedRole", {
  authorize: ({ AWSServiceName, CustomSuffix }, context) => ({
    action: "iam:CreateServiceLinkedRole",
    resource: arnOf(context, "role", placeOf(AWSServiceName, CustomSuffix)),
    keys: { "iam:AWSServiceName": AWSServiceName },
  }),

  async handle({ AWSServiceName, CustomSuffix, Description }, context) {
    const { tx } = context;
    const service = findLinkedService(AWSServiceName);
    if (!service) throw unknownLinkedService(AWSServiceName);
    if (CustomSuffix !== undefined && !service.takesSuffix) throw suffixNotAllowed(AWSServiceName);
    const place = placeOf(AWSServiceName, CustomSuffix);
    if (await findRole(place.name, tx)) throw linkedRoleExists(place.name);
    const role = await addLinkedRole({ ...place, linkedTo: AWSServiceName, description: Description }, context);
    return { Role: { ...(await formatNamedRole(role, tx)), ...asSent(trustIn(AWSServiceName)) } };
  },
});

export const deleteServiceLinkedRole = operation("DeleteServiceLinkedRole", {
  authorize: ({ RoleName }, context) => onRole("DeleteServiceLinkedRole", RoleName, context),

  async handle({ RoleName }, context) {
    const { tx } = context;
    const role = await requireRole(RoleName, tx);
    if (role.linkedTo === undefined) throw notLinkedRole(RoleName);
    for (const { policyArn } of await attachmentsOf(tx, role)) await detach(tx, role, policyArn);
    await dropRole(role, tx);
    const taskId = `task/aws-service-role/${role.linkedTo}/${role.name}/${context.newId()}`;
    tx.put(roleDeletions, { taskId, roleName: role.name });
    return { DeletionTaskId: taskId };
  },
});

export const getServiceLinkedRoleDeletionStatus = operation("GetServiceLinkedRoleDeletionStatus", {
  authorize: ({ DeletionTaskId }, context) => {
    const [, , service = "", name = ""] = DeletionTaskId.split("/");
    const resource = arnOf(context, "role", { path: `${SERVICE_LINKED_PATH}${service}/`, name });
    return { action: "iam:GetServiceLinkedRoleDeletionStatus", resource };
  },

  async handle({ DeletionTaskId }, { tx }) {
    if (!(await tx.get(roleDeletions, DeletionTaskId))) throw deletionTaskNotFound(DeletionTaskId);
    const Status: DeletionTaskStatusType = "SUCCEEDED";
    return { Status };
  },
});

/** Makes the role of a service that is known to have one. */
export async function addLinkedRole(
  facts: Pick<Role, "path" | "name" | "description"> & { readonly linkedTo: string },
  context: Parameters<typeof addRole>[1],
): Promise<Role> {
  const trust = { document: trustIn(facts.linkedTo), accounts: {} };
  const role = await addRole({ ...facts, trust, tags: {}, boundary: undefined }, context);
  const policyName = findLinkedService(facts.linkedTo)?.policyName;
  if (policyName !== undefined) await attach(context.tx, role, servicePolicy(policyName, context));
  return role;
}

export function placeOf(service: string, suffix?: string) {
  const roleName = findLinkedService(service)?.roleName ?? "";
  const ending = suffix === undefined ? "" : `_${suffix}`;
  return { path: `${SERVICE_LINKED_PATH}${service}/`, name: `AWSServiceRoleFor${roleName}${ending}` };
}

function servicePolicy(name: string, { partition }: Pick<Context, "partition">) {
  const resource = `policy/aws-service-role/${name}`;
  return { arn: formatArn({ partition, service: "iam", region: "", account: "aws", resource }), name };
}

const trustIn = (service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Action: ["sts:AssumeRole"], Effect: "Allow", Principal: { Service: [service] } }],
  });
