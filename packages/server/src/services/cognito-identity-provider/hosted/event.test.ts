import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { UpdateUserPoolDomainCommand } from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { CALLBACK, PASSWORD, withHostedPages } from "../../../../test/hosted-pages.ts";
import type { TestCloud } from "../../../../test/test-cloud.ts";

const ACCOUNT = "000000000000";
const HIDDEN = ["HIDDEN_DUE_TO_SECURITY_REASONS"];

/** What the pool's domain was asked for, the oldest first. */
async function visits(cloud: TestCloud) {
  await cloud.cloud.journal.flush();
  const LookupAttributes = [{ AttributeKey: "EventSource" as const, AttributeValue: "cognito-idp.amazonaws.com" }];
  const { Events = [] } = await cloud.client(CloudTrailClient).send(new LookupEventsCommand({ LookupAttributes }));
  return Events.map(({ CloudTrailEvent = "{}" }) => JSON.parse(CloudTrailEvent))
    .filter(({ eventType }) => eventType === "AwsServiceEvent")
    .toReversed();
}

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/understanding-amazon-cognito-entries.html, as all that follow
test("trails hear of each request to a pool's domain, and not of what identifies a user or proves anything", async () => {
  const { cloud, poolId, app, codeFor, redeem } = await withHostedPages();
  const code = await codeFor();
  await redeem(code);
  const told = await visits(cloud);
  expect(told.map(({ eventName }) => eventName)).toEqual([
    "OAuth2_Authorize_GET",
    "Login_GET",
    "CognitoAuthentication",
    "Token_POST",
  ]);
  const asked = { redirect_uri: [CALLBACK], response_type: ["code"], client_id: [app.id] };
  expect(told[1]).toEqual({
    eventVersion: "1.11",
    userIdentity: { accountId: ACCOUNT },
    eventTime: expect.any(String),
    eventSource: "cognito-idp.amazonaws.com",
    eventName: "Login_GET",
    awsRegion: "us-east-1",
    sourceIPAddress: "127.0.0.1",
    userAgent: "",
    requestParameters: null,
    responseElements: null,
    additionalEventData: {
      responseParameters: { status: 200 },
      requestParameters: asked,
      userPoolDomain: "customers.auth.us-east-1.amazoncognito.com",
      userPoolId: poolId,
    },
    requestID: expect.any(String),
    eventID: expect.any(String),
    readOnly: true,
    eventType: "AwsServiceEvent",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    serviceEventDetails: { serviceAccountId: ACCOUNT },
    eventCategory: "Management",
  });
  expect(told[2]).toMatchObject({
    readOnly: false,
    additionalEventData: {
      responseParameters: { status: 302 },
      requestParameters: { ...asked, _csrf: HIDDEN, username: HIDDEN, password: HIDDEN },
    },
  });
  expect(told[3]?.additionalEventData).toMatchObject({
    responseParameters: { status: 200 },
    requestParameters: { code: HIDDEN, grant_type: ["authorization_code"], client_id: [app.id] },
  });
  expect(JSON.stringify(told)).not.toMatch(new RegExp(`${PASSWORD}|${code}|"ann`));
});

test("what was refused is told as well", async () => {
  const { cloud, redeem } = await withHostedPages();
  await redeem("00000000-0000-0000-0000-000000000000");
  expect(await visits(cloud)).toMatchObject([
    { eventName: "Token_POST", additionalEventData: { responseParameters: { status: 400 } } },
  ]);
});

// Source: https://docs.aws.amazon.com/cognito/latest/developerguide/logging-using-cloudtrail.html (Managed login events)
test("managed login has names of its own for what is submitted, and its pages are not told of", async () => {
  const { cloud, admin, poolId, signIn } = await withHostedPages();
  const UserPoolId = poolId;
  await admin.send(new UpdateUserPoolDomainCommand({ UserPoolId, Domain: "customers", ManagedLoginVersion: 2 }));
  await signIn();
  const names = (await visits(cloud)).map(({ eventName }) => eventName);
  expect(names).toEqual(["OAuth2_Authorize_GET", "login_POST"]);
});
