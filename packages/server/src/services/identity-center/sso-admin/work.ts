/** Does what was asked for, when its time has come: the job behind assignments and provisioning. */
import type { AccountId } from "../../../kernel/arn.ts";
import { assert } from "../../../kernel/assert.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import { assignments, dropAssignment, findAssignment, putAssignment, type Assignment } from "../assignment-row.ts";
import { removeProvider } from "../account-provider.ts";
import { findGroup } from "../group-row.ts";
import { findInstance, givesAccess, type Instance } from "../instance-row.ts";
import { linkedSession } from "../linked-session.ts";
import {
  dropProvision,
  findPermissionSet,
  findProvision,
  provisions,
  provisionsOfAccounts,
  type PermissionSet,
} from "../permission-set-row.ts";
import { findUser } from "../user-row.ts";
import { deprovision, provision, type Worker } from "./provisioned-role.ts";
import { end, placeIn, requests, type Request } from "./request.ts";

interface Work {
  readonly request: Request;
  readonly instance: Instance;
  readonly permissionSet: PermissionSet;
}

/** @param payload where the request is */
export async function finishRequest(context: Context, id: string, payload: unknown): Promise<void> {
  const { instanceId, kind } = placeIn(payload);
  const request = await context.tx.get(requests, instanceId, kind, id);
  const instance = await findInstance(instanceId, context.tx);
  if (!request || !instance) return;
  const permissionSet = await findPermissionSet(instanceId, request.permissionSetId, context.tx);
  const reason = permissionSet
    ? await reasonOfFailure(() => perform({ request, instance, permissionSet }, context))
    : notFound(`Could not find PermissionSet with id ${request.permissionSetId}`);
  end(request, reason, context);
}

/** What statuses give as reason. Source: https://github.com/hashicorp/terraform-provider-aws/issues/26807 (`Received a 404 status error: …`) */
const notFound = (message: string): string => `Received a 404 status error: ${message}`;

async function reasonOfFailure(work: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const status = findOwn(STATUS, error.code) ?? 400;
    return `Received a ${status} status error: ${error.message}`;
  }
}

const STATUS: Readonly<Record<string, number>> = {
  NoSuchEntityException: 404,
  ResourceNotFoundException: 404,
  AccessDenied: 403,
  EntityAlreadyExistsException: 409,
  LimitExceededException: 409,
};

/** Why it could not be done. */
async function perform(work: Work, context: Context): Promise<string | undefined> {
  switch (work.request.kind) {
    case "creation":
      return assign(work, context);
    case "deletion":
      return unassign(work, context);
    case "provisioning":
      return provisionAll(work, context);
  }
}

async function assign(work: Work, context: Context): Promise<string | undefined> {
  const { instance } = work;
  const assignment = assignmentOf(work);
  const missing = await missingPart(assignment, instance, context);
  if (missing !== undefined) return notFound(missing);
  const failed = await reasonOfFailure(() => makeRole(assignment, work, context));
  if (failed === undefined) putAssignment(assignment, context.tx);
  // a role that was only half made is nobody's
  else await reasonOfFailure(() => dropUnused(assignment.account, work, context));
  return failed;
}

async function makeRole({ account }: Assignment, work: Work, context: Context): Promise<undefined> {
  await provision(work, await workerIn(account, work, context), context);
}

async function unassign(work: Work, context: Context): Promise<string | undefined> {
  const assignment = assignmentOf(work);
  if (!(await findAssignment(assignment, context.tx))) return notFound("Could not find the account assignment");
  dropAssignment(assignment, context.tx);
  return dropUnused(assignment.account, work, context);
}

/**
 * Takes away the role that nobody has any more, and with the last role the provider. An account that has left the
 * organization keeps them: nothing of it is in reach.
 */
async function dropUnused(account: AccountId, work: Work, context: Context): Promise<undefined> {
  const { tx } = context;
  const { instance, permissionSet } = work;
  const [other] = await tx.scan(assignments, { prefix: [instance.id, permissionSet.id, account], limit: 1 });
  if (other) return;
  const role = await findProvision(permissionSet, account, tx);
  if (!(await givesAccess(instance, account, context))) {
    if (role) dropProvision(role, tx);
    return;
  }
  const worker = await workerIn(account, work, context);
  if (role) await deprovision(role, worker, context);
  const [more] = await tx.scan(provisionsOfAccounts, { prefix: [instance.id, account], limit: 1 });
  if (!more) await removeProvider(instance, worker, context);
}

/** More than an organization has. */
const ACCOUNTS_MAX = 10_000;

async function provisionAll(work: Work, context: Context): Promise<string | undefined> {
  const { instance, permissionSet, request } = work;
  const { account } = request;
  if (account !== undefined && !(await givesAccess(instance, account, context))) return notFound(noAccount(account));
  const prefix = [instance.id, permissionSet.id];
  const there = await context.tx.scan(provisions, { prefix, limit: ACCOUNTS_MAX });
  const accounts = account === undefined ? there.map((role) => role.account) : [account];
  for (const each of accounts) {
    if (!(await givesAccess(instance, each, context))) continue;
    await provision({ instance, permissionSet }, await workerIn(each, work, context), context);
  }
  return undefined;
}

function assignmentOf({ request }: Work): Assignment {
  const { instanceId, permissionSetId, account, principal } = request;
  assert(account !== undefined && principal !== undefined, "an assignment is of somebody in an account");
  return { instanceId, permissionSetId, account, principalType: principal.type, principalId: principal.id };
}

/** What the assignment names and is not there; in AWS's words as far as they are known. */
async function missingPart(
  { account, principalType, principalId }: Assignment,
  instance: Instance,
  context: Context,
): Promise<string | undefined> {
  const find = principalType === "USER" ? findUser : findGroup;
  const principal = await find(instance.storeId, principalId, context.tx);
  if (!principal) return `Could not find ${principalType} with id ${principalId}`;
  return (await givesAccess(instance, account, context)) ? undefined : noAccount(account);
}

const noAccount = (account: AccountId): string => `Could not find AWS_ACCOUNT with id ${account}`;

/**
 * In the account that has the instance the rights of whoever asked count, in the others those of the role that is
 * there for IAM Identity Center.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/iam-auth-access-using-id-policies.html#requiredpermissionsconsole (management account)
 */
async function workerIn(account: AccountId, { instance, request }: Work, context: Context): Promise<Worker> {
  const as = account === instance.account ? request.requestedBy : await linkedSession(account, context);
  return { account, as };
}
