/** The errors of the identity store, each once, in AWS's words. */
import type { ConflictExceptionReason, ResourceType } from "@aws-sdk/client-identitystore";
import { error } from "./kit.ts";

/** What every error of this service carries besides its words. */
interface Asked {
  readonly requestId: string;
}

/** Source: https://github.com/getmoto/moto/blob/master/tests/test_identitystore/test_identitystore.py (`USER not found.`) */
const notFound = (ResourceType: ResourceType, { requestId: RequestId }: Asked, ResourceId?: string) =>
  error("ResourceNotFoundException", `${ResourceType} not found.`, { ResourceType, ResourceId, RequestId });

export const userNotFound = (asked: Asked, id?: string) => notFound("USER", asked, id);
export const groupNotFound = (asked: Asked, id?: string) => notFound("GROUP", asked, id);
export const membershipNotFound = (asked: Asked, id?: string) => notFound("GROUP_MEMBERSHIP", asked, id);

/** Source: https://github.com/awslabs/ssosync/issues/221 */
export const storeNotFound = ({ requestId: RequestId }: Asked, ResourceId: string) =>
  error("ResourceNotFoundException", `IdentityStore not present for IdentityStoreId: ${ResourceId}`, {
    ResourceType: "IDENTITY_STORE" satisfies ResourceType,
    ResourceId,
    RequestId,
  });

const conflict = (message: string, { requestId: RequestId }: Asked) =>
  error("ConflictException", message, {
    Reason: "UNIQUENESS_CONSTRAINT_VIOLATION" satisfies ConflictExceptionReason,
    RequestId,
  });

/** Source: as above (`Duplicate UserName`, `Duplicate GroupDisplayName`) */
export const duplicate = (what: "UserName" | "GroupDisplayName" | "Email" | "GroupMembership", asked: Asked) =>
  conflict(`Duplicate ${what}`, asked);

const invalid = (message: string, { requestId: RequestId }: Asked) =>
  error("ValidationException", message, { RequestId });

/** Source: as above */
export const userNameMissing = (asked: Asked) => invalid("userName is a required attribute", asked);
export const attributesMissing = (names: readonly string[], asked: Asked) =>
  invalid(names.map((name) => `${name}: The attribute ${name} is required`).join(", "), asked);
export const attributeValueEmpty = (asked: Asked) =>
  invalid("attribute value cannot be empty or null for attribute path", asked);
export const notUnique = (path: string, asked: Asked) =>
  invalid(`The attribute ${path} is not a unique attribute`, asked);
export const invalidPath = (path: string, asked: Asked) => invalid(`The attribute path ${path} is not valid.`, asked);
export const invalidValue = (path: string, asked: Asked) =>
  invalid(`The value of the attribute ${path} is not valid.`, asked);
export const reservedName = (name: string, asked: Asked) => invalid(`${name} is a reserved name.`, asked);
export const memberMissing = (asked: Asked) => invalid("MemberId must be specified.", asked);
export const invalidToken = (asked: Asked) => invalid("The NextToken is not valid.", asked);

/** Source: https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_CreateUser.html (AccessDeniedException) */
export const accessDenied = ({ requestId: RequestId }: Asked) =>
  error("AccessDeniedException", "You do not have sufficient access to perform this action.", { RequestId });
