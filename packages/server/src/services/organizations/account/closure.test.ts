import { CloseAccountCommand } from "@aws-sdk/client-organizations";
import {
  CreateBucketCommand,
  DeletePublicAccessBlockCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { makeOrganization } from "../../../../test/organizations.ts";

const DAY = 24 * 60 * 60;

test("nobody gets into a closed account, nor to what it owns", async () => {
  const { cloud, client, makeAccount } = await makeOrganization();
  const AccountId = await makeAccount("dev");
  const roleArn = `arn:aws:iam::${AccountId}:role/OrganizationAccountAccessRole`;
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole", "s3:ListBucket"] });
  const assume = () =>
    cloud.client(STSClient, ann).send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "ann" }));
  const { Credentials } = await assume();
  const root = cloud.rootOf(AccountId);
  const s3 = cloud.client(S3Client, root);
  await s3.send(new CreateBucketCommand({ Bucket: "kept" }));
  const Statement = { Effect: "Allow", Principal: "*", Action: "s3:ListBucket", Resource: "arn:aws:s3:::kept" };
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket: "kept" }));
  await s3.send(
    new PutBucketPolicyCommand({ Bucket: "kept", Policy: JSON.stringify({ Version: "2012-10-17", Statement }) }),
  );
  const list = () => cloud.client(S3Client, ann).send(new ListObjectsV2Command({ Bucket: "kept" }));
  await list();
  await client.send(new CloseAccountCommand({ AccountId }));
  await cloud.clock.advance(60);
  const words = "The security token included in the request is invalid";
  for (const credentials of [Credentials, root]) {
    const caller = cloud.client(STSClient, credentials).send(new GetCallerIdentityCommand({}));
    // Source: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html (what is not in AWS's records)
    await expect(caller).rejects.toMatchObject({
      name: "InvalidClientTokenId",
      message: expect.stringContaining(words),
    });
  }
  await expect(list()).rejects.toMatchObject({ name: "AccessDenied" });
  // Source: https://github.com/aws-samples/aws-security-reference-architecture-examples/issues/218
  await expect(assume()).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringMatching(`is not authorized to perform: sts:AssumeRole on resource: ${roleArn}$`),
  });
  await cloud.clock.advance(90 * DAY);
  await expect(list()).rejects.toMatchObject({ name: "AccessDenied" });
});
