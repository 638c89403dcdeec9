import {
  GenerateFindingRecommendationCommand,
  GetFindingRecommendationCommand,
  GetFindingV2Command,
  ListFindingsV2Command,
} from "@aws-sdk/client-accessanalyzer";
import { AttachRolePolicyCommand, CreatePolicyCommand, GetUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { analyzerCloud } from "../../../../test/analyzers.ts";
import { makeRole, makeUser, policyText } from "../../../../test/identities.ts";

// Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_GetFindingRecommendation.html
test("unused permissions are to be replaced by narrower policies, or taken away", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud("ACCOUNT_UNUSED_ACCESS", {
    configuration: { unusedAccess: { unusedAccessAge: 30 } },
  });
  const RoleArn = await makeRole(cloud, "busy", { trusts: "000000000000", allow: ["s3:*", "sqs:*"] });
  const iam = cloud.client(IAMClient);
  const PolicyDocument = policyText(["sns:Publish"]);
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: "sns", PolicyDocument }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: "busy", PolicyArn: Policy?.Arn }));
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  await cloud.clock.advance(40 * 86_400);
  const taken = await cloud.client(STSClient, ann).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "work" }));
  await cloud.client(S3Client, taken.Credentials).send(new ListBucketsCommand({}));

  const { findings = [] } = await client.send(new ListFindingsV2Command({ analyzerArn }));
  const id = findings.find(
    ({ findingType, resource }) => findingType === "UnusedPermission" && resource === RoleArn,
  )?.id;
  const get = () => client.send(new GetFindingRecommendationCommand({ analyzerArn, id }));
  await expect(get()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await client.send(new GenerateFindingRecommendationCommand({ analyzerArn, id }));
  const { recommendedSteps = [], ...rest } = await get();
  expect(rest).toMatchObject({
    status: "SUCCEEDED",
    resourceArn: RoleArn,
    recommendationType: "UnusedPermissionRecommendation",
  });
  const steps = recommendedSteps.map(({ unusedPermissionsRecommendedStep: step }) => step);
  expect(steps.map((step) => [step?.recommendedAction, step?.existingPolicyId])).toEqual([
    ["CREATE_POLICY", "rights"],
    ["DETACH_POLICY", "rights"],
    ["DETACH_POLICY", Policy?.Arn],
  ]);
  expect(steps[0]?.recommendedPolicy).not.toContain("sqs:");
  expect(steps[0]?.recommendedPolicy).toContain("s3:");
  const key = findings.find(({ findingType }) => findingType === "UnusedIAMUserAccessKey");
  await expect(
    client.send(new GenerateFindingRecommendationCommand({ analyzerArn, id: key?.id ?? "none" })),
  ).rejects.toMatchObject({ name: "ResourceNotFoundException", resourceType: "Finding" });
});

test("single actions that nobody used are told and left out of the policy that is proposed", async () => {
  const { cloud, client, analyzerArn } = await analyzerCloud("ACCOUNT_UNUSED_ACCESS", {
    configuration: { unusedAccess: { unusedAccessAge: 30 } },
  });
  const RoleArn = await makeRole(cloud, "reader", {
    trusts: "000000000000",
    allow: ["iam:GetUser", "iam:GetRole", "iam:GetGroup"],
  });
  const ann = await makeUser(cloud, "ann", { allow: ["sts:AssumeRole"] });
  await cloud.clock.advance(40 * 86_400);
  const taken = await cloud.client(STSClient, ann).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "work" }));
  await cloud.client(IAMClient, taken.Credentials).send(new GetUserCommand({ UserName: "ann" }));
  const { findings = [] } = await client.send(new ListFindingsV2Command({ analyzerArn }));
  const id = findings.find(({ resource }) => resource === RoleArn)?.id;
  const { findingDetails } = await client.send(new GetFindingV2Command({ analyzerArn, id }));
  expect(findingDetails).toEqual([
    {
      unusedPermissionDetails: {
        serviceNamespace: "iam",
        lastAccessed: expect.any(Date),
        actions: [{ action: "GetGroup" }, { action: "GetRole" }],
      },
    },
  ]);
  await client.send(new GenerateFindingRecommendationCommand({ analyzerArn, id }));
  const { recommendedSteps = [] } = await client.send(new GetFindingRecommendationCommand({ analyzerArn, id }));
  const proposed = recommendedSteps[0]?.unusedPermissionsRecommendedStep?.recommendedPolicy;
  expect(JSON.parse(proposed ?? "{}")).toMatchObject({ Statement: [{ Action: ["iam:GetUser"], Resource: "*" }] });
});
