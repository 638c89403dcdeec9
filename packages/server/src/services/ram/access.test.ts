import {
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  DeleteResourceShareCommand,
  EnableSharingWithAwsOrganizationCommand,
  GetResourceSharesCommand,
  ListPermissionsCommand,
  ListResourceTypesCommand,
  RAMClient,
  GetResourceShareAssociationsCommand,
  UpdateResourceShareCommand,
  type GetResourceSharesCommandInput,
  type ListResourceTypesCommandInput,
} from "@aws-sdk/client-ram";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { cloudToShare, OWNER, sharer } from "../../../test/resource-shares.ts";

const denied = { name: "AccessDeniedException" };

/** All of RAM, but for what the statement denies. */
async function restricted(deny: object) {
  const cloud = await cloudToShare();
  const Statement = [
    { Effect: "Allow", Action: "ram:*", Resource: "*" },
    { Effect: "Deny", Resource: "*", ...deny },
  ];
  const user = await makeUser(cloud, "clerk", { account: OWNER, allow: { Statement } });
  return { ...sharer(cloud, OWNER), clerk: cloud.client(RAMClient, user) };
}

test("who may not share outside is held to it, also where nothing is said", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/scp.html#example-one
  const { clerk, share } = await restricted({
    Action: ["ram:CreateResourceShare", "ram:UpdateResourceShare"],
    Condition: { Bool: { "ram:RequestedAllowsExternalPrincipals": "true" } },
  });
  const create = (more: object) => clerk.send(new CreateResourceShareCommand({ name: "network", ...more }));
  await expect(create({})).rejects.toMatchObject(denied);
  await expect(create({ allowExternalPrincipals: true })).rejects.toMatchObject(denied);
  await create({ allowExternalPrincipals: false });
  const resourceShareArn = await share({});
  const update = { resourceShareArn, allowExternalPrincipals: true };
  await expect(clerk.send(new UpdateResourceShareCommand(update))).rejects.toMatchObject(denied);
  await clerk.send(new UpdateResourceShareCommand({ resourceShareArn, name: "lan" }));
});

test("each principal of a call has to be one that the caller may share with", async () => {
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/scp.html#example-five
  const { clerk } = await restricted({
    Action: ["ram:AssociateResourceShare", "ram:CreateResourceShare"],
    Condition: { StringNotEqualsIfExists: { "ram:Principal": ["222222222222", "333333333333"] } },
  });
  const create = (principals: string[]) => clerk.send(new CreateResourceShareCommand({ name: "network", principals }));
  await expect(create(["444444444444"])).rejects.toMatchObject(denied);
  await expect(create(["222222222222", "444444444444"])).rejects.toMatchObject(denied);
  await create(["222222222222", "333333333333"]);
});

test("types and resources may be kept back", async () => {
  const { clerk, makePool, makePermission } = await restricted({
    Action: ["ram:AssociateResourceShare", "ram:CreateResourceShare"],
    Condition: { StringEquals: { "ram:RequestedResourceType": "ec2:IpamPool" } },
  });
  const resourceArns = [(await makePool()).arn];
  const permissionArns = [await makePermission()];
  const create = new CreateResourceShareCommand({ name: "network", permissionArns, resourceArns });
  await expect(clerk.send(create)).rejects.toMatchObject(denied);
  const { resourceShare } = await clerk.send(new CreateResourceShareCommand({ name: "network", permissionArns }));
  const resourceShareArn = resourceShare?.resourceShareArn;
  const associate = new AssociateResourceShareCommand({ resourceShareArn, resourceArns });
  await expect(clerk.send(associate)).rejects.toMatchObject(denied);
});

test("a share is known by its tags and its name", async () => {
  const { clerk, share } = await restricted({
    Action: "ram:DeleteResourceShare",
    Condition: { StringEquals: { "aws:ResourceTag/stage": "live" } },
  });
  const remove = async (more: object) =>
    clerk.send(new DeleteResourceShareCommand({ resourceShareArn: await share(more) }));
  await expect(remove({ tags: [{ key: "stage", value: "live" }] })).rejects.toMatchObject(denied);
  await remove({});
  const other = await restricted({
    Action: "ram:DeleteResourceShare",
    Condition: { StringEquals: { "ram:ResourceShareName": "network" } },
  });
  const named = new DeleteResourceShareCommand({ resourceShareArn: await other.share({ name: "network" }) });
  await expect(other.clerk.send(named)).rejects.toMatchObject(denied);
});

test("who has no rights in RAM may not even look", async () => {
  const cloud = await cloudToShare();
  const ram = cloud.client(RAMClient, await makeUser(cloud, "nobody", { account: OWNER }));
  await expect(ram.send(new GetResourceSharesCommand({ resourceOwner: "SELF" }))).rejects.toMatchObject(denied);
  await expect(ram.send(new ListPermissionsCommand({}))).rejects.toMatchObject(denied);
  await expect(ram.send(new EnableSharingWithAwsOrganizationCommand({}))).rejects.toMatchObject(denied);
});

test("values that RAM does not know are refused in its own words", async () => {
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_ram/test_ram.py
  const { ram } = sharer(await cloudToShare(), OWNER);
  const asked: GetResourceSharesCommandInput = JSON.parse('{ "resourceOwner": "NOBODY" }');
  await expect(ram.send(new GetResourceSharesCommand(asked))).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "NOBODY is not a valid resource owner. Specify either SELF or OTHER-ACCOUNTS and try again.",
  });
  const scope: ListResourceTypesCommandInput = JSON.parse('{ "resourceRegionScope": "MOON" }');
  await expect(ram.send(new ListResourceTypesCommand(scope))).rejects.toMatchObject({
    message: "MOON is not a valid resource region scope value. Specify a valid value and try again.",
  });
  const both = { associationType: "PRINCIPAL", resourceArn: "arn:aws:ec2:::subnet/1" } as const;
  await expect(ram.send(new GetResourceShareAssociationsCommand(both))).rejects.toMatchObject({
    message: "You cannot specify a resource ARN when the association type is PRINCIPAL.",
  });
});
