/** Who may use an application. Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateApplicationAssignment.html */
import type { PrincipalType } from "@aws-sdk/client-sso-admin";
import type { Context } from "../../../service/context.ts";
import { findGroup } from "../group-row.ts";
import { findInstance } from "../instance-row.ts";
import { findUser } from "../user-row.ts";
import { askInstance, requireSeen } from "./access.ts";
import { askApplication, requireApplication } from "./application-access.ts";
import {
  applicationArn,
  applicationAssignments,
  applications,
  type Application,
  type ApplicationAssignment,
} from "./application-row.ts";
import { applicationAssigned, applicationAssignmentNotFound, principalNotFound } from "./errors.ts";
import { operation } from "./kit.ts";
import { APPLICATIONS_MAX } from "./limits.ts";
import { list, listOf } from "./paging.ts";

interface Named {
  readonly PrincipalType: PrincipalType;
  readonly PrincipalId: string;
}

const assignmentOf = (
  { instanceId, id: applicationId }: Application,
  { PrincipalType: principalType, PrincipalId: principalId }: Named,
): ApplicationAssignment => ({ instanceId, applicationId, principalType, principalId });

export const createApplicationAssignment = operation("CreateApplicationAssignment", {
  authorize: (input, context) => askApplication("CreateApplicationAssignment", input, context),

  async handle(input, context) {
    const application = await requireApplication(input, context);
    await requirePrincipal(application, input, context);
    if (await findAssigned(application, input, context)) throw applicationAssigned();
    context.tx.put(applicationAssignments, assignmentOf(application, input));
    return {};
  },
});

export const describeApplicationAssignment = operation("DescribeApplicationAssignment", {
  authorize: (input, context) => askApplication("DescribeApplicationAssignment", input, context),

  async handle(input, context) {
    const application = await requireApplication(input, context);
    const found = await findAssigned(application, input, context);
    if (!found) throw applicationAssignmentNotFound(input.PrincipalId);
    return formatAssignment(application, found);
  },
});

export const deleteApplicationAssignment = operation("DeleteApplicationAssignment", {
  authorize: (input, context) => askApplication("DeleteApplicationAssignment", input, context),

  async handle(input, context) {
    const application = await requireApplication(input, context);
    if (!(await findAssigned(application, input, context))) throw applicationAssignmentNotFound(input.PrincipalId);
    const { instanceId, id } = application;
    context.tx.delete(applicationAssignments, instanceId, id, input.PrincipalType, input.PrincipalId);
    return {};
  },
});

export const listApplicationAssignments = operation("ListApplicationAssignments", {
  authorize: (input, context) => askApplication("ListApplicationAssignments", input, context),

  async handle(input, context) {
    const application = await requireApplication(input, context);
    const { instanceId, id } = application;
    const { rows, rest } = await list(context.tx, applicationAssignments, [instanceId, id], input);
    return { ApplicationAssignments: rows.map((row) => formatAssignment(application, row)), ...rest };
  },
});

export const listApplicationAssignmentsForPrincipal = operation("ListApplicationAssignmentsForPrincipal", {
  authorize: (input) => askInstance("ListApplicationAssignmentsForPrincipal", input),

  async handle({ Filter, ...input }, context) {
    const instance = await requireSeen(input, context);
    const all = await context.tx.scan(applications, { prefix: [instance.id], limit: APPLICATIONS_MAX });
    const wanted = Filter?.ApplicationArn;
    const assigned: Application[] = [];
    for (const application of all) {
      if (wanted !== undefined && applicationArn(application) !== wanted) continue;
      if (await findAssigned(application, input, context)) assigned.push(application);
    }
    const { rows, rest } = listOf(assigned, input, ({ id }) => id);
    const ApplicationAssignments = rows.map((row) => formatAssignment(row, assignmentOf(row, input)));
    return { ApplicationAssignments, ...rest };
  },
});

const findAssigned = ({ instanceId, id }: Application, { PrincipalType, PrincipalId }: Named, { tx }: Context) =>
  tx.get(applicationAssignments, instanceId, id, PrincipalType, PrincipalId);

/** @throws {AwsError} `ResourceNotFoundException` */
async function requirePrincipal(
  { instanceId }: Application,
  { PrincipalType, PrincipalId }: Named,
  { tx }: Context,
): Promise<void> {
  const instance = await findInstance(instanceId, tx);
  const find = PrincipalType === "USER" ? findUser : findGroup;
  if (!instance || !(await find(instance.storeId, PrincipalId, tx)))
    throw principalNotFound(PrincipalType, PrincipalId);
}

const formatAssignment = (application: Application, { principalType, principalId }: ApplicationAssignment) => ({
  ApplicationArn: applicationArn(application),
  PrincipalType: principalType,
  PrincipalId: principalId,
});
