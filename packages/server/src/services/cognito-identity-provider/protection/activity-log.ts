/**
 * What users do to get in, written into a log group of the pool's owner: by the service that delivers logs, which the
 * account lets in. Differs: all that a pool logs is in one stream, named after it.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/exporting-quotas-and-usage.html
 */
import type { LogConfigurationType } from "@aws-sdk/client-cognito-identity-provider";
import { formatArn, type Arn } from "../../../kernel/arn.ts";
import { refusalOf } from "../../../kernel/aws-error.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { membersIn, parseDocument } from "../json-document.ts";
import type { Pool } from "../pool/pool-row.ts";
import type { User } from "../user/user-row.ts";
import type { AuthEvent } from "./auth-event-row.ts";

type LogsSdk = typeof import("@aws-sdk/client-cloudwatch-logs");

export interface LogDelivery {
  readonly poolId: string;
  readonly configurations: readonly LogConfigurationType[];
}

export const logDeliveries = table<LogDelivery>("cognito-idp.log-delivery", "global", ({ poolId }) => [poolId]);

const DELIVERY = { type: "service", service: "delivery.logs.amazonaws.com" } as const;

/** A sign-in goes on, whether or not it can be written. */
export async function logActivity(
  pool: Pool,
  user: Pick<User, "username" | "sub">,
  event: AuthEvent,
  context: Context,
): Promise<void> {
  const delivery = await context.tx.get(logDeliveries, pool.id);
  const found = delivery?.configurations.find(({ EventSource }) => EventSource === "userAuthEvents");
  const group = found?.CloudWatchLogsConfiguration?.LogGroupArn;
  if (group === undefined) return;
  const put = () =>
    putEvent(pool, group, { at: event.atMs, message: formatActivity(pool, user, event, context) }, context);
  if ((await refusalOf(put))?.code !== "ResourceNotFoundException") return;
  await refusalOf(() => createStream(pool, group, context));
  await refusalOf(put);
}

const nameOf = (group: string): string => group.replace(/^.*:log-group:/, "").replace(/:\*$/, "");

/** For whom the delivering service calls. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html */
const deliveryFor = ({ id, account, region, partition }: Pool) => ({
  service: "cloudwatch-logs",
  as: DELIVERY,
  source: { arn: formatArn({ partition, service: "logs", region, account, resource: `delivery:${id}` }), account },
  account,
  region,
});

const putEvent = (
  pool: Pool,
  group: string,
  { at: timestamp, message }: { readonly at: number; readonly message: string },
  context: Context,
) =>
  context.call<LogsSdk, "PutLogEvents">({
    ...deliveryFor(pool),
    operation: "PutLogEvents",
    input: { logGroupName: nameOf(group), logStreamName: pool.id, logEvents: [{ timestamp, message }] },
  });

const createStream = (pool: Pool, group: string, context: Context) =>
  context.call<LogsSdk, "CreateLogStream">({
    ...deliveryFor(pool),
    operation: "CreateLogStream",
    input: { logGroupName: nameOf(group), logStreamName: pool.id },
  });

/** What is not known is an empty text. */
function formatActivity(
  { id: userPoolId }: Pool,
  { username: userName, sub: userSub }: Pick<User, "username" | "sub">,
  event: AuthEvent,
  { requestId }: Context,
): string {
  const message = {
    version: "1",
    eventId: event.id,
    eventType: event.type,
    userSub,
    userName,
    userPoolId,
    clientId: event.clientId ?? "",
    creationDate: formatDate(new Date(event.atMs)),
    eventResponse: event.response,
    riskLevel: "",
    riskDecision: event.isBlocked ? "BLOCK" : "PASS",
    challenges: event.challenges,
    deviceName: event.device ?? "",
    ipAddress: event.address,
    requestId,
    idpName: "",
    compromisedCredentialDetected: "false",
    city: "",
    country: "",
    eventFeedbackValue: "",
    eventFeedbackDate: "",
    eventFeedbackProvider: "",
    hasContextData: "true",
  };
  const about = { eventTimestamp: String(event.atMs), eventSource: "USER_ACTIVITY", logLevel: "INFO" };
  return JSON.stringify({ ...about, message, logSourceId: { userPoolId } });
}

/** `Wed Jul 17 17:25:55 UTC 2024` */
function formatDate(date: Date): string {
  const [day = "", number = "", month = "", year = "", time = ""] = date.toUTCString().replace(",", "").split(" ");
  return `${day} ${month} ${number} ${time} UTC ${year}`;
}

const POLICY = "AWSLogDeliveryWrite20150319";

/**
 * Lets the delivering service write into a log group: whoever sets that has to be allowed to.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html
 * @throws {AwsError} CloudWatch Logs' own
 */
export async function letLogsIn(pool: Pool, group: Arn, context: Context): Promise<void> {
  const { account, region, partition } = pool;
  await context.require({ action: "logs:CreateLogDelivery", resource: "*" });
  const { resourcePolicies = [] } = await context.call<LogsSdk, "DescribeResourcePolicies">({
    service: "cloudwatch-logs",
    operation: "DescribeResourcePolicies",
    input: {},
  });
  const before = resourcePolicies.find(({ policyName }) => policyName === POLICY)?.policyDocument ?? "{}";
  const streams = `${group.replace(/:\*$/, "")}:log-stream:*`;
  const others = statementsIn(before).filter((each) => !JSON.stringify(each).includes(`"${streams}"`));
  const statement = {
    Sid: `AWSLogDeliveryWrite${others.length + 1}`,
    Effect: "Allow",
    Principal: { Service: DELIVERY.service },
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: streams,
    Condition: {
      StringEquals: { "aws:SourceAccount": account },
      ArnLike: { "aws:SourceArn": `arn:${partition}:logs:${region}:${account}:*` },
    },
  };
  await context.call<LogsSdk, "PutResourcePolicy">({
    service: "cloudwatch-logs",
    operation: "PutResourcePolicy",
    input: {
      policyName: POLICY,
      policyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [...others, statement] }),
    },
  });
}

function statementsIn(document: string): readonly unknown[] {
  const { Statement } = membersIn(parseDocument(document)) ?? {};
  return Array.isArray(Statement) ? Statement : [];
}
