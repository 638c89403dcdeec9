/** What somebody finds who gets at the data directory, the log, the records of calls, or another user's account on the machine. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateConnectionCommand, EventBridgeClient, UpdateConnectionCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateLoginProfileCommand,
  CreateServiceSpecificCredentialCommand,
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  IAMClient,
  ListUsersCommand,
  UpdateLoginProfileCommand,
  UploadServerCertificateCommand,
} from "@aws-sdk/client-iam";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { CreatePlatformApplicationCommand, SNSClient } from "@aws-sdk/client-sns";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, onTestFinished, test } from "vitest";
import { serverCertificate } from "../certificates.ts";
import { policyText } from "../identities.ts";
import { testCloud, type IssuedCredentials, type TestCloud, type TestCredentials } from "../test-cloud.ts";
import { zipOf } from "../zip.ts";

const PASSWORD = "correct-Horse-7-battery";
const ROOT_SECRET = "the-secret-of-all-roots-0815";
const BODY = `a large body that nobody else shall read: ${"x".repeat(40_000)}`;

async function inDirectory() {
  const directory = await mkdtemp(join(tmpdir(), "leaks-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const said: string[] = [];
  const report = (error: unknown, what: string): void => void said.push(`${what} ${String(error)}`);
  const cloud = await testCloud({
    storage: { kind: "embedded", directory: join(directory, "state") },
    rootSecret: ROOT_SECRET,
    report,
  });
  return { cloud, directory: join(directory, "state"), said };
}

/** Does all that secrets are made, shown or used by; gives the secrets. */
async function exercise(cloud: TestCloud): Promise<ReadonlyMap<string, string>> {
  const root = { accessKeyId: "test", secretAccessKey: ROOT_SECRET };
  const iam = cloud.client(IAMClient, root);
  const secrets = new Map<string, string | undefined>([
    ["the root users' secret", ROOT_SECRET],
    ["a password", PASSWORD],
  ]);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "ann" }));
  secrets.set("the secret of an access key", AccessKey?.SecretAccessKey);
  await iam.send(new CreateLoginProfileCommand({ UserName: "ann", Password: PASSWORD }));
  await iam.send(new UpdateLoginProfileCommand({ UserName: "ann", Password: `${PASSWORD}2` }));
  const git = new CreateServiceSpecificCredentialCommand({ UserName: "ann", ServiceName: "codecommit.amazonaws.com" });
  const { ServiceSpecificCredential } = await iam.send(git);
  secrets.set("a password for git", ServiceSpecificCredential?.ServicePassword);
  const device = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: "phone" });
  const { VirtualMFADevice } = await iam.send(device);
  secrets.set("the seed of a second factor", Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString());
  const web = { ServerCertificateName: "web", ...serverCertificate };
  await iam.send(new UploadServerCertificateCommand(web));
  secrets.set("a certificate's key", serverCertificate.PrivateKey.split("\n")[1]);
  await useSessions(cloud, secrets);
  await keepSecrets(cloud, root, secrets);
  return new Map([...secrets].map(([name, secret]) => [name, secret ?? ""]));
}

/** What users give the services of functions, messages and settings to keep. */
async function keepSecrets(cloud: TestCloud, who: TestCredentials, secrets: Map<string, string | undefined>) {
  const made = (name: string): string => {
    const secret = `keep-${name.replaceAll(" ", "-")}-0815-to-oneself`;
    secrets.set(name, secret);
    return secret;
  };
  const vault = cloud.client(SecretsManagerClient, who);
  await vault.send(new CreateSecretCommand({ Name: "db", SecretString: made("a secret") }));
  await vault.send(new PutSecretValueCommand({ SecretId: "db", SecretBinary: Buffer.from(made("a binary secret")) }));
  await vault.send(new GetSecretValueCommand({ SecretId: "db" }));
  const ssm = cloud.client(SSMClient, who);
  await ssm.send(new PutParameterCommand({ Name: "/p", Type: "SecureString", Value: made("a secure parameter") }));
  await ssm.send(new GetParameterCommand({ Name: "/p", WithDecryption: true }));
  const Statement = [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  const { Role } = await cloud
    .client(IAMClient, who)
    .send(new CreateRoleCommand({ RoleName: "runner", AssumeRolePolicyDocument }));
  const lambda = cloud.client(LambdaClient, who);
  const Environment = { Variables: { TOKEN: made("a variable of a function") } };
  const source = `export const handler = (event) => event.secret + process.env.TOKEN;`;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: "f",
      Role: Role?.Arn,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: zipOf({ "index.mjs": source }) },
      Environment,
    }),
  );
  const Payload = JSON.stringify({ secret: made("a payload") });
  await lambda.send(new InvokeCommand({ FunctionName: "f", Payload }));
  await lambda.send(new InvokeCommand({ FunctionName: "f", Payload, InvocationType: "Event" }));
  await cloud.client(SNSClient, who).send(
    new CreatePlatformApplicationCommand({
      Name: "app",
      Platform: "GCM",
      Attributes: { PlatformCredential: made("a key of a platform") },
    }),
  );
  const events = cloud.client(EventBridgeClient, who);
  await events.send(
    new CreateConnectionCommand({
      Name: "basic",
      AuthorizationType: "BASIC",
      AuthParameters: { BasicAuthParameters: { Username: "ann", Password: made("a password of a connection") } },
    }),
  );
  await events.send(
    new UpdateConnectionCommand({
      Name: "basic",
      AuthorizationType: "API_KEY",
      AuthParameters: {
        ApiKeyAuthParameters: { ApiKeyName: "x-key", ApiKeyValue: made("an api key of a connection") },
      },
    }),
  );
}

