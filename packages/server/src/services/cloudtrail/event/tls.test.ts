import { Agent } from "node:https";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { testServer } from "../../../../test/gateway/raw-http.ts";

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (tlsDetails) */
test("events of calls over TLS tell how they were encrypted and which host they asked for, others do not", async () => {
  const { port } = await testServer();
  const config = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
  const agent = new Agent({
    rejectUnauthorized: false,
    maxVersion: "TLSv1.2",
    ciphers: "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256",
  });
  const encrypted = { ...config, endpoint: `https://localhost:${port}`, requestHandler: { httpsAgent: agent } };
  const clear = { ...config, endpoint: `http://localhost:${port}` };
  await new IAMClient(encrypted).send(new CreateUserCommand({ UserName: "ann" }));
  await new IAMClient(clear).send(new CreateUserCommand({ UserName: "bob" }));
  const LookupAttributes = [{ AttributeKey: "EventName" as const, AttributeValue: "CreateUser" }];
  const { Events = [] } = await new CloudTrailClient(clear).send(new LookupEventsCommand({ LookupAttributes }));
  const details = Events.map(({ CloudTrailEvent = "{}" }) => JSON.parse(CloudTrailEvent).tlsDetails);
  expect(details).toEqual([
    undefined,
    {
      tlsVersion: "TLSv1.2",
      cipherSuite: expect.stringMatching(/^ECDHE-(?:RSA|ECDSA)-AES128-GCM-SHA256$/),
      clientProvidedHostHeader: `localhost:${port}`,
    },
  ]);
});
