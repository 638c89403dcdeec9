/** Work that goes on after its call was answered: assigning, taking away, provisioning. */
import type {
  AccountAssignmentOperationStatus,
  PermissionSetProvisioningStatus,
  PrincipalType,
  StatusValues,
} from "@aws-sdk/client-sso-admin";
import type { Principal } from "../../../identity/principal.ts";
import type { AccountId } from "../../../kernel/arn.ts";
import { assert } from "../../../kernel/assert.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { askInstance, requireWithPermissionSets } from "./access.ts";
import { requestNotFound, requestUnderWay } from "./errors.ts";
import { operation } from "./kit.ts";
import { REQUEST_KEPT_MS, WORK_MS } from "./limits.ts";
import { list, listOf } from "./paging.ts";

export interface Request {
  readonly instanceId: string;
  readonly kind: "creation" | "deletion" | "provisioning";
  readonly id: string;
  readonly status: StatusValues;
  readonly failureReason?: string | undefined;
  readonly permissionSetArn: string;
  readonly permissionSetId: string;
  /** Provisioning may mean every account that has the set. */
  readonly account?: AccountId | undefined;
  readonly principal?: { readonly type: PrincipalType; readonly id: string } | undefined;
  /** Whose rights count in the instance's own account. */
  readonly requestedBy: Principal;
  readonly createdAtMs: number;
}

export const requests = table<Request>("sso.request", "global", ({ instanceId, kind, id }) => [instanceId, kind, id]);

/** Assignments that are under way: one piece of work at a time for a principal in an account. */
const underWay = table<{ readonly place: string; readonly id: string }>(
  "sso.request-under-way",
  "global",
  ({ place }) => [place],
);

const placeOf = ({ permissionSetArn, account, principal }: Request): string =>
  [permissionSetArn, account ?? "*", principal?.type ?? "*", principal?.id ?? "*"].join("|");

export const FINISH_REQUEST = "finish-request";

/** @throws {AwsError} `ConflictException` while the like is under way */
export async function begin(
  asked: Pick<Request, "instanceId" | "kind" | "permissionSetArn" | "permissionSetId" | "account" | "principal">,
  context: Context,
): Promise<Request> {
  const { tx } = context;
  const atMs = context.now().getTime();
  const request: Request = {
    ...asked,
    id: context.newId(),
    status: "IN_PROGRESS",
    requestedBy: context.principal,
    createdAtMs: atMs,
  };
  const place = placeOf(request);
  if (request.kind !== "provisioning") {
    if (await tx.get(underWay, place)) throw requestUnderWay();
    tx.put(underWay, { place, id: request.id });
  }
  tx.put(requests, request);
  context.at(atMs + WORK_MS, FINISH_REQUEST, request.id, { instanceId: request.instanceId, kind: request.kind });
  return request;
}

/** The job that forgets how one ended. */
export const FORGET_REQUEST = "forget-request";

/** `failureReason`: why it came to nothing. */
export function end(request: Request, failureReason: string | undefined, context: Pick<Context, "tx" | "now" | "at">) {
  const { tx } = context;
  const { id, instanceId, kind } = request;
  tx.delete(underWay, placeOf(request));
  tx.put(requests, { ...request, status: failureReason === undefined ? "SUCCEEDED" : "FAILED", failureReason });
  context.at(context.now().getTime() + REQUEST_KEPT_MS, FORGET_REQUEST, id, { instanceId, kind });
}

/** Where a request is, as its jobs are told. */
export function placeIn(payload: unknown): Pick<Request, "instanceId"> & { readonly kind: string } {
  assert(typeof payload === "object" && payload !== null, "a request has a place");
  assert("instanceId" in payload && typeof payload.instanceId === "string", "a request is in an instance");
  assert("kind" in payload && typeof payload.kind === "string", "a request is of a kind");
  return { instanceId: payload.instanceId, kind: payload.kind };
}

export const forgetRequest: Job = async ({ tx }, id, payload) => {
  const { instanceId, kind } = placeIn(payload);
  tx.delete(requests, instanceId, kind, id);
};

