/** Tokens of pages that nobody gave, or that were given to somebody else or for something else. */
import { expect, test } from "vitest";
import { loadModel } from "../../src/model/models.ts";
import type { OperationModel } from "../../src/model/service-model.ts";
import type { Limits, Shape, StructureShape } from "../../src/model/shape.ts";
import { SERVICES } from "../../src/services.ts";
import { policyText } from "../identities.ts";
import { testCloud, type TestCloud } from "../test-cloud.ts";

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value), "utf8").toString("base64url");

/** In the form that ours have, as far as anybody can see, and in others. */
const FORGED: readonly string[] = [
  encoded([]),
  encoded([1]),
  encoded([true, false, -1]),
  encoded(["\u0000", "a"]),
  encoded(["zz", "zz", "zz", "zz"]),
  encoded({ after: ["a"], position: -1, hash: 1 }),
  encoded([["a"]]),
  encoded([1e300, "", 99999999999999]),
  encoded("a"),
  encoded(0),
  encoded(null),
  "AAAA",
  "a|b|c",
  "1:2:3",
  "9".repeat(40),
  "🦄",
];

type Paged = OperationModel & { readonly paginator: NonNullable<OperationModel["paginator"]> };

/** The operations with pages of a service that are built. */
async function pagedOf(id: string): Promise<readonly Paged[]> {
  const service = await SERVICES[id]?.();
  const model = loadModel(id);
  const all = [...(service?.operations.keys() ?? [])].map((name) => model.operation(name));
  return all.filter((operation): operation is Paged => operation?.paginator !== undefined);
}

