/** Operations of any service, called by name with the least that they take. */
import type { Limits, Shape, StructureShape } from "../../src/model/shape.ts";
import { policyText } from "../identities.ts";
import type { TestCloud, TestCredentials } from "../test-cloud.ts";
import { zipOf } from "../zip.ts";

/** Whose things it is about. */
export const ACCOUNT = "000000000000";

/** The least that a scalar can be; words that fit most patterns. */
const LEAST: Readonly<Record<string, (limits: Limits) => unknown>> = {
  string: (limits) => limits.enum?.[0] ?? "a".repeat(limits.min ?? 1),
  number: ({ min = 1 }) => min,
  boolean: () => true,
  timestamp: () => new Date(1_795_000_000_000),
  blob: () => new Uint8Array(1),
};

function sample(shape: Shape, limits: Limits = {}): unknown {
  if (shape.kind === "list") return [sample(shape.member.shape, limits.member)];
  return shape.kind === "structure" ? least(shape) : (LEAST[shape.kind]?.(limits) ?? {});
}

/** What has to be there, and the account that S3's control plane wants to know. */
export function least({ members }: StructureShape): Readonly<Record<string, unknown>> {
  const needed = members.filter(({ name, required }) => required || name === "AccountId");
  return Object.fromEntries(
    needed.map(({ name, shape, limits }) => [name, name === "AccountId" ? ACCOUNT : sample(shape, limits)]),
  );
}

interface Client {
  send(command: unknown): Promise<object>;
}

/** What an SDK's package has, by name: its client, and the commands. */
type Sdk = Readonly<Record<string, new (argument: Readonly<Record<string, unknown>>) => Client>>;

const CLIENT = /^(?!SDK|__)[A-Z].*Client$/;

/** Calls of a service by name, of an account's root user. */
export const callsOf = (cloud: TestCloud, id: string, account = ACCOUNT) => callsWith(cloud, id, cloud.rootOf(account));

export async function callsWith(cloud: TestCloud, id: string, credentials?: TestCredentials) {
  const sdk: Sdk = await import(`@aws-sdk/client-${id}`);
  const [name = ""] = Object.keys(sdk).filter((each) => CLIENT.test(each));
  const classOf = (each: string): Sdk[string] => {
    const found = sdk[each];
    if (found === undefined) throw new TypeError(`@aws-sdk/client-${id} has no ${each}`);
    return found;
  };
  const client = cloud.client<Client>(classOf(name), credentials, { forcePathStyle: true });
  return (operation: string, input: Readonly<Record<string, unknown>>): Promise<object> => {
    const Command = classOf(`${operation}Command`);
    return client.send(new Command(input));
  };
}

export interface Making {
  /** The service's id, and the operation that makes one. */
  readonly id: string;
  readonly operation: string;
  readonly inputOf: (name: string) => Readonly<Record<string, unknown>>;
  /** Where its name stands in its ARN, behind the account; absent where it has an id for that. */
  readonly arn?: `${string}NAME${string}`;
}

const ZipFile = zipOf({ "index.mjs": "export const handler = () => 1;" });

/** What needs nothing but a name. */
export const MAKINGS: readonly Making[] = [
  { id: "iam", operation: "CreateUser", inputOf: (UserName) => ({ UserName }), arn: "iam::ACCOUNT:user/NAME" },
  { id: "iam", operation: "CreateGroup", inputOf: (GroupName) => ({ GroupName }), arn: "iam::ACCOUNT:group/NAME" },
  {
    id: "iam",
    operation: "CreatePolicy",
    inputOf: (PolicyName) => ({ PolicyName, PolicyDocument: policyText(["s3:*"]) }),
    arn: "iam::ACCOUNT:policy/NAME",
  },
  { id: "sqs", operation: "CreateQueue", inputOf: (QueueName) => ({ QueueName }), arn: "sqs:us-east-1:ACCOUNT:NAME" },
  { id: "sns", operation: "CreateTopic", inputOf: (Name) => ({ Name }), arn: "sns:us-east-1:ACCOUNT:NAME" },
  { id: "kms", operation: "CreateKey", inputOf: (Description) => ({ Description }) },
  { id: "s3", operation: "CreateBucket", inputOf: (Bucket) => ({ Bucket }), arn: "s3:::NAME" },
  {
    id: "ssm",
    operation: "PutParameter",
    inputOf: (Name) => ({ Name, Type: "String", Value: "x" }),
    arn: "ssm:us-east-1:ACCOUNT:parameter/NAME",
  },
  {
    id: "secrets-manager",
    operation: "CreateSecret",
    inputOf: (Name) => ({ Name, SecretString: "x" }),
    arn: "secretsmanager:us-east-1:ACCOUNT:secret:NAME",
  },
  {
    id: "cloudwatch-logs",
    operation: "CreateLogGroup",
    inputOf: (logGroupName) => ({ logGroupName }),
    arn: "logs:us-east-1:ACCOUNT:log-group:NAME",
  },
  {
    id: "cloudwatch",
    operation: "PutDashboard",
    inputOf: (DashboardName) => ({ DashboardName, DashboardBody: '{"widgets":[]}' }),
    arn: "cloudwatch::ACCOUNT:dashboard/NAME",
  },
  {
    id: "cloudwatch",
    operation: "PutMetricData",
    inputOf: (MetricName) => ({ Namespace: "n", MetricData: [{ MetricName, Value: 1 }] }),
  },
  {
    id: "eventbridge",
    operation: "PutRule",
    inputOf: (Name) => ({ Name, ScheduleExpression: "rate(1 hour)" }),
    arn: "events:us-east-1:ACCOUNT:rule/NAME",
  },
  {
    id: "eventbridge",
    operation: "CreateEventBus",
    inputOf: (Name) => ({ Name }),
    arn: "events:us-east-1:ACCOUNT:event-bus/NAME",
  },
  {
    id: "scheduler",
    operation: "CreateScheduleGroup",
    inputOf: (Name) => ({ Name }),
    arn: "scheduler:us-east-1:ACCOUNT:schedule-group/NAME",
  },
  {
    id: "lambda",
    operation: "PublishLayerVersion",
    inputOf: (LayerName) => ({ LayerName, Content: { ZipFile } }),
    arn: "lambda:us-east-1:ACCOUNT:layer:NAME",
  },
  { id: "cognito-identity-provider", operation: "CreateUserPool", inputOf: (PoolName) => ({ PoolName }) },
  {
    id: "cognito-identity",
    operation: "CreateIdentityPool",
    inputOf: (IdentityPoolName) => ({ IdentityPoolName, AllowUnauthenticatedIdentities: true }),
  },
  {
    id: "glacier",
    operation: "CreateVault",
    inputOf: (vaultName) => ({ accountId: "-", vaultName }),
    arn: "glacier:us-east-1:ACCOUNT:vaults/NAME",
  },
];
