/**
 * Tasks that a function does: the job invokes it for each object of its list, outside of any transaction.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-invoke-lambda.html
 */
import type { LambdaInvokeOperation } from "@aws-sdk/client-s3-control";
import { asRegion, parseArn } from "../../../../kernel/arn.ts";
import { AwsError } from "../../../../kernel/aws-error.ts";
import type { ErrandContext } from "../../../../service/errand.ts";
import { badJob } from "../errors.ts";
import { ATTEMPTS_MAX } from "../limits.ts";
import { encodeKey } from "./csv.ts";
import { fail, keepOutcomes, sessionOf, wakeQueue, type Hand } from "./queue.ts";
import { isOver, jobs, orderOf, taskBatches, type Job, type Outcome, type Task } from "./row.ts";
import { statusOf } from "./task.ts";

type LambdaSdk = typeof import("@aws-sdk/client-lambda");

const USUAL_VERSION = "1.0";
/** The version that has arguments, and buckets by their names. */
const LATER_VERSION = "2.0";

/** @throws {AwsError} `BadRequestException` */
export function requireInvocable(asked: Asked): void {
  const { FunctionArn, InvocationSchemaVersion: version = USUAL_VERSION, UserArguments } = asked;
  if (FunctionArn === undefined) throw badJob("FunctionArn is required.");
  if (version !== USUAL_VERSION && version !== LATER_VERSION)
    throw badJob("InvocationSchemaVersion must be 1.0 or 2.0.");
  if (UserArguments !== undefined && version !== LATER_VERSION) {
    throw badJob("UserArguments require the InvocationSchemaVersion 2.0.");
  }
}

/** The errand: the function does some of a job's tasks. */
export async function invokeFunctions(context: ErrandContext, id: string): Promise<void> {
  const job = await context.tx.get(jobs, id);
  const [batch] = await context.tx.scan(taskBatches, { prefix: [id], limit: 1 });
  if (job === undefined || isOver(job) || batch === undefined) return;
  try {
    const session = await sessionOf(job, context);
    const outcomes: Outcome[] = [];
    for (const task of batch.tasks) outcomes.push(await perform(task, job, { context, session }));
    await context.transact(async (inner) => {
      const now = await inner.tx.get(jobs, id);
      if (now === undefined || isOver(now)) return;
      await keepOutcomes({ ...now, invoking: undefined }, { batch, outcomes }, { context: inner, session });
      wakeQueue(inner);
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    await context.transact(async (inner) => {
      const now = await inner.tx.get(jobs, id);
      if (now === undefined || isOver(now)) return;
      await fail({ ...now, invoking: undefined }, error, inner);
      wakeQueue(inner);
    });
  }
}

/** What failed for the moment is done again. */
async function perform(task: Task, job: Job, hand: Hand): Promise<Outcome> {
  let outcome = await invoke(task, job, hand);
  for (let attempt = 1; attempt < ATTEMPTS_MAX && outcome.error === "TemporaryFailure"; attempt++) {
    outcome = await invoke(task, job, hand);
  }
  return outcome;
}

async function invoke(task: Task, job: Job, { context, session }: Hand): Promise<Outcome> {
  const asked = orderOf(job).operation.LambdaInvoke ?? {};
  const { FunctionArn = "" } = asked;
  const taskId = opaque(context.newId());
  const event = {
    ...headOf(job, asked),
    invocationId: opaque(context.newId()),
    tasks: [{ taskId, ...placeOf(task, asked) }],
  };
  try {
    const { FunctionError, Payload } = await context.call<LambdaSdk, "Invoke">({
      service: "lambda",
      operation: "Invoke",
      input: {
        FunctionName: FunctionArn,
        InvocationType: "RequestResponse",
        Payload: Buffer.from(JSON.stringify(event)),
      },
      as: session,
      region: asRegion(parseArn(FunctionArn)?.region ?? context.region),
    });
    const text = Buffer.from(Payload ?? []).toString("utf8");
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-examples-reports.html
    if (FunctionError !== undefined) return failed(task, "PermanentFailure", `Lambda returned function error: ${text}`);
    return outcomeOf(task, taskId, text);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { ...task, status: statusOf(error), error: error.code, message: error.message };
  }
}

const opaque = (id: string): string => Buffer.from(id).toString("base64");

type Asked = Partial<LambdaInvokeOperation>;

const headOf = ({ id }: Job, { InvocationSchemaVersion = USUAL_VERSION, UserArguments: userArguments }: Asked) => ({
  invocationSchemaVersion: InvocationSchemaVersion,
  job: { id, ...(userArguments && { userArguments }) },
});

function placeOf({ bucket, key, versionId }: Task, { InvocationSchemaVersion }: Asked) {
  const object = { s3Key: encodeKey(key), s3VersionId: versionId ?? null };
  if (InvocationSchemaVersion === LATER_VERSION) return { ...object, s3Bucket: bucket };
  // an access point is named by its ARN
  return { ...object, s3BucketArn: parseArn(bucket) === undefined ? `arn:aws:s3:::${bucket}` : bucket };
}

const failed = (task: Task, error: string, message: string): Outcome => ({ ...task, status: 200, error, message });

/** What the function says of the task; of one that it says nothing of, what it says of all such. */
function outcomeOf(task: Task, taskId: string, text: string): Outcome {
  const { treatMissingKeysAs, results = [] } = answerOf(text);
  const own = results.find((each) => each?.taskId === taskId);
  const resultCode = textOr(own?.resultCode, textOr(treatMissingKeysAs, "PermanentFailure"));
  const resultString = textOr(own?.resultString, "");
  return resultCode === "Succeeded"
    ? { ...task, status: 200, message: resultString }
    : failed(task, resultCode, resultString);
}

/** What a function says is its author's: nothing but texts is taken. */
const textOr = (said: unknown, otherwise: string): string => (typeof said === "string" ? said : otherwise);

interface Answer {
  readonly treatMissingKeysAs?: unknown;
  readonly results?: readonly ({
    readonly taskId?: unknown;
    readonly resultCode?: unknown;
    readonly resultString?: unknown;
  } | null)[];
}

/** An answer that is none is about no task. */
function answerOf(text: string): Answer {
  try {
    const answer: Answer | null = JSON.parse(text);
    return typeof answer === "object" && answer !== null && Array.isArray(answer.results) ? answer : {};
  } catch {
    return {};
  }
}