const ACCOUNT = "000000000000";

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
function least({ members }: StructureShape): Readonly<Record<string, unknown>> {
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

/** Calls of a service by name. */
async function callsOf(cloud: TestCloud, id: string, account?: string) {
  const sdk: Sdk = await import(`@aws-sdk/client-${id}`);
  const [name = ""] = Object.keys(sdk).filter((each) => CLIENT.test(each));
  const classOf = (each: string): Sdk[string] => {
    const found = sdk[each];
    if (found === undefined) throw new TypeError(`@aws-sdk/client-${id} has no ${each}`);
    return found;
  };
  const credentials = account === undefined ? undefined : cloud.rootOf(account);
  const client = cloud.client<Client>(classOf(name), credentials, { forcePathStyle: true });
  return (operation: string, input: Readonly<Record<string, unknown>>): Promise<object> => {
    const Command = classOf(`${operation}Command`);
    return client.send(new Command(input));
  };
}

/** As an HTTP status. */
async function statusOf(call: Promise<unknown>): Promise<number> {
  try {
    await call;
    return 200;
  } catch (error) {
    const metadata: { httpStatusCode?: number } = Reflect.get(Object(error), "$metadata") ?? {};
    return metadata.httpStatusCode ?? 599;
  }
}

/** Services that have no SDK, or none that is here. */
const WITHOUT_SDK = new Set(["rolesanywhere", "signin"]);

test.for(Object.keys(SERVICES).filter((id) => !WITHOUT_SDK.has(id)))(
  "%s takes tokens that it never gave, or refuses them",
  { timeout: 120_000 },
  async (id) => {
    const cloud = await testCloud();
    const call = await callsOf(cloud, id);
    const faults: string[] = [];
    for (const { name, input, paginator } of await pagedOf(id)) {
      for (const token of FORGED) {
        const status = await statusOf(call(name, { ...least(input), [paginator.inputToken]: token }));
        if (status >= 500 && status !== 501) faults.push(`${name} ${token}: ${status}`);
      }
    }
    expect(faults).toEqual([]);
  },
);

/** What an account has three of, each by its service, the operation that makes it, and what that is told. */
const MADE: readonly (readonly [id: string, operation: string, (name: string) => Readonly<Record<string, unknown>>])[] =
  [
    ["iam", "CreateUser", (UserName) => ({ UserName })],
    ["iam", "CreateGroup", (GroupName) => ({ GroupName })],
    ["iam", "CreatePolicy", (PolicyName) => ({ PolicyName, PolicyDocument: policyText(["s3:*"]) })],
    ["sqs", "CreateQueue", (QueueName) => ({ QueueName })],
    ["sns", "CreateTopic", (Name) => ({ Name })],
    ["kms", "CreateKey", (Description) => ({ Description })],
    ["s3", "CreateBucket", (Bucket) => ({ Bucket })],
    ["ssm", "PutParameter", (Name) => ({ Name, Type: "String", Value: "x" })],
    ["secrets-manager", "CreateSecret", (Name) => ({ Name, SecretString: "x" })],
    ["cloudwatch-logs", "CreateLogGroup", (logGroupName) => ({ logGroupName })],
    ["cloudwatch", "PutDashboard", (DashboardName) => ({ DashboardName, DashboardBody: '{"widgets":[]}' })],
    ["cloudwatch", "PutMetricData", (MetricName) => ({ Namespace: "n", MetricData: [{ MetricName, Value: 1 }] })],
    ["eventbridge", "PutRule", (Name) => ({ Name, ScheduleExpression: "rate(1 hour)" })],
    ["eventbridge", "CreateEventBus", (Name) => ({ Name })],
    ["scheduler", "CreateScheduleGroup", (Name) => ({ Name })],
    ["cognito-identity-provider", "CreateUserPool", (PoolName) => ({ PoolName })],
    [
      "cognito-identity",
      "CreateIdentityPool",
      (IdentityPoolName) => ({ IdentityPoolName, AllowUnauthenticatedIdentities: true }),
    ],
    ["glacier", "CreateVault", (vaultName) => ({ accountId: "-", vaultName })],
  ];

const MARK = "the-victims";

interface Given {
  readonly id: string;
  readonly operation: string;
  readonly token: string;
}

/** The tokens that the victim's lists give when they are read one by one. */
async function tokensOf(cloud: TestCloud, id: string): Promise<readonly Given[]> {
  const call = await callsOf(cloud, id);
  const given: Given[] = [];
  for (const { name, input, paginator } of await pagedOf(id)) {
    const { pageSize, outputToken } = paginator;
    const size = pageSize === undefined ? {} : { [pageSize]: sizeOf(input, pageSize) };
    const output = await call(name, { ...least(input), ...size }).catch(() => ({}));
    const token: unknown = Reflect.get(output, outputToken);
    if (typeof token === "string") given.push({ id, operation: name, token });
  }
  return given;
}

const sizeOf = ({ byName }: StructureShape, name: string): unknown => byName.get(name)?.limits?.min || 1;

test("a token leads nobody to another account's things, in no list of the service", { timeout: 120_000 }, async () => {
  const cloud = await testCloud();
  for (const [id, operation, inputOf] of MADE) {
    const call = await callsOf(cloud, id);
    for (const number of [1, 2, 3]) await call(operation, inputOf(`${MARK}-${number}`));
  }
  const seen: string[] = [];
  const tried = new Set<string>();
  for (const id of new Set(MADE.map(([service]) => service))) {
    const call = await callsOf(cloud, id, "111111111111");
    for (const { operation, token } of await tokensOf(cloud, id)) {
      tried.add(`${id} ${operation}`);
      for (const { name, input, paginator } of await pagedOf(id)) {
        const output = await call(name, { ...least(input), [paginator.inputToken]: token }).catch(
          (error: unknown) => error,
        );
        const told = JSON.stringify(output, (key, value: unknown) => (key === "$metadata" ? undefined : value)) ?? "";
        if (told.includes(MARK) || told.includes(`:${ACCOUNT}:`))
          seen.push(`${id} ${name} by a token of ${operation}: ${told.slice(0, 200)}`);
      }
    }
  }
  expect(seen).toEqual([]);
  expect(tried.size).toBeGreaterThan(10);
});
