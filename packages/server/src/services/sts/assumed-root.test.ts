import { AssumeRootCommand, GetSessionTokenCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { testCloud, type TestCloud, type TestCredentials } from "../../../test/test-cloud.ts";

const task = "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy";

const assume = (cloud: TestCloud, caller: TestCredentials | undefined, TargetPrincipal: string) =>
  cloud.client(STSClient, caller).send(new AssumeRootCommand({ TargetPrincipal, TaskPolicyArn: { arn: task } }));

test("outside of an organization nobody is another account's root", async () => {
  const cloud = await testCloud();
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRoot"] });
  // Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html (management or delegated account; not by root)
  for (const [caller, arn] of [
    [ann, ann.arn],
    [undefined, "arn:aws:iam::000000000000:root"],
  ] as const) {
    await expect(assume(cloud, caller, "222222222222")).rejects.toMatchObject({
      name: "AccessDenied",
      message: `User: ${arn} is not authorized to perform: sts:AssumeRoot on resource: arn:aws:iam::222222222222:root`,
    });
  }
});

test("the call needs a permission, a member, and no user's session", async () => {
  const cloud = await testCloud();
  const ben = await makeUser(cloud, "ben");
  await expect(assume(cloud, ben, "222222222222")).rejects.toMatchObject({
    message: expect.stringMatching(/because no identity-based policy allows the sts:AssumeRoot action$/) as string,
  });
  await expect(assume(cloud, undefined, "arn:aws:iam::222222222222:user/x")).rejects.toMatchObject({
    name: "ValidationError",
  });
  const { Credentials } = await cloud.client(STSClient, ben).send(new GetSessionTokenCommand());
  const sts = cloud.client(STSClient, Credentials);
  const input = { TargetPrincipal: "222222222222", TaskPolicyArn: { arn: task } };
  await expect(sts.send(new AssumeRootCommand(input))).rejects.toMatchObject({
    name: "AccessDenied",
    message: "Cannot call AssumeRoot with session credentials",
  });
});
