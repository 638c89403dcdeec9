/** Access of people and groups to accounts. Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateAccountAssignment.html */
import type { PrincipalType } from "@aws-sdk/client-sso-admin";
import { parseAccountId, type AccountId } from "../../../kernel/arn.ts";
import { assignments, assignmentsOf, findAssignment, type Assignment } from "../assignment-row.ts";
import { permissionSetArn } from "../permission-set-row.ts";
import {
  askInstance,
  askPermissionSet,
  requirePermissionSet,
  requireTarget,
  requireWithPermissionSets,
} from "./access.ts";
import { assignmentNotFound, notAnAccountId } from "./errors.ts";
import { operation } from "./kit.ts";
import { list, listOf } from "./paging.ts";
import { begin, formatAssignmentRequest } from "./request.ts";

export const createAccountAssignment = operation("CreateAccountAssignment", {
  authorize: (input, context) => askPermissionSet("CreateAccountAssignment", input, context, input.TargetId),

  async handle(input, context) {
    const { instance, permissionSet } = await requirePermissionSet(input, context);
    requireTarget(input.TargetId, instance, context);
    const { id: permissionSetId, instanceId } = permissionSet;
    const permissionSetArnGiven = input.PermissionSetArn;
    const request = await begin(
      { instanceId, permissionSetId, permissionSetArn: permissionSetArnGiven, kind: "creation", ...targetOf(input) },
      context,
    );
    return { AccountAssignmentCreationStatus: formatAssignmentRequest(request) };
  },
});

export const deleteAccountAssignment = operation("DeleteAccountAssignment", {
  authorize: (input, context) => askPermissionSet("DeleteAccountAssignment", input, context, input.TargetId),

  async handle(input, context) {
    const { instance, permissionSet } = await requirePermissionSet(input, context);
    requireTarget(input.TargetId, instance, context);
    const { id: permissionSetId, instanceId } = permissionSet;
    const target = targetOf(input);
    const { account, principal } = target;
    const assignment = {
      instanceId,
      permissionSetId,
      account,
      principalType: principal.type,
      principalId: principal.id,
    };
    if (!(await findAssignment(assignment, context.tx))) throw assignmentNotFound(principal.id);
    const request = await begin(
      { instanceId, permissionSetId, permissionSetArn: input.PermissionSetArn, kind: "deletion", ...target },
      context,
    );
    return { AccountAssignmentDeletionStatus: formatAssignmentRequest(request) };
  },
});

interface Target {
  readonly TargetId: string;
  readonly PrincipalType: PrincipalType;
  readonly PrincipalId: string;
}

const targetOf = ({ TargetId, PrincipalType: type, PrincipalId: id }: Target) => ({
  account: accountGiven(TargetId),
  principal: { type, id },
});

/** An account that the model has checked, as far as it could. @throws {AwsError} `ValidationException` */
export function accountGiven(text: string): AccountId {
  const account = parseAccountId(text);
  if (account === undefined) throw notAnAccountId();
  return account;
}

export const listAccountAssignments = operation("ListAccountAssignments", {
  authorize: (input, context) => askPermissionSet("ListAccountAssignments", input, context, input.AccountId),

  async handle(input, context) {
    const { instance, permissionSet } = await requirePermissionSet(input, context);
    const prefix = [instance.id, permissionSet.id, input.AccountId];
    const { rows, rest } = await list(context.tx, assignments, prefix, input);
    return { AccountAssignments: rows.map((row) => formatAssignment(row, input.PermissionSetArn)), ...rest };
  },
});

/**
 * A user's come with those of the groups that it is in, and each says whose it is.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListAccountAssignmentsForPrincipal.html ("has access to")
 */
export const listAccountAssignmentsForPrincipal = operation("ListAccountAssignmentsForPrincipal", {
  authorize: (input) => askInstance("ListAccountAssignmentsForPrincipal", input),

  async handle({ PrincipalType: type, PrincipalId: id, Filter, ...paging }, context) {
    const instance = await requireWithPermissionSets(paging, context);
    const all = await assignmentsOf({ type, id }, { instance, account: Filter?.AccountId }, context.tx);
    const { rows, rest } = listOf(all, paging, ({ account, permissionSetId, principalId }) =>
      [account, permissionSetId, principalId].join("/"),
    );
    const AccountAssignments = rows.map((row) =>
      formatAssignment(row, permissionSetArn(instance, { instanceId: row.instanceId, id: row.permissionSetId })),
    );
    return { AccountAssignments, ...rest };
  },
});

const formatAssignment = ({ account, principalType, principalId }: Assignment, PermissionSetArn: string) => ({
  AccountId: account,
  PermissionSetArn,
  PrincipalType: principalType,
  PrincipalId: principalId,
});
