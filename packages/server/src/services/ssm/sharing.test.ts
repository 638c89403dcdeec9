import {
  AcceptResourceShareInvitationCommand,
  CreateResourceShareCommand,
  GetResourceShareInvitationsCommand,
  RAMClient,
} from "@aws-sdk/client-ram";
import { DescribeParametersCommand, GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

const OTHER = "111111111111";

const arnOf = (name: string) => `arn:aws:ssm:us-east-1:000000000000:parameter${name}`;

/** Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html */
test("an advanced parameter is shared by RAM: others read it by its ARN, and find it among what is shared", async () => {
  const cloud = await testCloud();
  const ssm = cloud.client(SSMClient);
  const put = (Name: string, Tier: "Standard" | "Advanced") =>
    ssm.send(new PutParameterCommand({ Name, Value: "v", Type: "String", Tier }));
  await put("/shared", "Advanced");
  await put("/plain", "Standard");
  const ram = cloud.client(RAMClient);
  const share = (name: string) =>
    ram.send(new CreateResourceShareCommand({ name: "s", resourceArns: [arnOf(name)], principals: [OTHER] }));
  await expect(share("/plain")).rejects.toMatchObject({ name: "UnknownResourceException" });
  await share("/shared");
  const theirs = cloud.client(RAMClient, cloud.rootOf(OTHER));
  const there = cloud.client(SSMClient, cloud.rootOf(OTHER));
  const read = () => there.send(new GetParameterCommand({ Name: arnOf("/shared") }));
  await expect(read()).rejects.toMatchObject({ name: "AccessDeniedException" });
  const { resourceShareInvitations = [] } = await theirs.send(new GetResourceShareInvitationsCommand({}));
  const resourceShareInvitationArn = resourceShareInvitations[0]?.resourceShareInvitationArn;
  await theirs.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));
  expect((await read()).Parameter).toMatchObject({ Value: "v", ARN: arnOf("/shared") });
  const shared = await there.send(new DescribeParametersCommand({ Shared: true }));
  expect(shared.Parameters).toMatchObject([{ Name: "/shared", ARN: arnOf("/shared") }]);
  const overwrite = there.send(new PutParameterCommand({ Name: arnOf("/shared"), Value: "x", Overwrite: true }));
  await expect(overwrite).rejects.toMatchObject({ name: "AccessDeniedException" });
});
