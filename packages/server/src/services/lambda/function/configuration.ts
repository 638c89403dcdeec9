/** What can be said of a function when it is made or changed, checked. */
import type { Architecture, Runtime } from "@aws-sdk/client-lambda";
import type { Context } from "../../../service/context.ts";
import { grantToRole, lockEnvironment, openEnvironment, type Variables } from "./environment.ts";
import { levelOfText, memoryTooLarge, notBuilt, runtimeOver, runtimeUnknown, timeoutTooLong } from "../errors.ts";
import { functionArn, LATEST, type FunctionPlace } from "./name.ts";
import { requireSends } from "../execution-role.ts";
import type { Code, Configuration, Logging } from "./row.ts";
import type { InputOf } from "../../../service/sdk.ts";
import type { LambdaSdk } from "../kit.ts";
import { layersOf } from "../layer/use.ts";
import {
  EPHEMERAL_MB_USUAL,
  MEMORY_MB_MAX,
  MEMORY_MB_USUAL,
  TIMEOUT_SECONDS_MAX,
  TIMEOUT_SECONDS_USUAL,
} from "../limits.ts";
import { exists, isOver } from "./runtime-name.ts";

export type Settings = Omit<InputOf<LambdaSdk, "UpdateFunctionConfiguration">, "FunctionName" | "RevisionId">;

/** What is said of a function that has no code yet or a new one. */
interface Made {
  readonly place: FunctionPlace;
  readonly settings: Settings & { readonly Role: string; readonly Runtime: Runtime; readonly Handler: string };
  readonly code: Code;
  readonly architecture: Architecture;
}

/** @throws {AwsError} */
export async function newConfiguration(
  { place, settings, code, architecture }: Made,
  context: Context,
): Promise<Configuration> {
  const bare: Configuration = {
    version: LATEST,
    role: settings.Role,
    runtime: settings.Runtime,
    handler: settings.Handler,
    code,
    description: "",
    timeoutSeconds: TIMEOUT_SECONDS_USUAL,
    memoryMb: MEMORY_MB_USUAL,
    ephemeralMb: EPHEMERAL_MB_USUAL,
    tracing: "PassThrough",
    layers: [],
    architecture,
    logging: { format: "Text" },
    snapStart: "None",
    generation: context.newId(),
    revisionId: context.newId(),
    modifiedAtMs: context.now().getTime(),
  };
  const made = await changed(bare, settings, { place, context });
  if (settings.Environment === undefined || made.environment !== undefined) return made;
  // what was made with no variables shows none, until it is changed
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_api.snapshot.json (test_function_lifecycle)
  const use = { functionArn: functionArn(place), kmsKeyArn: undefined };
  return { ...made, environment: await lockEnvironment({}, use, context) };
}

interface Where {
  readonly place: FunctionPlace;
  readonly context: Context;
}

/** `was` with what `settings` says otherwise. @throws {AwsError} */
export async function changed(
  was: Configuration,
  settings: Settings,
  { place, context }: Where,
): Promise<Configuration> {
  requireBuilt(settings);
  if (settings.Timeout !== undefined && settings.Timeout > TIMEOUT_SECONDS_MAX) throw timeoutTooLong(settings.Timeout);
  if (settings.MemorySize !== undefined && settings.MemorySize > MEMORY_MB_MAX) throw memoryTooLarge();
  if (settings.Runtime !== undefined) requireRuntime(settings.Runtime);
  const { Layers, LoggingConfig, TracingConfig, SnapStart } = settings;
  const { environment: _was, kmsKeyArn: _key, deadLetterArn: _dead, ...bare } = was;
  return {
    ...bare,
    ...plain(was, settings),
    ...(await locked(was, settings, { place, context })),
    ...(await deadLetterOf(was, settings, context)),
    tracing: TracingConfig?.Mode ?? was.tracing,
    snapStart: SnapStart?.ApplyOn ?? was.snapStart,
    layers: Layers === undefined ? was.layers : await layersOf(Layers, context),
    logging: LoggingConfig === undefined ? was.logging : loggingOf(was.logging, LoggingConfig),
    generation: context.newId(),
    revisionId: context.newId(),
    modifiedAtMs: context.now().getTime(),
  };
}