async function useSessions(cloud: TestCloud, secrets: Map<string, string | undefined>): Promise<void> {
  const account = { accessKeyId: "222222222222", secretAccessKey: ROOT_SECRET };
  const iam = cloud.client(IAMClient, account);
  await iam.send(new CreateUserCommand({ UserName: "bob" }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: "bob" }));
  const bob = { accessKeyId: AccessKey?.AccessKeyId ?? "", secretAccessKey: AccessKey?.SecretAccessKey ?? "" };
  secrets.set("the secret of bob's key", bob.secretAccessKey);
  const sts = cloud.client(STSClient, bob);
  const plain = await sts.send(new GetSessionTokenCommand({}));
  await useSession(cloud, { name: "a user's session", credentials: plain.Credentials ?? {} }, secrets);
  const rootSts = cloud.client(STSClient, account);
  const guest = await rootSts.send(new GetFederationTokenCommand({ Name: "guest", Policy: policyText(["*"]) }));
  await useSession(cloud, { name: "a federated session", credentials: guest.Credentials ?? {} }, secrets);
  await sts
    .send(new AssumeRoleCommand({ RoleArn: "arn:aws:iam::222222222222:role/none", RoleSessionName: "s" }))
    .catch(() => undefined);
}

/** Well and badly, in a header and in a URL. */
async function useSession(
  cloud: TestCloud,
  { name, credentials }: { readonly name: string; readonly credentials: IssuedCredentials },
  secrets: Map<string, string | undefined>,
): Promise<void> {
  secrets.set(`${name}: the secret`, credentials.SecretAccessKey);
  secrets.set(`${name}: the token`, credentials.SessionToken);
  await cloud.client(STSClient, credentials).send(new GetCallerIdentityCommand({}));
  const s3 = cloud.client(S3Client, credentials, { forcePathStyle: true });
  await s3.send(new ListBucketsCommand({})).catch(() => undefined);
  await cloud
    .client(IAMClient, credentials)
    .send(new ListUsersCommand({}))
    .catch(() => undefined);
  const bad = { ...credentials, SecretAccessKey: "wrong" };
  await cloud
    .client(STSClient, bad)
    .send(new GetCallerIdentityCommand({}))
    .catch(() => undefined);
  const url = new URL(await getSignedUrl(s3, new GetObjectCommand({ Bucket: "photos", Key: "x" })));
  const query = Object.fromEntries(url.searchParams);
  secrets.set(`${name}: a URL's signature`, query["X-Amz-Signature"]);
  await cloud.send({ method: "GET", path: url.pathname, query, headers: { host: url.host } });
}

function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** The forms in which a secret could lie somewhere. */
const formsOf = (secret: string): readonly Buffer[] => [
  Buffer.from(secret, "utf8"),
  Buffer.from(secret, "utf16le"),
  Buffer.from(
    Buffer.from(secret)
      .toString("base64")
      .replace(/.{2}=*$/, ""),
  ),
  Buffer.from(Buffer.from(secret).toString("hex")),
  Buffer.from(encodeURIComponent(secret)),
];

test("no secret lies in the data directory, in the records of calls or in what is reported", async () => {
  const { cloud, directory, said } = await inDirectory();
  const secrets = await exercise(cloud);
  const records = await cloud.cloud.journal.find({ limit: 1000, matches: () => true });
  expect(records.length).toBeGreaterThan(10);
  const places = new Map<string, Buffer>([
    ["the records of calls", Buffer.from(JSON.stringify(records))],
    ["what was reported", Buffer.from(said.join("\n"))],
    ...filesIn(directory).map((path) => [path, readFileSync(path)] as const),
  ]);
  expect(places.get(join(directory, "store.db-log"))?.includes("GetFederationToken")).toBe(true);
  for (const [name, secret] of secrets) {
    expect(secret.length, name).toBeGreaterThan(15);
    const found = [...places].filter(([, bytes]) => formsOf(secret).some((form) => bytes.includes(form)));
    expect(
      found.map(([place]) => place),
      name,
    ).toEqual([]);
  }
});

test("large bodies are not to be read from the disk", async () => {
  const { cloud, directory } = await inDirectory();
  const root = { accessKeyId: "test", secretAccessKey: ROOT_SECRET };
  const s3 = cloud.client(S3Client, root, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "../../../etc/passwd", Body: BODY }));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "/etc/passwd\\..\\x", Body: BODY }));
  const files = filesIn(directory);
  expect(files.filter((path) => readFileSync(path).includes("nobody else shall read"))).toEqual([]);
  expect(files.filter((path) => path.includes("passwd"))).toEqual([]);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "photos", Key: "../../../etc/passwd" }));
  expect(await Body?.transformToString()).toBe(BODY);
});

test("the data directory and all that is in it are their owner's alone", async () => {
  const { cloud, directory } = await inDirectory();
  const root = { accessKeyId: "test", secretAccessKey: ROOT_SECRET };
  await cloud.client(IAMClient, root).send(new CreateUserCommand({ UserName: "ann" }));
  const paths = [directory, ...readdirSync(directory).map((name) => join(directory, name))];
  for (const path of paths) expect(statSync(path).mode & 0o077, path).toBe(0);
  expect(paths).toContain(join(directory, "store.db-log"));
});
