/** A pool whose users are imported from files, as the jobs' owner does it. */
import {
  CreateUserImportJobCommand,
  DescribeUserImportJobCommand,
  GetCSVHeaderCommand,
  StartUserImportJobCommand,
  type CreateUserImportJobRequest,
  type CreateUserPoolRequest,
} from "@aws-sdk/client-cognito-identity-provider";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect } from "vitest";
import { policyText } from "./identities.ts";
import { makePool } from "./user-pools.ts";

export const ROLE = "arn:aws:iam::000000000000:role/import-log";

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-cli-cloudwatch-iam-role.html */
const LOGGING = {
  Effect: "Allow",
  Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
  Resource: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/cognito/*",
};

type Fields = Readonly<Record<string, string>>;

export const JOHN: Fields = {
  "cognito:username": "john",
  "cognito:mfa_enabled": "FALSE",
  email: "john@example.com",
  email_verified: "TRUE",
};

/** A pool, the role of its logs, and how to import users. */
export async function withImport(settings: Partial<CreateUserPoolRequest> = {}, service = "cognito-idp.amazonaws.com") {
  const pool = await makePool({ AutoVerifiedAttributes: ["email"], ...settings });
  const { cloud, idp, poolId: UserPoolId } = pool;
  const trust = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = policyText({ Statement: [trust] });
  const iam = cloud.client(IAMClient);
  const RoleName = "import-log";
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyName = "log";
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: policyText({ Statement: [LOGGING] }) }),
  );
  const { CSVHeader = [] } = await idp.send(new GetCSVHeaderCommand({ UserPoolId }));
  const csv = (users: readonly Fields[], header: readonly string[] = CSVHeader) =>
    [header, ...users.map((user) => header.map((name) => user[name] ?? ""))]
      .map((line) => `${line.join(",")}\n`)
      .join("");
  const create = async (more: Partial<CreateUserImportJobRequest> = {}) => {
    const asked = { UserPoolId, JobName: "move", CloudWatchLogsRoleArn: ROLE, ...more };
    const { UserImportJob = {} } = await idp.send(new CreateUserImportJobCommand(asked));
    return { ...UserImportJob, UserPoolId, JobId: UserImportJob.JobId ?? "", url: UserImportJob.PreSignedUrl ?? "" };
  };
  const upload = async (url: string, body: string) => {
    const { host, pathname: path, searchParams } = new URL(url);
    const query = Object.fromEntries(searchParams);
    const headers = { host, "x-amz-server-side-encryption": "aws:kms" };
    return (await cloud.send({ method: "PUT", path, query, headers, body })).statusCode;
  };
  const describe = async (JobId: string) =>
    (await idp.send(new DescribeUserImportJobCommand({ UserPoolId, JobId }))).UserImportJob;
  const start = (JobId: string) => idp.send(new StartUserImportJobCommand({ UserPoolId, JobId }));
  const run = async (body: string, more: Partial<CreateUserImportJobRequest> = {}) => {
    const { JobId, url } = await create(more);
    expect(await upload(url, body)).toBe(200);
    await start(JobId);
    await cloud.clock.advance(2);
    return describe(JobId);
  };
  return { ...pool, UserPoolId, csv, create, upload, describe, start, run };
}
