/**
 * Lambda triggers: the functions that a pool asks on the way. Cognito itself calls them, so the function's policy decides.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html
 */
import type { LambdaConfigType } from "@aws-sdk/client-cognito-identity-provider";
import { AwsError } from "../../kernel/aws-error.ts";
import type { AsideWork, Context } from "../../service/context.ts";
import { hidesUsers, type Client } from "./client/client-row.ts";
import { triggerFailed, triggerRefused, triggerTooLate, unrecognizableAnswer } from "./errors.ts";
import { membersIn, parseDocument, textIn } from "./json-document.ts";
import { TRIGGER_ATTEMPTS_MAX, TRIGGER_SECONDS_MAX } from "./limits.ts";
import { arnOf, type Pool } from "./pool/pool-row.ts";
import { identitiesAttribute, type User } from "./user/user-row.ts";

type LambdaSdk = typeof import("@aws-sdk/client-lambda");

type Trigger = Exclude<keyof LambdaConfigType, "KMSKeyID" | "PreTokenGenerationConfig">;

/** What apps say for the functions alone. */
export type Metadata = Readonly<Record<string, string>>;

interface TriggerEvent {
  readonly trigger: Trigger;
  /** What it is asked for: `SignUp` of `PreSignUp_SignUp`. */
  readonly source: string;
  readonly pool: Pool;
  /** The app's; none where an administrator acts. */
  readonly clientId?: string | undefined;
  readonly userName: string;
  readonly request: object;
  /** What the function fills in. */
  readonly response: object;
  readonly version?: string;
}

export const ITSELF = { type: "service", service: "cognito-idp.amazonaws.com" } as const;

function functionOf({ settings }: Pool, trigger: Trigger): string | undefined {
  const { LambdaConfig: config = {} } = settings;
  const newer = trigger === "PreTokenGeneration" ? config.PreTokenGenerationConfig?.LambdaArn : undefined;
  const set = newer ?? config[trigger];
  return typeof set === "object" ? set.LambdaArn : set;
}

/** Whether the pool has a function for this. */
export const hasTrigger = (pool: Pool, trigger: Trigger): boolean => functionOf(pool, trigger) !== undefined;

/**
 * What the function answers; `undefined` where the pool has none.
 * @throws {AwsError} `UserLambdaValidationException`, `UnexpectedLambdaException`, `InvalidLambdaResponseException`
 */
export function askTrigger(event: TriggerEvent, context: Context): unknown {
  const functionArn = functionOf(event.pool, event.trigger);
  if (functionArn === undefined) return undefined;
  return parseDocument(context.aside(sourceOf(event), workOf(event, functionArn)));
}

/** Tells the function what is already so: it is there for the function to read, and stays where that fails. */
export function tellTrigger(event: TriggerEvent, context: Context): void {
  const functionArn = functionOf(event.pool, event.trigger);
  if (functionArn !== undefined) context.thereafter(workOf(event, functionArn));
}

/**
 * Has the function called behind this call, and waits for nothing but that it may be.
 * @throws {AwsError} `UnexpectedLambdaException`
 */
export async function queueTrigger(event: TriggerEvent, context: Context): Promise<void> {
  const { pool, trigger } = event;
  const functionArn = functionOf(pool, trigger);
  if (functionArn === undefined) return;
  const payload = JSON.stringify(formatEvent(event));
  await call({ pool, trigger, functionArn, payload, type: "Event" }, context);
}

const sourceOf = ({ trigger, source }: TriggerEvent): string =>
  `${trigger === "PreTokenGeneration" ? "TokenGeneration" : trigger}_${source}`;

const workOf = (event: TriggerEvent, functionArn: string): AsideWork => ({
  secondsMax: TRIGGER_SECONDS_MAX,
  attemptsMax: TRIGGER_ATTEMPTS_MAX,
  ask: (context) => invoke(event, functionArn, context),
  tooLate: () => triggerTooLate(event.trigger),
});

async function invoke(event: TriggerEvent, functionArn: string, context: Context): Promise<string> {
  const { pool, trigger } = event;
  const payload = JSON.stringify(formatEvent(event));
  const { FunctionError, Payload } = await call(
    { pool, trigger, functionArn, payload, type: "RequestResponse" },
    context,
  );
  const answer = parseDocument(Buffer.from(Payload ?? []).toString("utf8"));
  if (FunctionError !== undefined) throw triggerRefused(trigger, textIn(answer, "errorMessage") ?? FunctionError);
  const response = membersIn(answer, "response");
  if (response === undefined) throw unrecognizableAnswer();
  return JSON.stringify(response);
}

interface Invocation extends Pick<TriggerEvent, "pool" | "trigger"> {
  readonly functionArn: string;
  readonly payload: string;
  readonly type: "RequestResponse" | "Event";
}

async function call({ pool, trigger, functionArn, payload, type }: Invocation, context: Context) {
  const { account, region } = pool;
  try {
    return await context.call<LambdaSdk, "Invoke">({
      service: "lambda",
      operation: "Invoke",
      input: { FunctionName: functionArn, InvocationType: type, Payload: Buffer.from(payload, "utf8") },
      as: ITSELF,
      source: { arn: arnOf(pool), account },
      account,
      region,
    });
  } catch (error) {
    if (error instanceof AwsError && error.code !== "NotImplemented") throw triggerFailed(trigger, error.code);
    throw error;
  }
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html (Lambda trigger event) */
function formatEvent(event: TriggerEvent): object {
  const { pool, userName, clientId = "CLIENT_ID_NOT_APPLICABLE", request, response, version = "1" } = event;
  return {
    version,
    region: pool.region,
    userPoolId: pool.id,
    userName,
    callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId },
    triggerSource: sourceOf(event),
    request,
    response,
  };
}

/** A user as functions see one who is there. */
export const attributesOfUser = ({ sub, status, attributes, identities }: User): Metadata => ({
  sub,
  ...identitiesAttribute(identities),
  "cognito:user_status": status,
  ...attributes,
});

/**
 * Whether there is such a user, where the client does not tell them who ask.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-define-auth-challenge.html
 */
export const saidOfExistence = (client: Client, user: User | undefined): object =>
  hidesUsers(client) ? { userNotFound: user === undefined } : {};

/** What goes to functions only where it was said. */
export const saidToFunctions = (clientMetadata: Metadata | undefined): object =>
  clientMetadata === undefined ? {} : { clientMetadata };
