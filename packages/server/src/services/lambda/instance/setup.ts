/**
 * What an instance of a function is made of: its code, its layers, its role's credentials and its environment.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
import { parseArn } from "../../../kernel/arn.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import { collect } from "../../../kernel/bytes.ts";
import type { Context } from "../../../service/context.ts";
import type { CodeArchive, InstanceSetup } from "../../../service/function-host.ts";
import { assumeRole, openedSession, withKeys } from "../../../service/role-session.ts";
import { openEnvironment } from "../function/environment.ts";
import { roleRefused } from "../errors.ts";
import { LAMBDA, sessionNameOf } from "../execution-role.ts";
import { hasSnapshot, logGroupOf, wholeArn, type Code, type Target } from "../function/row.ts";
import { runtimeArn } from "../function/runtime-name.ts";
import { findLayerVersion } from "../layer/row.ts";

/** Outside of transactions. @throws {AwsError} the role is not to be had, or its rights do not open the environment. */
export async function setUpInstance(
  target: Target,
  initialization: "on-demand" | "provisioned-concurrency",
  context: Context,
): Promise<InstanceSetup> {
  const { function: of, configuration } = target;
  const session = await sessionOf(target, context);
  const own =
    configuration.environment === undefined
      ? {}
      : await openEnvironment(configuration.environment, wholeArn(of), context, session.principal);
  const stream = streamOf(configuration.version, context);
  const group = logGroupOf(of.name, configuration.logging);
  const { account, region } = of;
  return {
    runtime: configuration.runtime,
    runtimeArn: runtimeArn(of, configuration.runtime),
    handler: configuration.handler,
    code: archiveOf(configuration.code, context),
    layers: await layersOf(target, context),
    environment: {
      ...own,
      ...session.variables,
      ...reserved(target),
      AWS_LAMBDA_INITIALIZATION_TYPE: hasSnapshot(configuration) ? "snap-start" : initialization,
      AWS_LAMBDA_LOG_GROUP_NAME: group,
      AWS_LAMBDA_LOG_STREAM_NAME: stream,
    },
    temporaryMb: configuration.ephemeralMb,
    log: { account, region, group, stream, writer: session.principal },
    expiresAtMs: session.expiresAtMs,
  };
}

async function sessionOf({ function: of, configuration }: Target, context: Context) {
  const use = {
    roleArn: configuration.role,
    service: LAMBDA,
    sessionName: sessionNameOf(of.name),
    account: of.account,
  };
  const { Credentials } = await assumed(() => assumeRole(use, context));
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "", Expiration } = Credentials ?? {};
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
  const token = withKeys(SessionToken, { "lambda:SourceFunctionArn": wholeArn(of) }, context);
  return {
    principal: openedSession(token, context),
    expiresAtMs: Expiration?.getTime() ?? 0,
    variables: {
      AWS_ACCESS_KEY_ID: AccessKeyId,
      AWS_SECRET_ACCESS_KEY: SecretAccessKey,
      AWS_SESSION_TOKEN: token,
    },
  };
}

async function assumed<Output>(work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AwsError ? roleRefused() : error;
  }
}

function reserved({ function: of, configuration }: Target): Readonly<Record<string, string>> {
  const { runtime, logging } = configuration;
  return {
    AWS_REGION: of.region,
    AWS_DEFAULT_REGION: of.region,
    AWS_LAMBDA_FUNCTION_NAME: of.name,
    AWS_LAMBDA_FUNCTION_VERSION: configuration.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMb),
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_common.snapshot.json
    AWS_XRAY_DAEMON_ADDRESS: "169.254.100.1:2000",
    _AWS_XRAY_DAEMON_ADDRESS: "169.254.100.1",
    _AWS_XRAY_DAEMON_PORT: "2000",
    ...(!runtime.startsWith("provided") && { AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}` }),
    ...(logging.format === "JSON" && {
      AWS_LAMBDA_LOG_FORMAT: "JSON",
      AWS_LAMBDA_LOG_LEVEL: logging.applicationLevel ?? "INFO",
    }),
  };
}

/** `2026/11/22/[$LATEST]` and 32 digits. Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html */
function streamOf(version: string, context: Context): string {
  const day = context.now().toISOString().slice(0, 10).replaceAll("-", "/");
  return `${day}/[${version}]${context.newId().replaceAll("-", "")}`;
}

const archiveOf = ({ sha256, blob }: Code, { blobs }: Context): CodeArchive => ({
  sha256,
  read: () => collect(blobs.read(blob)),
});

async function layersOf({ configuration }: Target, context: Context): Promise<readonly CodeArchive[]> {
  const archives: CodeArchive[] = [];
  for (const { arn } of configuration.layers) {
    const version = parseArn(arn) && (await findLayerVersion(arn, context));
    // a layer that was deleted stays with the functions that have it: the code is kept for them
    if (version !== undefined) archives.push(archiveOf(version.code, context));
  }
  return archives;
}
