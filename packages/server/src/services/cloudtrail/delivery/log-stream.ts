/**
 * Events in CloudWatch Logs, put there with the rights of the trail's role.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html (names of streams)
 */
import type { RoleSession } from "../../../identity/principal.ts";
import { asRegion, parseArn, type Region } from "../../../kernel/arn.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { roleSession } from "../../../service/role-session.ts";
import { PRINCIPAL } from "../kit.ts";
import {
  LOG_BYTES_PER_CALL_MAX,
  LOG_EVENT_BYTES_MAX,
  LOG_EVENT_OVERHEAD_BYTES,
  LOG_EVENTS_PER_CALL_MAX,
} from "../limits.ts";
import { arnOf, type LogsPlace, type Trail } from "../trail-row.ts";

type LogsSdk = typeof import("@aws-sdk/client-cloudwatch-logs");

export interface LogLine {
  readonly atMs: number;
  readonly text: string;
}

interface Stream {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** The stream that events go to, with the session that may put them there. */
export interface OpenedLogs {
  readonly stream: Stream;
  readonly region: Region;
  readonly session: RoleSession;
}

/** @throws {AwsError} what STS and CloudWatch Logs answer */
export async function openLogs(trail: Trail, { group, role }: LogsPlace, context: Context): Promise<OpenedLogs> {
  const session = await sessionOf(trail, role, context);
  const parts = parseArn(group);
  const logGroupName = (parts?.resource ?? "").replace(/^log-group:/, "").replace(/:\*$/, "");
  const stream = { logGroupName, logStreamName: streamName(trail) };
  const region = asRegion(parts?.region ?? trail.region);
  try {
    await context.call<LogsSdk, "CreateLogStream">({
      service: "cloudwatch-logs",
      operation: "CreateLogStream",
      input: stream,
      as: session,
      account: session.account,
      region,
    });
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ResourceAlreadyExistsException") throw error;
  }
  return { stream, region, session };
}

/** `111111111111_CloudTrail_us-east-1` */
const streamName = ({ organization, account, region }: Trail): string =>
  [organization, account, "CloudTrail", region].filter((part) => part !== undefined).join("_");

const sessionOf = (trail: Trail, roleArn: string, context: Context): Promise<RoleSession> =>
  roleSession(
    {
      roleArn,
      service: PRINCIPAL.service,
      sessionName: "CLOUDWATCH_LOGS_DELIVERY_SESSION",
      account: trail.account,
      sourceArn: arnOf(trail),
    },
    context,
  );

/** All as of now, so that alarms hear of what is told late. @throws {AwsError} what STS and CloudWatch Logs answer */
export async function putLines(lines: readonly LogLine[], opened: OpenedLogs, context: Context): Promise<void> {
  const timestamp = context.now().getTime();
  for (const some of inCalls(lines.toSorted((one, other) => one.atMs - other.atMs))) {
    await context.call<LogsSdk, "PutLogEvents">({
      service: "cloudwatch-logs",
      operation: "PutLogEvents",
      input: { ...opened.stream, logEvents: some.map(({ text }) => ({ timestamp, message: text })) },
      as: opened.session,
      account: opened.session.account,
      region: opened.region,
    });
  }
}

/** As many as a call may bring; those that are too large for the service are left out, as AWS does. */
function* inCalls(lines: readonly LogLine[]): Generator<readonly LogLine[]> {
  let some: LogLine[] = [];
  let bytes = 0;
  for (const line of lines) {
    const size = Buffer.byteLength(line.text) + LOG_EVENT_OVERHEAD_BYTES;
    if (size > LOG_EVENT_BYTES_MAX) continue;
    if (some.length === LOG_EVENTS_PER_CALL_MAX || bytes + size > LOG_BYTES_PER_CALL_MAX) {
      yield some;
      some = [];
      bytes = 0;
    }
    some.push(line);
    bytes += size;
  }
  if (some.length > 0) yield some;
}
