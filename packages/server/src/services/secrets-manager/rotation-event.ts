/**
 * What Secrets Manager tells of rotations that it makes of itself.
 * Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
 */
import type { Context } from "../../service/context.ts";
import { arnOf, secrets } from "./secret-row.ts";

interface Told {
  readonly name: string;
  readonly token: string;
  readonly kind: "rotation" | "test";
  readonly failure?: string;
}

const NAMES = { rotation: "Rotation", test: "TestRotation" } as const;

export async function tellOfRotation(
  what: "Started" | "Succeeded" | "Failed" | "Abandoned",
  { name, token, kind, failure }: Told,
  context: Context,
): Promise<void> {
  const secret = await context.tx.get(secrets, name);
  if (secret === undefined) return;
  const { account, region } = secret;
  await context.announce({
    source: "aws.secretsmanager",
    detailType: "AWS Service Event via CloudTrail",
    resources: [],
    detail: {
      eventVersion: "1.08",
      userIdentity: { accountId: account, invokedBy: "secretsmanager.amazonaws.com" },
      eventTime: context.now().toISOString(),
      eventSource: "secretsmanager.amazonaws.com",
      eventName: NAMES[kind] + what,
      awsRegion: region,
      sourceIPAddress: "secretsmanager.amazonaws.com",
      userAgent: "secretsmanager.amazonaws.com",
      requestParameters: null,
      responseElements: null,
      additionalEventData: { SecretId: arnOf(secret), ClientRequestToken: token },
      ...(failure !== undefined && { errorMessage: failure }),
      readOnly: false,
      eventType: "AwsServiceEvent",
      managementEvent: true,
      recipientAccountId: account,
    },
  });
}
