/** A password that rotates itself, and a parameter that never does. */
import type { Actor, Teller } from "../lab.ts";
import { allow } from "../policy.ts";
import { makeFunction, makeServiceRole } from "../service-role.ts";
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
  await makeRotator(story, account);
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

async function makeRotator(story: Story, account: string): Promise<void> {
  await makeServiceRole(story, {
    name: "rotator",
    service: "lambda",
    does: "A function has a role that may put new values,",
    rights: {
      does: "of this secret and of no other.",
      name: "secret",
      statements: [
        allow("secretsmanager:*", `arn:aws:secretsmanager:${REGION}:${account}:secret:database-*`),
        allow("secretsmanager:GetRandomPassword", "*"),
      ],
    },
  });
  await makeFunction(story, {
    does: "The function makes a password, tries it, and puts it in the other's place.",
    FunctionName: "rotator",
    Role: `arn:aws:iam::${account}:role/rotator`,
    source: ROTATOR,
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
