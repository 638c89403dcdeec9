import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { environmentOf, hasAwsCli, rootShell, Shell, type Issued } from "./clients/aws-cli.ts";
import { policy, trust } from "./clients/policy-text.ts";
import { startServer, type RunningServer } from "./clients/running-server.ts";

const LONG = { timeout: 180_000 };
const HOUR_MS = 3_600_000;

const nowOf = async (server: RunningServer): Promise<Date> => {
  const { now }: { now: string } = JSON.parse(await server.answer("clock", "--json"));
  return new Date(now);
};

/** Makes a user, and gives the key pair that it was issued. */
async function userWithKey({ aws, json }: Shell, name: string): Promise<Issued> {
  await aws`iam create-user --user-name ${name}`;
  const { AccessKey } = await json<{ AccessKey: Issued }>`iam create-access-key --user-name ${name}`;
  return AccessKey;
}

const read = ({ shell }: { readonly shell: Shell }) => shell.aws`s3api get-object --bucket payroll --key x -`;

/** Ages what the CLI keeps of its sessions, as hours that pass on the client's own clock do. */
function ageCachedSessions(home: string, byMs: number): void {
  const cache = join(home, ".aws", "cli", "cache");
  for (const name of readdirSync(cache)) {
    const kept: { Credentials: { Expiration: string } } = JSON.parse(readFileSync(join(cache, name), "utf8"));
    kept.Credentials.Expiration = new Date(Date.parse(kept.Credentials.Expiration) - byMs).toISOString();
    writeFileSync(join(cache, name), JSON.stringify(kept));
  }
}

const ASSUMING_PROFILE = `[profile s3_access]
region = ap-northeast-1
role_arn = arn:aws:iam::123456789012:role/s3-upload-role
source_profile = s3_access
`;

const credentialsFile = ({ AccessKeyId, SecretAccessKey }: Issued) =>
  `[s3_access]\naws_access_key_id = ${AccessKeyId}\naws_secret_access_key = ${SecretAccessKey}\n`;

