/** A password that rotates itself, and a parameter that never does. */
import { archiveOf } from "../function-archive.ts";
import type { Actor, Teller } from "../lab.ts";
import { allow, policy } from "../policy.ts";
import { send } from "../service-call.ts";
import { ROTATOR } from "./s40-rotator.ts";

const succeeds = { outcome: "succeeds" } as const;
const REGION = "us-east-1";
const DAYS = 30;
const DAY_SECONDS = 86_400;

interface Story {
  readonly teller: Teller;
  readonly admin: Actor;
  readonly functionArn: string;
}

export async function rotation(teller: Teller): Promise<void> {
  const account = teller.account("A");
  const admin = teller.root(account);
  const story = { teller, admin, functionArn: `arn:aws:lambda:${REGION}:${account}:function:rotator` };
  await keep(story);
  await makeFunction(story, account);
  await letIn(story, account);
  await rotate(story);
  await parameter(story);
}

async function keep({ teller, admin }: Story): Promise<void> {
  await teller.step({
    does: "The database's password is kept as a secret.",
    as: admin,
    call: ["secretsmanager", "CreateSecret"],
    input: { Name: "database", SecretString: "the first" },
    expect: succeeds,
  });
}

async function makeFunction({ teller, admin }: Story, account: string): Promise<void> {
  const trusted = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  await teller.step({
    does: "A function has a role that may put new values,",
    as: admin,
    call: ["iam", "CreateRole"],
    input: { RoleName: "rotator", AssumeRolePolicyDocument: policy(trusted) },
    expect: succeeds,
  });
  await teller.step({
    does: "of this secret and of no other.",
    as: admin,
    call: ["iam", "PutRolePolicy"],
    input: {
      RoleName: "rotator",
      PolicyName: "secret",
      PolicyDocument: policy(
        allow("secretsmanager:*", `arn:aws:secretsmanager:${REGION}:${account}:secret:database-*`),
        allow("secretsmanager:GetRandomPassword", "*"),
      ),
    },
    expect: succeeds,
  });
  const Role = `arn:aws:iam::${account}:role/rotator`;
  await teller.deed({
    does: "The function makes a password, tries it, and puts it in the other's place.",
    as: admin.name,
    command: `aws lambda create-function --function-name rotator --runtime nodejs24.x --handler index.handler --role ${Role} --zip-file fileb://rotator.zip`,
    act: () =>
      send({
        service: "lambda",
        operation: "CreateFunction",
        input: {
          FunctionName: "rotator",
          Runtime: "nodejs24.x",
          Handler: "index.handler",
          Role,
          Timeout: 20,
          Code: { ZipFile: archiveOf("index.mjs", ROTATOR) },
        },
        endpoint: teller.endpoint,
        region: REGION,
        credentials: admin.credentials,
      }),
    expect: succeeds,
  });
}

async function letIn({ teller, admin, functionArn }: Story, account: string): Promise<void> {
  await teller.step({
    does: "Secrets Manager may not call it yet, so nothing rotates:",
    as: admin,
    call: ["secretsmanager", "RotateSecret"],
    input: { SecretId: "database", RotationLambdaARN: functionArn, RotationRules: { AutomaticallyAfterDays: DAYS } },
    expect: {
      outcome: "refused",
      code: "AccessDeniedException",
      because: "cannot invoke the specified Lambda function",
    },
  });
  await teller.step({
    does: "the function's policy has to let it in.",
    as: admin,
    call: ["lambda", "AddPermission"],
    input: {
      FunctionName: "rotator",
      StatementId: "secrets",
      Action: "lambda:InvokeFunction",
      Principal: "secretsmanager.amazonaws.com",
      SourceAccount: account,
    },
    expect: succeeds,
  });
}

async function rotate({ teller, admin, functionArn }: Story): Promise<void> {
  await teller.step({
    does: "From now on the password changes every thirty days, and at once.",
    as: admin,
    call: ["secretsmanager", "RotateSecret"],
    input: { SecretId: "database", RotationLambdaARN: functionArn, RotationRules: { AutomaticallyAfterDays: DAYS } },
    expect: succeeds,
  });
  await teller.wait("The function is called four times: it creates, sets, tests and finishes.", 1);
  const first = await value({ teller, admin, functionArn }, "The password is another one,", ["the first"]);
  await teller.step({
    does: "and the one before it is still known.",
    as: admin,
    call: ["secretsmanager", "GetSecretValue"],
    input: { SecretId: "database", VersionStage: "AWSPREVIOUS" },
    expect: {
      outcome: "succeeds",
      check: ({ SecretString }) => (SecretString === "the first" ? undefined : "it is not the first password"),
    },
  });
  await teller.wait("Thirty days pass.", DAYS * DAY_SECONDS);
  await value({ teller, admin, functionArn }, "It has changed again, by itself.", ["the first", first]);
}

async function value({ teller, admin }: Story, does: string, before: readonly string[]): Promise<string> {
  const { SecretString = "" } = await teller.step({
    does,
    as: admin,
    call: ["secretsmanager", "GetSecretValue"],
    input: { SecretId: "database" },
    expect: {
      outcome: "succeeds",
      check: ({ SecretString: now = "" }) => (before.includes(now) ? "it is one of those before" : undefined),
    },
  });
  return SecretString;
}

async function parameter({ teller, admin }: Story): Promise<void> {
  await teller.step({
    does: "A parameter keeps a password as well, encrypted,",
    as: admin,
    call: ["ssm", "PutParameter"],
    input: { Name: "/database/password", Type: "SecureString", Value: "the first" },
    expect: succeeds,
  });
  await teller.wait("but thirty days later", DAYS * DAY_SECONDS);
  await teller.step({
    does: "it is the same: Parameter Store rotates nothing.",
    as: admin,
    call: ["ssm", "GetParameter"],
    input: { Name: "/database/password", WithDecryption: true },
    expect: {
      outcome: "succeeds",
      check: ({ Parameter }) => (Parameter?.Value === "the first" ? undefined : "it is another value"),
    },
  });
  await teller.step({
    does: "Whoever overwrites it adds a version, and that is all.",
    as: admin,
    call: ["ssm", "PutParameter"],
    input: { Name: "/database/password", Value: "the second", Overwrite: true },
    expect: {
      outcome: "succeeds",
      check: ({ Version }) => (Version === 2 ? undefined : `version ${Version}`),
    },
  });
}
