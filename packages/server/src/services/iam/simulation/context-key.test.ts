import {
  CreateUserCommand,
  GetContextKeysForCustomPolicyCommand,
  GetContextKeysForPrincipalPolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const asking = (resource: string, key: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:*", Resource: resource, Condition: { StringEquals: { [key]: "x" } } }],
  });

test("the keys of conditions and of variables are told, each once", async () => {
  const iam = (await testCloud()).client(IAMClient);
  const { ContextKeyNames } = await iam.send(
    new GetContextKeysForCustomPolicyCommand({
      // oxlint-disable-next-line no-template-curly-in-string -- a policy variable
      PolicyInputList: [asking("arn:aws:s3:::b/${aws:username}", "aws:SourceIp"), asking("*", "AWS:sourceip")],
    }),
  );
  expect(ContextKeyNames).toEqual(["aws:username", "aws:SourceIp"]);
});

test("a user's own policies are asked besides those handed in", async () => {
  const iam = (await testCloud()).client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: "ann" }));
  const PolicyDocument = asking("*", "aws:PrincipalTag/team");
  await iam.send(new PutUserPolicyCommand({ UserName: "ann", PolicyName: "p", PolicyDocument }));
  const { ContextKeyNames } = await iam.send(
    new GetContextKeysForPrincipalPolicyCommand({
      PolicySourceArn: "arn:aws:iam::000000000000:user/ann",
      PolicyInputList: [asking("*", "s3:prefix")],
    }),
  );
  expect(ContextKeyNames).toEqual(["aws:PrincipalTag/team", "s3:prefix"]);
});

test("a text that is no policy is refused", async () => {
  const iam = (await testCloud()).client(IAMClient);
  await expect(iam.send(new GetContextKeysForCustomPolicyCommand({ PolicyInputList: ["{"] }))).rejects.toMatchObject({
    name: "InvalidInputException",
  });
});
