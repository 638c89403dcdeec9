import {
  AccessAnalyzerClient,
  CreateAccessPreviewCommand,
  CreateAnalyzerCommand,
  ListAccessPreviewFindingsCommand,
  ListFindingsCommand,
  type KmsKeyConfiguration,
} from "@aws-sdk/client-accessanalyzer";
import {
  CreateGrantCommand,
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
  type CreateGrantCommandInput,
} from "@aws-sdk/client-kms";
import { DeleteRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { makeRole } from "../../../../test/identities.ts";
import { withKey } from "../../../../test/keys.ts";

const FRIEND = "111111111111";

/** A key, and what an analyzer of its account finds about keys. */
async function watched() {
  const world = await withKey();
  const { cloud, kms, KeyId } = world;
  const analyzer = cloud.client(AccessAnalyzerClient);
  const { arn: analyzerArn } = await analyzer.send(
    new CreateAnalyzerCommand({ analyzerName: "lookout", type: "ACCOUNT" }),
  );
  const found = async () => {
    const { findings = [] } = await analyzer.send(new ListFindingsCommand({ analyzerArn }));
    return findings.filter(({ resourceType, status }) => resourceType === "AWS::KMS::Key" && status === "ACTIVE");
  };
  const grant = (facts: Pick<CreateGrantCommandInput, "GranteePrincipal" | "Operations">) =>
    kms.send(new CreateGrantCommand({ KeyId, ...facts }));
  const allow = async (...more: readonly object[]) => {
    const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
    const { Statement }: { Statement: object[] } = JSON.parse(Policy);
    const text = JSON.stringify({ Version: "2012-10-17", Statement: [...Statement, ...more] });
    await kms.send(new PutKeyPolicyCommand({ KeyId, Policy: text }));
  };
  return { ...world, analyzer, analyzerArn, found, grant, allow };
}

const decrypting = (principal: string, more: object = {}) => ({
  Effect: "Allow",
  Principal: { AWS: principal },
  Action: "kms:Decrypt",
  Resource: "*",
  ...more,
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html
test("a key whose policy lets another account in is found by Access Analyzer; its own account is no finding", async () => {
  const { arn, found, allow } = await watched();
  expect(await found()).toEqual([]);
  await allow(decrypting(`arn:aws:iam::${FRIEND}:root`));
  expect(await found()).toMatchObject([
    { resource: arn, principal: { AWS: FRIEND }, action: ["kms:Decrypt"], isPublic: false, condition: {} },
  ]);
});

const from = (account: string) => ({ Condition: { StringEquals: { "kms:CallerAccount": account } } });

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html
test("kms:CallerAccount of the own account keeps others out, that of another account lets it in", async () => {
  const { found, allow } = await watched();
  await allow(decrypting("*", from("000000000000")));
  expect(await found()).toEqual([]);
  await allow(decrypting("*", from(FRIEND)));
  expect(await found()).toMatchObject([{ condition: { "kms:CallerAccount": FRIEND }, action: ["kms:Decrypt"] }]);
});

// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-resources.html
test("a grant to somebody outside is a finding until it is revoked; one within the account or to a service is none", async () => {
  const { cloud, kms, KeyId, arn, found, grant } = await watched();
  const own = await makeRole(cloud, "own", { trusts: "arn:aws:iam::000000000000:root" });
  await grant({ GranteePrincipal: own, Operations: ["Encrypt"] });
  await grant({ GranteePrincipal: "rds.amazonaws.com", Operations: ["Encrypt"] });
  const { GrantId } = await grant({
    GranteePrincipal: `arn:aws:iam::${FRIEND}:root`,
    Operations: ["Decrypt", "Encrypt"],
  });
  expect(await found()).toMatchObject([
    { resource: arn, principal: { AWS: FRIEND }, action: ["kms:Decrypt", "kms:Encrypt"] },
  ]);
  await kms.send(new RevokeGrantCommand({ KeyId, GrantId }));
  expect(await found()).toEqual([]);
});

test("a role of another account that has a grant is named while it exists", async () => {
  const { cloud, found, grant } = await watched();
  const theirs = await makeRole(cloud, "theirs", { account: FRIEND, trusts: `arn:aws:iam::${FRIEND}:root` });
  await grant({ GranteePrincipal: theirs, Operations: ["Decrypt"] });
  expect(await found()).toMatchObject([{ principal: { AWS: theirs } }]);
  await cloud.client(IAMClient, cloud.rootOf(FRIEND)).send(new DeleteRoleCommand({ RoleName: "theirs" }));
  expect(await found()).toEqual([]);
});

test("the keys that AWS manages in an account let nobody in from outside", async () => {
  const { kms, found } = await watched();
  await kms.send(new DescribeKeyCommand({ KeyId: "alias/aws/s3" }));
  expect(await found()).toEqual([]);
});

// Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_KmsKeyConfiguration.html
test("a preview of a key keeps the policy and the grants that there are, unless others are proposed", async () => {
  const { analyzer, analyzerArn, kms, KeyId, arn, grant } = await watched();
  await grant({ GranteePrincipal: `arn:aws:iam::${FRIEND}:root`, Operations: ["Decrypt"] });
  const { Policy = "" } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
  const previewed = async (kmsKey: KmsKeyConfiguration) => {
    const preview = new CreateAccessPreviewCommand({ analyzerArn, configurations: { [arn]: { kmsKey } } });
    const { id: accessPreviewId } = await analyzer.send(preview);
    const list = new ListAccessPreviewFindingsCommand({ analyzerArn, accessPreviewId });
    return (await analyzer.send(list)).findings?.map(({ principal, status }) => [principal?.["AWS"], status]);
  };
  expect(await previewed({})).toEqual([[FRIEND, "ACTIVE"]]);
  expect(await previewed({ keyPolicies: { default: Policy } })).toEqual([[FRIEND, "ACTIVE"]]);
  expect(await previewed({ grants: [] })).toEqual([[FRIEND, "RESOLVED"]]);
});

test("what the policy denies, a grant does not give", async () => {
  const { found, grant, allow } = await watched();
  await grant({ GranteePrincipal: `arn:aws:iam::${FRIEND}:root`, Operations: ["Decrypt", "Encrypt"] });
  await allow({ Effect: "Deny", Principal: "*", Action: "kms:Decrypt", Resource: "*" });
  expect(await found()).toMatchObject([{ principal: { AWS: FRIEND }, action: ["kms:Encrypt"] }]);
});
