import { CloudWatchLogsClient, GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  AddCustomAttributesCommand,
  AdminGetUserCommand,
  ConfirmForgotPasswordCommand,
  CreateUserImportJobCommand,
  DeleteUserPoolCommand,
  DescribeUserImportJobCommand,
  DescribeUserPoolCommand,
  ForgotPasswordCommand,
  GetCSVHeaderCommand,
  InitiateAuthCommand,
  ListUserImportJobsCommand,
  StartUserImportJobCommand,
  StopUserImportJobCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { DeleteRoleCommand, DeleteRolePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { JOHN, ROLE, withImport } from "../../../../test/user-imports.ts";
import { newestCode } from "../../../../test/user-pools.ts";
import { siteOf } from "../../../sites.ts";

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-creating-import-job.html
test("a file of users that was uploaded to a job's URL is imported", async () => {
  const { idp, cloud, UserPoolId, csv, create, upload, describe } = await withImport();
  const job = await create();
  const { JobId, url } = job;
  expect(JobId).toMatch(/^import-[0-9a-zA-Z]{10}$/);
  expect(job).toMatchObject({ Status: "Created", ImportedUsers: 0, SkippedUsers: 0, FailedUsers: 0, JobName: "move" });
  expect(await upload(url, csv([{ ...JOHN, address: "1 Main Street\\, York" }]))).toBe(200);
  const { UserImportJob: started } = await idp.send(new StartUserImportJobCommand({ UserPoolId, JobId }));
  expect(started).toMatchObject({ Status: "Pending", StartDate: expect.any(Date) });
  await cloud.clock.advance(2);
  const done = await describe(JobId);
  expect(done).toMatchObject({
    Status: "Succeeded",
    ImportedUsers: 1,
    FailedUsers: 0,
    CompletionDate: expect.any(Date),
  });
  const user = await idp.send(new AdminGetUserCommand({ UserPoolId, Username: "john" }));
  expect(user).toMatchObject({ UserStatus: "RESET_REQUIRED", Enabled: true });
  const attributes = Object.fromEntries((user.UserAttributes ?? []).map(({ Name = "", Value }) => [Name, Value]));
  expect(attributes).toMatchObject({ email_verified: "true", address: "1 Main Street, York" });
  const { UserPool } = await idp.send(new DescribeUserPoolCommand({ UserPoolId }));
  expect(UserPool?.EstimatedNumberOfUsers).toBe(1);
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-password-reset.html
test("an imported user chooses a password with a code, and signs in", async () => {
  const pool = await withImport();
  const { idp, clientId: ClientId, run, csv } = pool;
  await run(csv([JOHN]));
  const Password = "Correct-Horse-7";
  const AuthParameters = { USERNAME: "john", PASSWORD: Password };
  const signIn = () => idp.send(new InitiateAuthCommand({ ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters }));
  await expect(signIn()).rejects.toMatchObject({ name: "PasswordResetRequiredException" });
  await idp.send(new ForgotPasswordCommand({ ClientId, Username: "john" }));
  const ConfirmationCode = await newestCode(pool, "john@example.com");
  await idp.send(new ConfirmForgotPasswordCommand({ ClientId, Username: "john", ConfirmationCode, Password }));
  expect((await signIn()).AuthenticationResult?.AccessToken).toBeDefined();
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-csv-header.html
test("columns may come in any order, lines may end as they do on Windows, and a line that is wrong stops no other", async () => {
  const { idp, UserPoolId, csv, run } = await withImport();
  const header = csv([]).trim().split(",").toReversed();
  const jane = { ...JOHN, "cognito:username": "jane", email: "jane@example.com" };
  const users = [
    JOHN,
    { ...jane, birthdate: "02/01/1985", email_verified: " true " },
    JOHN,
    { ...jane, "cognito:username": "unverified", email_verified: "FALSE" },
    { ...jane, "cognito:username": "undecided", "cognito:mfa_enabled": "" },
    { ...jane, "cognito:username": "factored", "cognito:mfa_enabled": "TRUE" },
    { ...jane, "cognito:username": "born", birthdate: "1985-02-01" },
    { ...jane, "cognito:username": "two words" },
    { ...jane, "cognito:username": "addressless", email: "" },
    { ...jane, "cognito:username": "misspelt", email: "not an address" },
    ...Array.from({ length: 10 }, (_, at) => ({ ...jane, "cognito:username": `more-${at}` })),
  ];
  const text = `${csv(users, header).replaceAll("\n", "\r\n")}a,b\r\n\r\n`;
  expect(await run(text)).toMatchObject({ Status: "Succeeded", ImportedUsers: 13, SkippedUsers: 1, FailedUsers: 7 });
  const { UserAttributes } = await idp.send(new AdminGetUserCommand({ UserPoolId, Username: "jane" }));
  expect(UserAttributes).toContainEqual({ Name: "birthdate", Value: "02/01/1985" });
  await expect(idp.send(new AdminGetUserCommand({ UserPoolId, Username: "misspelt" }))).rejects.toMatchObject({
    name: "UserNotFoundException",
  });
});

const named = (name: string) => ({ ...JOHN, "cognito:username": name, email: name });

test("an address that another user signs in with is no new user, and leaves nothing behind", async () => {
  const pool = await withImport({ UsernameAttributes: ["email"] });
  const { idp, UserPoolId, csv, run } = pool;
  await pool.makeUser("john@example.com", "Correct-Horse-7");
  const users = ["john@example.com", "jane@example.com", "eve@example.com", "john"].map(named);
  expect(await run(csv(users))).toMatchObject({ ImportedUsers: 2, SkippedUsers: 1, FailedUsers: 1 });
  const jane = await idp.send(new AdminGetUserCommand({ UserPoolId, Username: "jane@example.com" }));
  expect(jane.Username).toMatch(/^[0-9a-f-]{36}$/);
});

test("more users than one transaction takes are imported, until somebody stops that", async () => {
  const { idp, cloud, UserPoolId, csv, create, upload, start, describe } = await withImport();
  const users = Array.from({ length: 600 }, (_, at) => ({ ...JOHN, "cognito:username": `user-${at}` }));
  const { JobId, url } = await create();
  await upload(url, csv(users));
  await start(JobId);
  const inProgress = { name: "UserImportInProgressException" };
  await expect(idp.send(new DeleteUserPoolCommand({ UserPoolId }))).rejects.toMatchObject(inProgress);
  const CustomAttributes = [{ Name: "team", AttributeDataType: "String" as const }];
  const add = () => idp.send(new AddCustomAttributesCommand({ UserPoolId, CustomAttributes }));
  await expect(add()).rejects.toMatchObject(inProgress);
  await cloud.clock.advance(2);
  expect(await describe(JobId)).toMatchObject({ Status: "Succeeded", ImportedUsers: 600 });
  await add();
  const other = await create();
  const { CSVHeader = [] } = await idp.send(new GetCSVHeaderCommand({ UserPoolId }));
  await upload(other.url, csv([{ ...JOHN, "cognito:username": "late" }], CSVHeader));
  await start(other.JobId);
  const stop = () => idp.send(new StopUserImportJobCommand({ UserPoolId, JobId: other.JobId }));
  // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-creating-import-job.html
  expect((await stop()).UserImportJob).toMatchObject({
    Status: "Stopped",
    CompletionMessage: "The Import Job was stopped by the developer.",
  });
  await cloud.clock.advance(2);
  expect(await describe(other.JobId)).toMatchObject({ Status: "Stopped", ImportedUsers: 0 });
  await expect(stop()).rejects.toMatchObject({ name: "PreconditionNotMetException" });
  await expect(start(other.JobId)).rejects.toMatchObject({ name: "PreconditionNotMetException" });
  await idp.send(new DeleteUserPoolCommand({ UserPoolId }));
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-cloudwatch.html
test("a job fails where its role does not trust user pools, its file has other columns, or hardly anybody is imported", async () => {
  const untrusting = await withImport({}, "lambda.amazonaws.com");
  expect(await untrusting.run(untrusting.csv([JOHN]))).toMatchObject({ Status: "Failed", ImportedUsers: 0 });
  const { csv, run, cloud } = await withImport();
  for (const text of ["", "cognito:username,email\njohn,john@example.com\n", `\uFEFF${csv([JOHN])}`, "\n\n"]) {
    expect(await run(text), text.slice(0, 30)).toMatchObject({ Status: "Failed", ImportedUsers: 0 });
  }
  // Source: https://github.com/aws-solutions/cognito-user-profiles-export-reference-architecture/issues/9
  expect(await run(csv([{ ...JOHN, email_verified: "false" }]))).toMatchObject({
    Status: "Failed",
    FailedUsers: 1,
    CompletionMessage: "Too many users have failed or been skipped during the import.",
  });
  const iam = cloud.client(IAMClient);
  await iam.send(new DeleteRolePolicyCommand({ RoleName: "import-log", PolicyName: "log" }));
  expect(await run(csv([JOHN]))).toMatchObject({ Status: "Failed", ImportedUsers: 0 });
  await iam.send(new DeleteRoleCommand({ RoleName: "import-log" }));
  expect(await run(csv([JOHN]))).toMatchObject({ Status: "Failed" });
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-cloudwatch.html
test("what became of each line is in the job's log, without a word of the users", async () => {
  const { cloud, UserPoolId, csv, run } = await withImport({ PoolName: "payroll, 2nd" });
  const unverified = { ...JOHN, "cognito:username": "jane", email_verified: "FALSE" };
  const more = ["ann", "bob"].map((name) => ({ ...JOHN, "cognito:username": name }));
  const job = await run(csv([JOHN, JOHN, ...more, unverified]));
  const asked = {
    logGroupName: `/aws/cognito/userpools/${UserPoolId}/payroll2nd`,
    logStreamName: `${job?.JobId}/move`,
    startFromHead: true,
  };
  const { events = [] } = await cloud.client(CloudWatchLogsClient).send(new GetLogEventsCommand(asked));
  expect(events.map(({ message }) => message)).toEqual([
    "[SUCCEEDED] Line Number 2 - The import succeeded.",
    "[SKIPPED] Line Number 3 - The user already exists.",
    "[SUCCEEDED] Line Number 4 - The import succeeded.",
    "[SUCCEEDED] Line Number 5 - The import succeeded.",
    "[FAILED] Line Number 6 - The User Record does not set any of the auto verified attributes to true. (Example: email_verified to true).",
  ]);
});

test("a job starts once, with a file, in a pool that verifies addresses, while no other one runs", async () => {
  const { create, upload, start, csv, cloud } = await withImport();
  const [first, second] = [await create(), await create()];
  const notMet = { name: "PreconditionNotMetException", $metadata: { httpStatusCode: 400 } };
  // Source: https://github.com/aws-amplify/amplify-js/issues/6416
  const missing = { ...notMet, message: `No csv file was uploaded for ${first.JobId}` };
  await expect(start(first.JobId)).rejects.toMatchObject(missing);
  for (const { url } of [first, second]) await upload(url, csv([JOHN]));
  await start(first.JobId);
  await expect(start(first.JobId)).rejects.toMatchObject(notMet);
  await expect(start(second.JobId)).rejects.toMatchObject(notMet);
  await cloud.clock.advance(2);
  await start(second.JobId);
  const unverifying = await withImport({ AutoVerifiedAttributes: [] });
  const job = await unverifying.create();
  await unverifying.upload(job.url, csv([JOHN]));
  await expect(unverifying.start(job.JobId)).rejects.toMatchObject(notMet);
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-creating-import-job.html
test("a URL is good for its job alone, for fifteen minutes, and a job that nobody starts expires", async () => {
  const { create, upload, start, csv, cloud, describe } = await withImport();
  const [job, other] = [await create(), await create()];
  const proof = new URL(job.url).search;
  for (const url of [
    `http://localhost:4566/${other.UserPoolId}/${other.JobId}${proof}`,
    `${job.url.slice(0, -4)}AAAA`,
    `http://localhost:4566/us-east-1_abcdefghi/${job.JobId}${proof}`,
  ]) {
    expect(await upload(url, csv([JOHN])), url).toBe(403);
  }
  expect(await upload(job.url, "wrong")).toBe(200);
  expect(await upload(job.url, csv([JOHN]))).toBe(200);
  await cloud.clock.advance(15 * 60);
  expect(await upload(job.url, csv([JOHN]))).toBe(403);
  await cloud.clock.advance(24 * 3600);
  expect(await describe(job.JobId)).toMatchObject({ Status: "Expired" });
  await expect(start(job.JobId)).rejects.toMatchObject({ name: "PreconditionNotMetException" });
});

test("a file that is not proven to be for a job is not even read", async () => {
  const { cloud, create } = await withImport();
  const { url } = await create();
  const { pathname: path, search } = new URL(url);
  const answerTo = async (query: string) => {
    let reads = 0;
    const body = async function* () {
      reads += 1;
      yield Buffer.from("a,b\n");
    };
    const headers = { host: "localhost:4566" };
    const asked = { method: "PUT", path, query, headers, remoteAddress: "127.0.0.1", secure: false };
    const { status } = await cloud.cloud.answer({ ...asked, body: body() });
    return [status, reads];
  };
  expect(await answerTo(`${search.slice(1, -4)}AAAA`)).toEqual([403, 0]);
  expect(await answerTo(search.slice(1))).toEqual([200, 1]);
});

test("an object of the same name is S3's", () => {
  const path = "/us-east-1_abcdefghi/import-abcdefghij";
  const head = { method: "PUT", path, query: "upload=x", headers: { host: "localhost:4566" } };
  expect(siteOf(head)).toMatchObject({ service: "cognito-identity-provider" });
  expect(siteOf({ ...head, query: "" })).toBeUndefined();
  expect(siteOf({ ...head, query: "X-Amz-Signature=x" })).toBeUndefined();
  expect(siteOf({ ...head, method: "GET" })).toBeUndefined();
  expect(siteOf({ ...head, headers: { ...head.headers, authorization: "AWS4-HMAC-SHA256 x" } })).toBeUndefined();
});

test("jobs are listed from the newest to the oldest, page by page, and pools of others are not there", async () => {
  const { idp, cloud, UserPoolId, create } = await withImport();
  const made: string[] = [];
  for (const name of ["a", "b", "c"]) {
    made.unshift((await create({ JobName: name })).JobId);
    await cloud.clock.advance(1);
  }
  const list = (PaginationToken?: string) =>
    idp.send(new ListUserImportJobsCommand({ UserPoolId, MaxResults: 2, PaginationToken }));
  const first = await list();
  const second = await list(first.PaginationToken);
  const ids = [first, second].flatMap(({ UserImportJobs = [] }) => UserImportJobs.map(({ JobId }) => JobId));
  expect(ids).toEqual(made);
  expect(second.PaginationToken).toBeUndefined();
  const stranger = cloud.client(CognitoIdentityProviderClient, cloud.rootOf("111111111111"));
  await expect(stranger.send(new DescribeUserImportJobCommand({ UserPoolId, JobId: made[0] }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("whoever makes a job has to be allowed to pass its role", async () => {
  const { cloud, UserPoolId } = await withImport();
  const command = new CreateUserImportJobCommand({ UserPoolId, JobName: "move", CloudWatchLogsRoleArn: ROLE });
  const by = async (name: string, allow: string[]) =>
    cloud.client(CognitoIdentityProviderClient, await makeUser(cloud, name, { allow })).send(command);
  await expect(by("ann", ["cognito-idp:*"])).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining("iam:PassRole"),
  });
  await by("bob", ["cognito-idp:*", "iam:PassRole"]);
});
