import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rootShell } from "./clients/aws-cli.ts";
import { whereInstalled } from "./clients/external-program.ts";
import { startServer } from "./clients/running-server.ts";

const ACCOUNT = "111111111111";
const ARN = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/audit`;

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html */
const POLICY = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:GetBucketAcl",
      Resource: "arn:aws:s3:::audit-logs",
      Condition: { StringEquals: { "aws:SourceArn": ARN } },
    },
    {
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `arn:aws:s3:::audit-logs/AWSLogs/${ACCOUNT}/*`,
      Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": ARN } },
    },
  ],
};

whereInstalled("aws", ["--version"], () => {
  test(
    "the CLI's validation of log files holds for what was delivered, and finds what was changed or deleted",
    { timeout: 90_000 },
    async () => {
      await using server = await startServer({ args: ["--memory", "--account", ACCOUNT] });
      const shell = rootShell(server);
      const since = new Date(Date.now() - 3_600_000).toISOString();
      writeFileSync(join(shell.home, "policy.json"), JSON.stringify(POLICY));
      await shell.aws`s3 mb s3://audit-logs`;
      await shell.aws`s3api put-bucket-policy --bucket audit-logs --policy file://policy.json`;
      await shell.aws`cloudtrail create-trail --name audit --s3-bucket-name audit-logs --enable-log-file-validation`;
      await shell.aws`cloudtrail start-logging --name audit`;
      await shell.aws`iam create-user --user-name ann`;
      await server.answer("clock", "advance", "90m");
      await shell.aws`iam create-user --user-name bob`;
      await server.answer("clock", "advance", "90m");
      const until = new Date(Date.now() + 4 * 3_600_000).toISOString();
      const validate = () =>
        shell.tried`cloudtrail validate-logs --trail-arn ${ARN} --start-time ${since} --end-time ${until} --verbose`;

      const whole = await validate();
      expect(whole.err).toBe("");
      expect(whole.out).toMatch(/\n3\/3 digest files valid\n2\/2 log files valid/);

      const { Contents } = await shell.json<{ Contents: { Key: string }[] }>`s3api list-objects-v2 --bucket audit-logs`;
      const keys = Contents.map(({ Key }) => Key).filter((key) => key.endsWith(".gz"));
      const [first = "", second = ""] = keys.filter((key) => key.includes("/CloudTrail/"));
      writeFileSync(join(shell.home, "forged"), "nothing happened");
      await shell.aws`s3api put-object --bucket audit-logs --key ${first} --body forged`;
      await shell.aws`s3api delete-object --bucket audit-logs --key ${second}`;
      const forged = await validate();
      expect(forged.out).toMatch(/0\/2 log files valid, 2\/2 log files INVALID/);
      expect(forged.err).toContain(`Log file\ts3://audit-logs/${first}\tINVALID: invalid format`);
      expect(forged.err).toContain(`Log file\ts3://audit-logs/${second}\tINVALID: not found`);

      const [digest = ""] = keys.filter((key) => key.includes("/CloudTrail-Digest/"));
      await shell.aws`s3api delete-object --bucket audit-logs --key ${digest}`;
      expect((await validate()).err).toContain(`Digest file\ts3://audit-logs/${digest}\tINVALID: not found`);
    },
  );
});
