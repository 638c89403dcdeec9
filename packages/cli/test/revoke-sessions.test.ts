import { AttachRolePolicyCommand, CreateRoleCommand, GetRolePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { startCloud } from "@kumobako/server/testing";
import { expect, test } from "vitest";
import { run } from "../src/main.ts";
import { RecordingTerminal } from "./recording-terminal.ts";

async function withRole(account: string) {
  const cloud = await startCloud();
  const config = { region: "us-east-1", endpoint: cloud.endpoint, maxAttempts: 1 };
  const iam = new IAMClient({ ...config, credentials: { accessKeyId: account, secretAccessKey: "test" } });
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  const Statement = [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam.send(new CreateRoleCommand({ RoleName: "support", Path: "/team/", AssumeRolePolicyDocument }));
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  await iam.send(new AttachRolePolicyCommand({ RoleName: "support", PolicyArn }));
  const kumobako = async (...args: readonly string[]) => {
    const terminal = new RecordingTerminal({ directory: "/nowhere" });
    const code = await run([...args, "--endpoint", cloud.endpoint], terminal);
    return { code, out: terminal.out, err: terminal.err };
  };
  const revocation = async (): Promise<unknown> => {
    const input = { RoleName: "support", PolicyName: "AWSRevokeOlderSessions" };
    const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(input));
    return JSON.parse(decodeURIComponent(PolicyDocument));
  };
  return { cloud, kumobako, revocation };
}

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
test.each([
  ["000000000000", ["support"]],
  ["111111111111", ["support", "--account", "111111111111"]],
  ["111111111111", ["arn:aws:iam::111111111111:role/team/support"]],
])("the role of account %s that %j names gets the policy that the console writes", async (account, args) => {
  const { cloud, kumobako, revocation } = await withRole(account);
  await using _ = cloud;
  const { code, out } = await kumobako("revoke-sessions", ...args);
  expect(code).toBe(0);
  const [, before] = /^sessions of support issued before (\S+) are revoked\n$/.exec(out) ?? [];
  expect(await revocation()).toEqual({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Deny", Action: ["*"], Resource: ["*"], Condition: { DateLessThan: { "aws:TokenIssueTime": before } } },
    ],
  });
});

test("a role that there is not is a failure, in IAM's words", async () => {
  const { cloud, kumobako } = await withRole("000000000000");
  await using _ = cloud;
  const { code, err } = await kumobako("revoke-sessions", "nobody");
  expect(code).toBe(1);
  expect(err).toContain("The role with name nobody cannot be found.");
});
