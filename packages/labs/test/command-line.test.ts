import { expect, test } from "vitest";
import { commandLine, kebab } from "../src/command-line.ts";

// Source: the names of the AWS CLI's commands, https://docs.aws.amazon.com/cli/latest/reference/sts/
test.each([
  ["AssumeRole", "assume-role"],
  ["AssumeRoleWithSAML", "assume-role-with-saml"],
  ["ListObjectsV2", "list-objects-v2"],
  ["CreateVirtualMFADevice", "create-virtual-mfa-device"],
  ["MaxSessionDuration", "max-session-duration"],
])("%s is %s on the command line", (name, written) => {
  expect(kebab(name)).toBe(written);
});

test("what a shell would take apart is quoted", () => {
  const input = { UserName: "it's me", Tags: [{ Key: "a", Value: "b c" }] };
  expect(commandLine("iam", "CreateUser", input)).toBe(
    String.raw`aws iam create-user --user-name 'it'\''s me' --tags '[{"Key":"a","Value":"b c"}]'`,
  );
});

test("lists of words, numbers and what is left out are written as the AWS CLI takes them", () => {
  const input = { ActionNames: ["s3:GetObject", "s3:*"], MaxItems: 3, Marker: undefined };
  expect(commandLine("iam", "SimulateCustomPolicy", input)).toBe(
    "aws iam simulate-custom-policy --action-names s3:GetObject 's3:*' --max-items 3",
  );
});

// Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-types.html#parameter-type-boolean
test("truths are flags", () => {
  expect(commandLine("ram", "CreateResourceShare", { name: "n", allowExternalPrincipals: true })).toBe(
    "aws ram create-resource-share --name n --allow-external-principals",
  );
  expect(commandLine("ec2", "RunInstances", { EbsOptimized: false })).toBe("aws ec2 run-instances --no-ebs-optimized");
});

// Source: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-types.html#parameter-type-blob
test("bytes are written in base64", () => {
  expect(commandLine("kms", "Decrypt", { CiphertextBlob: Buffer.from("sealed") })).toBe(
    "aws kms decrypt --ciphertext-blob c2VhbGVk",
  );
});

test("S3's operations are those of s3api, and a body is written to the terminal", () => {
  expect(commandLine("s3", "GetObject", { Bucket: "b", Key: "k" })).toBe(
    "aws s3api get-object --bucket b --key k /dev/stdout",
  );
});