export const describeAccountAssignmentCreationStatus = operation("DescribeAccountAssignmentCreationStatus", {
  authorize: (input) => askInstance("DescribeAccountAssignmentCreationStatus", input),

  async handle({ AccountAssignmentCreationRequestId: id, ...input }, context) {
    return {
      AccountAssignmentCreationStatus: formatAssignmentRequest(await requireRequest(input, "creation", id, context)),
    };
  },
});

export const describeAccountAssignmentDeletionStatus = operation("DescribeAccountAssignmentDeletionStatus", {
  authorize: (input) => askInstance("DescribeAccountAssignmentDeletionStatus", input),

  async handle({ AccountAssignmentDeletionRequestId: id, ...input }, context) {
    return {
      AccountAssignmentDeletionStatus: formatAssignmentRequest(await requireRequest(input, "deletion", id, context)),
    };
  },
});

export const describePermissionSetProvisioningStatus = operation("DescribePermissionSetProvisioningStatus", {
  authorize: (input) => askInstance("DescribePermissionSetProvisioningStatus", input),

  async handle({ ProvisionPermissionSetRequestId: id, ...input }, context) {
    return {
      PermissionSetProvisioningStatus: formatProvisioning(await requireRequest(input, "provisioning", id, context)),
    };
  },
});

export const listAccountAssignmentCreationStatus = operation("ListAccountAssignmentCreationStatus", {
  authorize: (input) => askInstance("ListAccountAssignmentCreationStatus", input),

  async handle(input, context) {
    const { rows, rest } = await listRequests(input, "creation", context);
    return { AccountAssignmentsCreationStatus: rows, ...rest };
  },
});

export const listAccountAssignmentDeletionStatus = operation("ListAccountAssignmentDeletionStatus", {
  authorize: (input) => askInstance("ListAccountAssignmentDeletionStatus", input),

  async handle(input, context) {
    const { rows, rest } = await listRequests(input, "deletion", context);
    return { AccountAssignmentsDeletionStatus: rows, ...rest };
  },
});

export const listPermissionSetProvisioningStatus = operation("ListPermissionSetProvisioningStatus", {
  authorize: (input) => askInstance("ListPermissionSetProvisioningStatus", input),

  async handle(input, context) {
    const { rows, rest } = await listRequests(input, "provisioning", context);
    return { PermissionSetsProvisioningStatus: rows, ...rest };
  },
});

/** More than anybody looks through. */
const REQUESTS_FILTERED_MAX = 10_000;

interface Listed {
  readonly InstanceArn: string;
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
  readonly Filter?: { readonly Status?: StatusValues | undefined } | undefined;
}

async function listRequests(input: Listed, kind: Request["kind"], context: Context) {
  const { id } = await requireWithPermissionSets(input, context);
  const { tx } = context;
  const status = input.Filter?.Status;
  const { rows, rest } =
    status === undefined
      ? await list(tx, requests, [id, kind], input)
      : listOf(
          (await tx.scan(requests, { prefix: [id, kind], limit: REQUESTS_FILTERED_MAX })).filter(
            (request) => request.status === status,
          ),
          input,
          (request) => request.id,
        );
  return { rows: rows.map(formatBrief), rest };
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireRequest(
  input: { readonly InstanceArn: string },
  kind: Request["kind"],
  id: string,
  context: Context,
): Promise<Request> {
  const instance = await requireWithPermissionSets(input, context);
  const request = await context.tx.get(requests, instance.id, kind, id);
  if (!request) throw requestNotFound(id);
  return request;
}

const formatBrief = ({ status, id, createdAtMs }: Request) => ({
  Status: status,
  RequestId: id,
  CreatedDate: new Date(createdAtMs),
});

export const formatAssignmentRequest = (request: Request): AccountAssignmentOperationStatus => ({
  ...formatBrief(request),
  FailureReason: request.failureReason,
  TargetId: request.account,
  TargetType: "AWS_ACCOUNT",
  PermissionSetArn: request.permissionSetArn,
  PrincipalType: request.principal?.type,
  PrincipalId: request.principal?.id,
});

export const formatProvisioning = (request: Request): PermissionSetProvisioningStatus => ({
  ...formatBrief(request),
  FailureReason: request.failureReason,
  AccountId: request.account,
  PermissionSetArn: request.permissionSetArn,
});