describe.skipIf(!hasAwsCli)("scenarios with the AWS CLI (needs the AWS CLI)", () => {
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
  test.concurrent(
    "S01: a wrong permission was handed out via STS; its sessions are revoked, and nothing else is",
    LONG,
    async () => {
      await using server = await startServer({ args: ["--memory", "--account", "111111111111"] });
      const operator = rootShell(server);
      const { aws } = operator;
      const keys = await userWithKey(operator, "alice");
      const alice = operator.with(environmentOf(keys));
      writeFileSync(join(server.directory, "x"), "salaries");
      await aws`s3 mb s3://payroll`;
      await aws`s3 cp x s3://payroll/x`;

      // 1. the mistake: too wide
      for (const role of ["support", "other"]) {
        const trusted = trust("arn:aws:iam::111111111111:user/alice");
        await aws`iam create-role --role-name ${role} --max-session-duration 43200 --assume-role-policy-document ${trusted}`;
        await aws`iam attach-role-policy --role-name ${role} --policy-arn arn:aws:iam::aws:policy/AmazonS3FullAccess`;
      }
      const open = async (role: string, session: string) => {
        const { Credentials } = await alice.json<{ Credentials: Issued }>`sts assume-role --role-session-name ${session}
        --role-arn arn:aws:iam::111111111111:role/${role} --duration-seconds 43200`;
        return { credentials: Credentials, shell: operator.with(environmentOf(Credentials)) };
      };

      // 2. twelve hours
      const s1 = await open("support", "s1");
      expect(s1.credentials.AccessKeyId).toMatch(/^ASIA/);
      const lifeMs = Date.parse(s1.credentials.Expiration ?? "") - (await nowOf(server)).getTime();
      expect(lifeMs).toBeGreaterThan(12 * HOUR_MS - 60_000);
      expect(lifeMs).toBeLessThanOrEqual(12 * HOUR_MS);

      // 3. no early expiry
      expect(JSON.parse(await read(s1))).toMatchObject({ ContentLength: 8 });
      await server.answer("clock", "advance", "6h");
      expect(JSON.parse(await read(s1))).toMatchObject({ ContentLength: 8 });

      // 4. another session, another role
      const [s2, other] = await Promise.all([open("support", "s2"), open("other", "o1")]);
      await Promise.all([read(s2), read(other)]);

      // 5. what the console's button writes
      const now = (await nowOf(server)).toISOString();
      const revocation = policy({
        Effect: "Deny",
        Action: ["*"],
        Resource: ["*"],
        Condition: { DateLessThan: { "aws:TokenIssueTime": now } },
      });
      await aws`iam put-role-policy --role-name support --policy-name AWSRevokeOlderSessions
      --policy-document ${revocation}`;

      // 6. the very next calls
      for (const session of [s1, s2]) {
        const said = await session.shell.refused`s3api get-object --bucket payroll --key x -`;
        expect(said).toContain("An error occurred (AccessDenied) when calling the GetObject operation");
        expect(said).toContain("with an explicit deny in an identity-based policy");
      }
      const why = await server.answer("why");
      expect(why).toContain("AWSRevokeOlderSessions");
      expect(why).toContain("aws:TokenIssueTime");
      expect(why).toContain(now);

      // 7. who is not meant is not met
      await read(other);
      await alice.aws`sts get-caller-identity`;
      expect(await s1.shell.aws`sts get-caller-identity --query Arn --output text`).toBe(
        "arn:aws:sts::111111111111:assumed-role/support/s1\n",
      );

      // 8. a new session works, until the role is mended too
      await server.answer("clock", "advance", "1s");
      const s3 = await open("support", "s3");
      await read(s3);
      await aws`iam detach-role-policy --role-name support --policy-arn arn:aws:iam::aws:policy/AmazonS3FullAccess`;
      expect(await s3.shell.refused`s3api get-object --bucket payroll --key x -`).toContain(
        "because no identity-based policy allows the s3:GetObject action",
      );

      // 9. who revoked is on record (in the decision log: CloudTrail itself is not built yet)
      const calls = await server.calls();
      expect(calls.find(({ operation }) => operation === "PutRolePolicy")?.userIdentity).toMatchObject({
        type: "Root",
        arn: "arn:aws:iam::111111111111:root",
      });
      await server.answer("clock", "advance", "12h");
      expect(await s1.shell.refused`sts get-caller-identity`).toContain("(ExpiredToken)");
    },
  );

  // Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html
  test.concurrent("S24: a user of the CLI reads, and uploads by switching to a role", LONG, async () => {
    await using server = await startServer({ args: ["--memory", "--account", "123456789012"] });
    const operator = rootShell(server);
    const { aws } = operator;
    const person = new Shell(server, { AWS_ENDPOINT_URL: server.endpoint });
    writeFileSync(join(server.directory, "f"), "upload");
    await aws`s3api create-bucket --bucket uploads --region ap-northeast-1
      --create-bucket-configuration LocationConstraint=ap-northeast-1`;

    // 1. a user who reads, and may assume one role
    const keys = await userWithKey(operator, "s3-upload-user");
    const mayAssume = policy({
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Resource: "arn:aws:iam::123456789012:role/s3-upload-role",
    });
    await aws`iam create-policy --policy-name s3-upload-policy --policy-document ${mayAssume}`;
    for (const arn of [
      "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
      "arn:aws:iam::123456789012:policy/s3-upload-policy",
    ])
      await aws`iam attach-user-policy --user-name s3-upload-user --policy-arn ${arn}`;
    person.configure("credentials", credentialsFile(keys));

    // 2. the role trusts that one user
    const trusted = trust("arn:aws:iam::123456789012:user/s3-upload-user");
    await aws`iam create-role --role-name s3-upload-role --assume-role-policy-document ${trusted}`;
    await aws`iam attach-role-policy --role-name s3-upload-role --policy-arn arn:aws:iam::aws:policy/AmazonS3FullAccess`;

    // 3. the bare keys
    const bare = person.with({ AWS_DEFAULT_REGION: "ap-northeast-1" });
    expect(await bare.aws`s3 ls --profile s3_access`).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d uploads$/m);
    const refused = await bare.refused`s3 cp f s3://uploads/ --profile s3_access`;
    expect(refused).toContain("An error occurred (AccessDenied) when calling the PutObject operation");
    expect(await server.answer("why")).toContain("user/s3-upload-user");

    // 4. the role of the profile
    person.configure("config", ASSUMING_PROFILE);
    await person.aws`s3 cp f s3://uploads/ --profile s3_access`;
    const calls = (await server.calls()).slice(-2);
    expect(calls).toMatchObject([
      { operation: "AssumeRole", userIdentity: { type: "IAMUser", accessKeyId: keys.AccessKeyId } },
      { operation: "PutObject", userIdentity: { type: "AssumedRole", accessKeyId: expect.stringMatching(/^ASIA/) } },
    ]);
    expect(await person.aws`sts get-caller-identity --profile s3_access --query Arn --output text`).toMatch(
      /^arn:aws:sts::123456789012:assumed-role\/s3-upload-role\/botocore-session-\d+$/m,
    );

    // 5. an hour later the CLI assumes the role again, by itself
    await server.answer("clock", "advance", "3601s");
    expect(await person.refused`s3 cp f s3://uploads/ --profile s3_access`).toContain("ExpiredToken");
    ageCachedSessions(person.home, 3_601_000);
    await person.aws`s3 cp f s3://uploads/again --profile s3_access`;
    expect((await server.calls()).slice(-2).map(({ operation }) => operation)).toEqual(["AssumeRole", "PutObject"]);

    // nobody else may, and an inactive key is none
    const eve = operator.with(environmentOf(await userWithKey(operator, "eve")));
    const anyRole = policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
    await aws`iam put-user-policy --user-name eve --policy-name any --policy-document ${anyRole}`;
    expect(
      await eve.refused`sts assume-role --role-session-name eve
        --role-arn arn:aws:iam::123456789012:role/s3-upload-role`,
    ).toContain("An error occurred (AccessDenied) when calling the AssumeRole operation");
    await aws`iam update-access-key --user-name s3-upload-user --access-key-id ${keys.AccessKeyId} --status Inactive`;
    rmSync(join(person.home, ".aws", "cli"), { recursive: true });
    expect(await person.refused`s3 cp f s3://uploads/ --profile s3_access`).toContain(
      "An error occurred (InvalidClientTokenId) when calling the AssumeRole operation",
    );
  });
});
