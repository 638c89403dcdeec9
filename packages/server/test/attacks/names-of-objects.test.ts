/** Names that every object of JavaScript has are names like any other: what there is not is not there. */
import { AccessAnalyzerClient, ValidatePolicyCommand } from "@aws-sdk/client-accessanalyzer";
import { CloudWatchLogsClient, PutDeliverySourceCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateServiceSpecificCredentialCommand, CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetUserIdCommand } from "@aws-sdk/client-identitystore";
import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { describe, expect, test } from "vitest";
import { uploads } from "../browser-forms.ts";
import { policyText } from "../identities.ts";
import { withIdentityCenter } from "../identity-center.ts";
import { testCloud } from "../test-cloud.ts";
import { refused } from "./refused.ts";
import { photos, send } from "./wire.ts";

describe.each(["constructor", "toString", "valueOf", "__proto__"])("%s", (name) => {
  test("is no service that has credentials of its own", async () => {
    const iam = (await testCloud()).client(IAMClient);
    await iam.send(new CreateUserCommand({ UserName: "ann" }));
    const create = new CreateServiceSpecificCredentialCommand({ UserName: "ann", ServiceName: name });
    expect(await refused(iam.send(create))).toMatchObject({ name: "NoSuchEntityException" });
  });

  test("is no label of a parameter", async () => {
    const ssm = (await testCloud()).client(SSMClient);
    await ssm.send(new PutParameterCommand({ Name: "limit", Value: "1", Type: "String" }));
    const get = new GetParameterCommand({ Name: `limit:${name}` });
    expect(await refused(ssm.send(get))).toMatchObject({ name: "ParameterVersionNotFound" });
  });

  test("is no service that vends logs", async () => {
    const logs = (await testCloud()).client(CloudWatchLogsClient);
    const put = new PutDeliverySourceCommand({
      name: "source",
      resourceArn: `arn:aws:${name}:us-east-1:000000000000:thing/1`,
      logType: "ACCESS_LOGS",
    });
    expect(await refused(logs.send(put))).toMatchObject({ status: 400 });
  });

  test("is no attribute by which users are found", async () => {
    const { store, IdentityStoreId } = await withIdentityCenter();
    const UniqueAttribute = { AttributePath: name, AttributeValue: "ann" };
    const find = new GetUserIdCommand({ IdentityStoreId, AlternateIdentifier: { UniqueAttribute } });
    expect(await refused(store.send(find))).toMatchObject({ status: 400 });
  });

  test("is no condition key", async () => {
    const client = (await testCloud()).client(AccessAnalyzerClient);
    const Condition = { StringEquals: { [name]: "x", [`${name}/y`]: "x" } };
    const policyDocument = policyText({
      Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition }],
    });
    const validate = new ValidatePolicyCommand({ policyType: "IDENTITY_POLICY", policyDocument });
    const { findings = [] } = await client.send(validate);
    expect(findings.map(({ issueCode }) => issueCode)).toEqual([
      "INVALID_CONDITION_KEY_FORMAT",
      "INVALID_CONDITION_KEY_FORMAT",
    ]);
  });

  test("is no field of a form that a policy could leave out", async () => {
    const { post } = await uploads();
    const answer = await post({}, (fields) => ({ ...fields, [name]: "x" }));
    expect(answer).toMatchObject({ statusCode: 403, text: expect.stringContaining("AccessDenied") });
  });

  test("is no list of rights, and no entity of XML", async () => {
    const { cloud, put } = await photos();
    const request = await put({ Key: "cat" });
    const acl = { ...request.headers, "x-amz-acl": name };
    expect(await send(cloud, { ...request, headers: acl })).toMatch(/^4\d\d /);
    const body = `<Tagging><TagSet><Tag><Key>k</Key><Value>&${name};</Value></Tag></TagSet></Tagging>`;
    const tagged = { ...(await put({ Key: "cat" })), query: "tagging", body };
    expect(await send(cloud, tagged)).toMatch(/^4\d\d /);
  });
});