/** @throws {AwsError} the role may not send there. */
async function deadLetterOf(
  was: Configuration,
  { DeadLetterConfig, Role }: Settings,
  context: Context,
): Promise<Pick<Configuration, "deadLetterArn">> {
  const deadLetterArn = DeadLetterConfig?.TargetArn ?? was.deadLetterArn;
  if (deadLetterArn === undefined || deadLetterArn === "") return {};
  if ((DeadLetterConfig ?? Role) !== undefined) await requireSends(Role ?? was.role, deadLetterArn, context);
  return { deadLetterArn };
}

const plain = (was: Configuration, settings: Settings) => ({
  role: settings.Role ?? was.role,
  runtime: settings.Runtime ?? was.runtime,
  handler: settings.Handler ?? was.handler,
  description: settings.Description ?? was.description,
  timeoutSeconds: settings.Timeout ?? was.timeoutSeconds,
  memoryMb: settings.MemorySize ?? was.memoryMb,
  ephemeralMb: settings.EphemeralStorage?.Size ?? was.ephemeralMb,
});

/** What AWS has and is not built here is refused, not forgotten. */
function requireBuilt({ VpcConfig, FileSystemConfigs = [], ImageConfig, ...rest }: Settings): void {
  const { SubnetIds = [], SecurityGroupIds = [] } = VpcConfig ?? {};
  if (SubnetIds.length + SecurityGroupIds.length > 0) throw notBuilt("A function in a VPC");
  if (FileSystemConfigs.length > 0) throw notBuilt("A file system of a function");
  if (ImageConfig !== undefined) throw notBuilt("A function of a container image");
  if (rest.CapacityProviderConfig !== undefined) throw notBuilt("A capacity provider");
  if (rest.DurableConfig !== undefined) throw notBuilt("A durable function");
}

/** @throws {AwsError} `InvalidParameterValueException` */
function requireRuntime(runtime: string): void {
  if (isOver(runtime)) throw runtimeOver(runtime);
  if (!exists(runtime)) throw runtimeUnknown(runtime);
}

/**
 * A function without variables has no environment, and no key that it would be locked with.
 * Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/lambda/function_test.go (envVariables, KMSKeyARN_noEnvironmentVariables)
 */
async function locked(
  was: Configuration,
  { Environment: given, KMSKeyArn, Role = was.role }: Settings,
  where: Where,
): Promise<Pick<Configuration, "environment" | "kmsKeyArn">> {
  const named = KMSKeyArn ?? was.kmsKeyArn;
  const kmsKeyArn = named === "" ? undefined : named;
  const key = kmsKeyArn === undefined ? {} : { kmsKeyArn };
  if (given === undefined && kmsKeyArn === was.kmsKeyArn && was.environment !== undefined) {
    return { ...key, environment: was.environment };
  }
  const variables = await variablesOf(was, given, where);
  if (Object.keys(variables).length === 0) return {};
  const use = { functionArn: functionArn(where.place), kmsKeyArn };
  const environment = await lockEnvironment(variables, use, where.context);
  await grantToRole(Role, use, where.context);
  return { ...key, environment };
}

/** Those that are given, or the ones there are where only their key changes. */
async function variablesOf(
  was: Configuration,
  given: Settings["Environment"],
  { place, context }: Where,
): Promise<Variables> {
  if (given !== undefined) return given.Variables ?? {};
  return was.environment === undefined ? {} : openEnvironment(was.environment, functionArn(place), context);
}

function loggingOf(was: Logging, given: NonNullable<Settings["LoggingConfig"]>): Logging {
  const format = given.LogFormat ?? was.format;
  const group = given.LogGroup ?? was.group;
  if (format === "Text") {
    if ((given.ApplicationLogLevel ?? given.SystemLogLevel) !== undefined) throw levelOfText();
    return { format, ...(group !== undefined && { group }) };
  }
  return {
    format,
    applicationLevel: given.ApplicationLogLevel ?? was.applicationLevel ?? "INFO",
    systemLevel: given.SystemLogLevel ?? was.systemLevel ?? "INFO",
    ...(group !== undefined && { group }),
  };
}
