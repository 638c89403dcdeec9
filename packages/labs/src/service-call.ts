/** Calls by name, typed by the SDK packages and sent with their clients. */
import type { CommandIO } from "@smithy/types";

interface Modules {
  readonly accessanalyzer: typeof import("@aws-sdk/client-accessanalyzer");
  readonly cloudtrail: typeof import("@aws-sdk/client-cloudtrail");
  readonly cloudwatch: typeof import("@aws-sdk/client-cloudwatch");
  readonly "cognito-identity": typeof import("@aws-sdk/client-cognito-identity");
  readonly "cognito-idp": typeof import("@aws-sdk/client-cognito-identity-provider");
  readonly events: typeof import("@aws-sdk/client-eventbridge");
  readonly iam: typeof import("@aws-sdk/client-iam");
  readonly kms: typeof import("@aws-sdk/client-kms");
  readonly lambda: typeof import("@aws-sdk/client-lambda");
  readonly logs: typeof import("@aws-sdk/client-cloudwatch-logs");
  readonly organizations: typeof import("@aws-sdk/client-organizations");
  readonly ram: typeof import("@aws-sdk/client-ram");
  readonly secretsmanager: typeof import("@aws-sdk/client-secrets-manager");
  readonly sns: typeof import("@aws-sdk/client-sns");
  readonly sqs: typeof import("@aws-sdk/client-sqs");
  readonly ssm: typeof import("@aws-sdk/client-ssm");
  readonly sts: typeof import("@aws-sdk/client-sts");
  readonly s3: typeof import("@aws-sdk/client-s3");
}

export type ServiceName = keyof Modules;

export type OperationFor<S extends ServiceName> = {
  [K in keyof Modules[S]]: K extends `${infer Name}Command` ? (Name extends "$" ? never : Name) : never;
}[keyof Modules[S]];

type CommandFor<S extends ServiceName, Name extends string> = `${Name}Command` extends infer K extends keyof Modules[S]
  ? Modules[S][K] extends abstract new (...input: never[]) => infer Command
    ? Command
    : never
  : never;

export type InputFor<S extends ServiceName, Name extends string> =
  CommandFor<S, Name> extends CommandIO<infer Input, infer _> ? Input : never;

export type OutputFor<S extends ServiceName, Name extends string> =
  CommandFor<S, Name> extends CommandIO<infer _, infer Output> ? Output : never;

/** `["iam", "CreateRole"]`. */
export type CallOf<S extends ServiceName, Name extends OperationFor<S>> = readonly [service: S, operation: Name];

interface Client {
  send(command: unknown): Promise<object>;
  destroy(): void;
}

type Module = Readonly<Record<string, new (argument: object) => unknown>>;

const MODULES: Readonly<Record<ServiceName, () => Promise<unknown>>> = {
  accessanalyzer: () => import("@aws-sdk/client-accessanalyzer"),
  cloudtrail: () => import("@aws-sdk/client-cloudtrail"),
  cloudwatch: () => import("@aws-sdk/client-cloudwatch"),
  "cognito-identity": () => import("@aws-sdk/client-cognito-identity"),
  "cognito-idp": () => import("@aws-sdk/client-cognito-identity-provider"),
  events: () => import("@aws-sdk/client-eventbridge"),
  iam: () => import("@aws-sdk/client-iam"),
  kms: () => import("@aws-sdk/client-kms"),
  lambda: () => import("@aws-sdk/client-lambda"),
  logs: () => import("@aws-sdk/client-cloudwatch-logs"),
  organizations: () => import("@aws-sdk/client-organizations"),
  ram: () => import("@aws-sdk/client-ram"),
  secretsmanager: () => import("@aws-sdk/client-secrets-manager"),
  sns: () => import("@aws-sdk/client-sns"),
  sqs: () => import("@aws-sdk/client-sqs"),
  ssm: () => import("@aws-sdk/client-ssm"),
  sts: () => import("@aws-sdk/client-sts"),
  s3: () => import("@aws-sdk/client-s3"),
};

const CLIENT_NAMES: Readonly<Record<ServiceName, string>> = {
  accessanalyzer: "AccessAnalyzerClient",
  cloudtrail: "CloudTrailClient",
  cloudwatch: "CloudWatchClient",
  "cognito-identity": "CognitoIdentityClient",
  "cognito-idp": "CognitoIdentityProviderClient",
  events: "EventBridgeClient",
  iam: "IAMClient",
  kms: "KMSClient",
  lambda: "LambdaClient",
  logs: "CloudWatchLogsClient",
  organizations: "OrganizationsClient",
  ram: "RAMClient",
  secretsmanager: "SecretsManagerClient",
  sns: "SNSClient",
  sqs: "SQSClient",
  ssm: "SSMClient",
  sts: "STSClient",
  s3: "S3Client",
};

export interface CallParts {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: object;
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string | undefined };
}

/** Sends one call. @throws the SDK's exception where it is refused. */
export async function send({ service, operation, input, ...config }: CallParts): Promise<object> {
  const module = (await MODULES[service]()) as Module;
  const Client = module[CLIENT_NAMES[service]];
  const Command = module[`${operation}Command`];
  if (Client === undefined || Command === undefined) throw new TypeError(`no such call: ${service} ${operation}`);
  const client = new Client({ ...config, forcePathStyle: true, maxAttempts: 1 }) as Client;
  try {
    return await client.send(new Command(input));
  } finally {
    client.destroy();
  }
}
