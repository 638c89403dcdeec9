/** Functions as calls show them. */
import { AwsError } from "../../../kernel/aws-error.ts";
import { fullTime } from "../../../kernel/iso-seconds.ts";
import type { Context } from "../../../service/context.ts";
import type { OutputOf } from "../../../service/sdk.ts";
import { openEnvironment } from "./environment.ts";
import { functionArn } from "./name.ts";
import { hasSnapshot, logGroupOf, wholeArn, type Configuration, type LambdaFunction, type Logging } from "./row.ts";
import type { LambdaSdk } from "../kit.ts";
import { runtimeArn } from "./runtime-name.ts";

type View = OutputOf<LambdaSdk, "GetFunctionConfiguration">;

/**
 * What a call that makes or changes a function answers before it is done. That is a state of its own, so the revision
 * of such an answer is not the one of the function when it is ready.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json (test_function_revisions_basic)
 */
export const PENDING = {
  State: "Pending",
  StateReason: "The function is being created.",
  StateReasonCode: "Creating",
} as const;

/** A code that AWS answers, and that the SDK's enumeration lacks. */
const CREATING: object = { LastUpdateStatusReasonCode: "Creating" };

export const CHANGING = {
  State: "Active",
  LastUpdateStatus: "InProgress",
  LastUpdateStatusReason: "The function is being created.",
  ...CREATING,
} as const;

const SETTLED = { State: "Active", LastUpdateStatus: "Successful" } as const;

interface Shown {
  readonly of: LambdaFunction;
  readonly configuration: Configuration;
  /** As the ARN is to name it; without: the function as a whole. */
  readonly qualifier?: string | undefined;
  readonly state?: typeof PENDING | typeof CHANGING;
}

export async function shownFunction({ of, configuration, qualifier, state }: Shown, context: Context): Promise<View> {
  const { code, layers, logging, version } = configuration;
  return {
    FunctionName: of.name,
    FunctionArn: functionArn(of, qualifier),
    Runtime: configuration.runtime,
    Role: configuration.role,
    Handler: configuration.handler,
    CodeSize: code.bytes,
    Description: configuration.description,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMb,
    LastModified: fullTime(configuration.modifiedAtMs),
    CodeSha256: code.sha256,
    Version: version,
    TracingConfig: { Mode: configuration.tracing },
    RevisionId: state === undefined ? configuration.revisionId : context.newId(),
    PackageType: "Zip",
    Architectures: [configuration.architecture],
    EphemeralStorage: { Size: configuration.ephemeralMb },
    SnapStart: { ApplyOn: configuration.snapStart, OptimizationStatus: hasSnapshot(configuration) ? "On" : "Off" },
    RuntimeVersionConfig: { RuntimeVersionArn: runtimeArn(of, configuration.runtime) },
    LoggingConfig: loggingView(of.name, logging),
    ...(layers.length > 0 && { Layers: layers.map(({ arn, bytes }) => ({ Arn: arn, CodeSize: bytes })) }),
    ...(await environmentView({ of, configuration }, context)),
    ...(configuration.kmsKeyArn !== undefined && { KMSKeyArn: configuration.kmsKeyArn }),
    ...(configuration.deadLetterArn !== undefined && { DeadLetterConfig: { TargetArn: configuration.deadLetterArn } }),
    ...(state ?? SETTLED),
  };
}

/** Lists leave out what changes by itself. Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
export async function listedFunction(shown: Shown, context: Context): Promise<View> {
  const {
    State: _state,
    LastUpdateStatus: _status,
    RuntimeVersionConfig: _runtime,
    ...rest
  } = await shownFunction(shown, context);
  return rest;
}

function loggingView(name: string, logging: Logging): NonNullable<View["LoggingConfig"]> {
  const { format, applicationLevel, systemLevel } = logging;
  return {
    LogFormat: format,
    LogGroup: logGroupOf(name, logging),
    ...(applicationLevel !== undefined && { ApplicationLogLevel: applicationLevel }),
    ...(systemLevel !== undefined && { SystemLogLevel: systemLevel }),
  };
}

async function environmentView(
  { of, configuration: { environment } }: Pick<Shown, "of" | "configuration">,
  context: Context,
): Promise<Pick<View, "Environment">> {
  if (environment === undefined) return {};
  try {
    return { Environment: { Variables: { ...(await openEnvironment(environment, wholeArn(of), context)) } } };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const Message = `Lambda was unable to decrypt your environment variables because the KMS access was denied. Please check your KMS permissions. KMS Exception: ${error.code} KMS Message: ${error.message}`;
    return { Environment: { Error: { ErrorCode: "AccessDeniedException", Message } } };
  }
}
