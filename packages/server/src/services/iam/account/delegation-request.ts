/**
 * Requests of partners for temporary access to an account.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateDelegationRequest.html (only for
 * partners that AWS has onboarded)
 * Differs: nobody is onboarded here, so no request is ever made, and none is ever found.
 */
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { delegationRequestNotFound, notOnboarded } from "../errors.ts";
import { arn, operation, type IamAction } from "../kit.ts";

interface Named {
  readonly DelegationRequestId: string;
}

export const createDelegationRequest = operation("CreateDelegationRequest", {
  authorize: ({ NotificationChannel, SessionDuration, Permissions }, context) => ({
    ...onRequest("CreateDelegationRequest", "*", context),
    keys: {
      "iam:DelegationDuration": String(SessionDuration),
      "iam:NotificationChannel": NotificationChannel,
      "iam:TemplateArn": Permissions.PolicyTemplateArn,
    },
  }),
  handle: () => Promise.reject(notOnboarded()),
});

export const listDelegationRequests = operation("ListDelegationRequests", {
  authorize: ({ OwnerId }) => ({
    action: "iam:ListDelegationRequests",
    resource: "*",
    keys: { "iam:DelegationRequestOwner": OwnerId },
  }),
  handle: () => Promise.resolve({ DelegationRequests: [], isTruncated: false }),
});

export const getDelegationRequest = operation("GetDelegationRequest", {
  authorize: (input, context) => onRequest("GetDelegationRequest", input.DelegationRequestId, context),
  handle: refuse,
});

export const acceptDelegationRequest = operation("AcceptDelegationRequest", {
  authorize: (input, context) => onRequest("AcceptDelegationRequest", input.DelegationRequestId, context),
  handle: refuse,
});

export const associateDelegationRequest = operation("AssociateDelegationRequest", {
  authorize: (input, context) => onRequest("AssociateDelegationRequest", input.DelegationRequestId, context),
  handle: refuse,
});

export const rejectDelegationRequest = operation("RejectDelegationRequest", {
  authorize: (input, context) => onRequest("RejectDelegationRequest", input.DelegationRequestId, context),
  handle: refuse,
});

export const updateDelegationRequest = operation("UpdateDelegationRequest", {
  authorize: (input, context) => onRequest("UpdateDelegationRequest", input.DelegationRequestId, context),
  handle: refuse,
});

export const sendDelegationToken = operation("SendDelegationToken", {
  authorize: (input, context) => onRequest("SendDelegationToken", input.DelegationRequestId, context),
  handle: refuse,
});

export const getHumanReadableSummary = operation("GetHumanReadableSummary", {
  authorize: ({ EntityArn }, context) => onRequest("GetHumanReadableSummary", idOf(EntityArn), context),
  handle: ({ EntityArn }) => Promise.reject(delegationRequestNotFound(idOf(EntityArn))),
});

function refuse({ DelegationRequestId }: Named): Promise<never> {
  return Promise.reject(delegationRequestNotFound(DelegationRequestId));
}

const onRequest = (action: IamAction, id: string, context: Context): Access => ({
  action: `iam:${action}`,
  resource: arn(context, `delegation-request/${id}`),
});

const idOf = (entityArn: string): string => entityArn.slice(entityArn.lastIndexOf("/") + 1);
