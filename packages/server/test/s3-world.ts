/** A cloud with a bucket in it, and what tests of S3 ask of it again and again. */
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  PutBucketOwnershipControlsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  type ObjectOwnership,
} from "@aws-sdk/client-s3";
import { HttpRequest } from "@smithy/core/protocols";
import { testCloud, type TestCloud } from "./test-cloud.ts";

/** The default account, whose root the client of a world is. */
export const ACCOUNT = "000000000000";

export interface S3World {
  readonly cloud: TestCloud;
  /** The owner of `bucket`. */
  readonly s3: S3Client;
  readonly bucket: string;
  readonly put: (key: string, body?: string | Uint8Array) => Promise<void>;
  /** A client of another account's root. */
  readonly stranger: (account?: string) => S3Client;
  /** A client of a new user, of the bucket's account unless told otherwise, who may do what `statements` say. */
  readonly user: (
    statements: readonly object[],
    options?: { readonly account?: string; readonly name?: string },
  ) => Promise<S3Client>;
  /** A request that nobody signed. */
  readonly anonymous: (
    method: string,
    path: string,
    query?: Readonly<Record<string, string>>,
  ) => ReturnType<TestCloud["send"]>;
}

export async function s3World(bucket = "photos", given?: TestCloud): Promise<S3World> {
  const cloud = given ?? (await testCloud());
  const s3 = pathStyle(cloud);
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    cloud,
    s3,
    bucket,
    async put(key, body = "") {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
    stranger: (account = "111111111111") => pathStyle(cloud, cloud.rootOf(account)),
    user: (statements, { account = ACCOUNT, name = "ann" } = {}) => newUser(cloud, statements, { account, name }),
    anonymous: (method, path, query = {}) => cloud.send({ method, path, query, headers: { host: "localhost:4566" } }),
  };
}

/** A world whose bucket has lists of grants, and no block of public ones. */
export async function listedWorld(ObjectOwnership: ObjectOwnership = "ObjectWriter"): Promise<S3World> {
  const world = await s3World();
  const at = { Bucket: world.bucket };
  const OwnershipControls = { Rules: [{ ObjectOwnership }] };
  await world.s3.send(new PutBucketOwnershipControlsCommand({ ...at, OwnershipControls }));
  await world.s3.send(new DeletePublicAccessBlockCommand(at));
  return world;
}

/** A client that names the bucket in the path. */
export const pathStyle = (cloud: TestCloud, credentials = cloud.rootOf(ACCOUNT), more: object = {}): S3Client =>
  cloud.client(S3Client, credentials, { forcePathStyle: true, ...more });

/** A client that names the bucket in the path, and sends `headers` whatever it calls. */
export function withHeaders(cloud: TestCloud, headers: Readonly<Record<string, string>>): S3Client {
  const client = pathStyle(cloud);
  client.middlewareStack.add(
    (next) => (call) => {
      if (HttpRequest.isInstance(call.request)) Object.assign(call.request.headers, headers);
      return next(call);
    },
    { step: "build" },
  );
  return client;
}

async function newUser(
  cloud: TestCloud,
  statements: readonly object[],
  { account, name }: { readonly account: string; readonly name: string },
): Promise<S3Client> {
  const iam = cloud.client(IAMClient, cloud.rootOf(account));
  await iam.send(new CreateUserCommand({ UserName: name }));
  const PolicyDocument = policyOf(...statements);
  if (statements.length > 0) {
    await iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: "rights", PolicyDocument }));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
  const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
  return pathStyle(cloud, { accessKeyId, secretAccessKey });
}

export const policyOf = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

/** What a test says of a refusal. */
export interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  /** The error with all fields that came. */
  readonly error: object;
}

/** The refusal of a call that must not succeed. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    return { code: error.name, status: error.$metadata.httpStatusCode ?? 0, message: error.message, error };
  }
  throw new Error("the call succeeded");
}
