/**
 * What became of each line of a file of users, in CloudWatch Logs: written with the rights of the role that the job names.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-cloudwatch.html
 */
import type { Principal } from "../../../identity/principal.ts";
import { refusalOf } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { roleSession } from "../../../service/role-session.ts";
import { arnOf, type Pool } from "../pool/pool-row.ts";
import { SERVICE_PRINCIPAL } from "../pool/service-role.ts";
import type { ImportJob } from "./row.ts";
import type { LineOutcome } from "./user.ts";

type LogsSdk = typeof import("@aws-sdk/client-cloudwatch-logs");

/** Of one line, by its number in the file: the header is the first. */
export type NumberedOutcome = LineOutcome & { readonly line: number };

interface ImportLog {
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly as: Principal;
}

/** `undefined`: the role cannot be taken on, or may not write. */
export async function openImportLog(job: ImportJob, pool: Pool, context: Context): Promise<ImportLog | undefined> {
  const { account } = pool;
  const use = { roleArn: job.roleArn, service: SERVICE_PRINCIPAL, sessionName: "CognitoUserPools", account };
  let log: ImportLog | undefined;
  const refusal = await refusalOf(async () => {
    const as = await roleSession({ ...use, sourceArn: arnOf(pool) }, context);
    log = { ...namesOf(job, pool), as };
    await createLog(log, context);
  });
  return refusal === undefined ? log : undefined;
}

/** What a log group cannot be called is left out of its name. */
const namesOf = ({ id, name }: ImportJob, pool: Pool) => ({
  logGroupName: `/aws/cognito/userpools/${pool.id}/${pool.name.replaceAll(/[^\w.#/-]/g, "")}`,
  logStreamName: `${id}/${name}`,
});

async function createLog({ logGroupName, logStreamName, as }: ImportLog, context: Context): Promise<void> {
  const group = () =>
    context.call<LogsSdk, "CreateLogGroup">({
      service: "cloudwatch-logs",
      operation: "CreateLogGroup",
      input: { logGroupName },
      as,
    });
  const stream = () =>
    context.call<LogsSdk, "CreateLogStream">({
      service: "cloudwatch-logs",
      operation: "CreateLogStream",
      input: { logGroupName, logStreamName },
      as,
    });
  for (const create of [group, stream]) {
    const refusal = await refusalOf(create);
    if (refusal !== undefined && refusal.code !== "ResourceAlreadyExistsException") throw refusal;
  }
}

/** Whether it could be written. */
export async function writeImportLog(
  { logGroupName, logStreamName, as }: ImportLog,
  outcomes: readonly NumberedOutcome[],
  context: Context,
): Promise<boolean> {
  if (outcomes.length === 0) return true;
  const timestamp = context.now().getTime();
  const logEvents = outcomes.map((outcome) => ({ timestamp, message: formatOutcome(outcome) }));
  const refusal = await refusalOf(() =>
    context.call<LogsSdk, "PutLogEvents">({
      service: "cloudwatch-logs",
      operation: "PutLogEvents",
      input: { logGroupName, logStreamName, logEvents },
      as,
    }),
  );
  return refusal === undefined;
}

const WORDS = { imported: "SUCCEEDED", skipped: "SKIPPED", failed: "FAILED" } as const;

const formatOutcome = ({ kind, line, why }: NumberedOutcome): string => `[${WORDS[kind]}] Line Number ${line} - ${why}`;
