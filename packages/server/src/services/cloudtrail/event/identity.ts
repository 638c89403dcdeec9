/**
 * Who did it, as events say.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
import { isoSeconds } from "../../../kernel/iso-seconds.ts";
import type { RecordedCall } from "../../../service/recorded-calls.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

type JsonObject = Readonly<Record<string, Json>>;

/** To other accounts, a caller is the account it comes from, and an id. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html#stscloudtrailexample-assumerole */
export function userIdentityOf({ userIdentity, own }: RecordedCall, recipient: string): JsonObject {
  const home = userIdentity.accountId;
  // Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/non-api-aws-service-events.html
  if (own !== undefined) return present({ accountId: home, invokedBy: userIdentity.invokedBy });
  if (home !== undefined && /^\d{12}$/.test(home) && home !== recipient) {
    return present({
      type: "AWSAccount",
      principalId: userIdentity.principalId,
      accountId: home,
      invokedBy: userIdentity.invokedBy,
    });
  }
  const { type, principalId, arn, accountId, accessKeyId, userName, invokedBy, identityProvider } = userIdentity;
  const { onBehalfOf, credentialId } = userIdentity;
  return present({
    type,
    principalId,
    arn,
    accountId,
    accessKeyId,
    userName,
    sessionContext: sessionContextOf(userIdentity),
    onBehalfOf: onBehalfOf && { ...onBehalfOf },
    credentialId,
    invokedBy,
    identityProvider,
  });
}

function sessionContextOf({
  sessionIssuer,
  webIdFederationData,
  session,
}: RecordedCall["userIdentity"]): JsonObject | undefined {
  if (sessionIssuer === undefined && session === undefined) return undefined;
  return present({
    sessionIssuer: sessionIssuer && issuerOf(sessionIssuer),
    webIdFederationData: webIdFederationData && { ...webIdFederationData },
    attributes: session && {
      creationDate: isoSeconds(session.createdAtMs),
      mfaAuthenticated: String(session.isMfaAuthenticated),
    },
    sourceIdentity: session?.sourceIdentity,
  });
}

const issuerOf = ({ type, principalId, arn, userName }: NonNullable<RecordedCall["userIdentity"]["sessionIssuer"]>) =>
  present({ type, principalId, arn, accountId: arn.split(":")[4] ?? "", userName });

/** Without what is not there. */
export const present = (members: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(Object.entries(members).filter((member): member is [string, Json] => member[1] !== undefined));

/** Whose name events are looked up by. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-cli.html */
export function userNameOf({ userIdentity, own }: RecordedCall): string | undefined {
  if (own !== undefined) return undefined;
  const { type, userName, principalId, invokedBy } = userIdentity;
  if (type === "Root") return "root";
  if (type === "AssumedRole" || type === "FederatedUser") return principalId?.split(":")[1];
  return userName ?? (type === "AWSService" ? invokedBy : undefined);
}
