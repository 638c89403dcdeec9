import {
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  DeleteResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceShareAssociationsCommand,
  GetResourceSharesCommand,
  GetResourcePoliciesCommand,
  ListPrincipalsCommand,
  ListResourcesCommand,
  ListResourceTypesCommand,
  ListSourceAssociationsCommand,
  paginateListResourceTypes,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateResourceShareCommand,
} from "@aws-sdk/client-ram";
import { expect, test } from "vitest";
import { cloudToShare, GUEST, OWNER, sharer, sharingOrganization } from "../../../test/resource-shares.ts";

const SELF = { resourceOwner: "SELF" } as const;

test("a share is made, changed, and for two hours after its deletion shown as deleted", async () => {
  const cloud = await cloudToShare();
  const { ram } = sharer(cloud, OWNER);
  const { resourceShare } = await ram.send(new CreateResourceShareCommand({ name: "network" }));
  // Source: https://docs.aws.amazon.com/cli/latest/reference/ram/create-resource-share.html
  expect(resourceShare).toMatchObject({ owningAccountId: OWNER, allowExternalPrincipals: true, status: "ACTIVE" });
  expect(resourceShare?.resourceShareArn).toMatch(/^arn:aws:ram:us-east-1:111111111111:resource-share\/[0-9a-f-]{36}$/);
  const resourceShareArn = resourceShare?.resourceShareArn;
  await cloud.clock.advance(1);
  const changed = await ram.send(new UpdateResourceShareCommand({ resourceShareArn, name: "lan" }));
  expect(changed.resourceShare?.name).toBe("lan");
  expect(changed.resourceShare?.lastUpdatedTime).not.toEqual(changed.resourceShare?.creationTime);
  expect(await ram.send(new DeleteResourceShareCommand({ resourceShareArn }))).toMatchObject({ returnValue: true });
  const { resourceShares } = await ram.send(new GetResourceSharesCommand(SELF));
  expect(resourceShares).toMatchObject([{ status: "DELETED", featureSet: "STANDARD" }]);
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-sharing-delete.html
  await cloud.clock.advance(2 * 3600);
  expect((await ram.send(new GetResourceSharesCommand(SELF))).resourceShares).toEqual([]);
  const again = ram.send(new DeleteResourceShareCommand({ resourceShareArn }));
  await expect(again).rejects.toMatchObject({ name: "UnknownResourceException" });
});

test("shares are of one region, and of one account", async () => {
  const cloud = await cloudToShare();
  const { ram, share } = sharer(cloud, OWNER);
  const resourceShareArn = await share({});
  const update = new UpdateResourceShareCommand({ resourceShareArn, name: "mine" });
  await expect(sharer(cloud, GUEST).ram.send(update)).rejects.toMatchObject({ name: "OperationNotPermittedException" });
  const malformed = new UpdateResourceShareCommand({ resourceShareArn: "network", name: "mine" });
  await expect(ram.send(malformed)).rejects.toMatchObject({
    name: "MalformedArnException",
    // Source: https://github.com/hashicorp/terraform-provider-aws/issues/40360
    message: "The specified resource share ARN is not valid. Verify the ARN and try again.",
  });
  const elsewhere = new UpdateResourceShareCommand({
    resourceShareArn: resourceShareArn.replace("us-east-1", "eu-west-1"),
  });
  await expect(ram.send(elsewhere)).rejects.toMatchObject({ name: "UnknownResourceException" });
});

test("a call that is made again under its token is done once", async () => {
  const cloud = await cloudToShare();
  const { ram } = sharer(cloud, OWNER);
  const create = { name: "network", clientToken: "token-1" };
  const first = await ram.send(new CreateResourceShareCommand(create));
  const second = await ram.send(new CreateResourceShareCommand(create));
  expect(second.resourceShare).toEqual(first.resourceShare);
  expect(second.clientToken).toBe("token-1");
  const other = ram.send(new CreateResourceShareCommand({ ...create, name: "other" }));
  await expect(other).rejects.toMatchObject({ name: "IdempotentParameterMismatchException" });
  expect((await ram.send(new GetResourceSharesCommand(SELF))).resourceShares).toHaveLength(1);
});

test("resources have to be there, to be the caller's, and of a type that is shared", async () => {
  const cloud = await cloudToShare();
  const { share, makePool } = sharer(cloud, OWNER);
  const pool = await makePool();
  const sharing = (arn: string) => share({ resourceArns: [arn] });
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_ram/test_ram.py
  await expect(sharing("pool")).rejects.toMatchObject({
    name: "MalformedArnException",
    message: "The specified resource ARN pool is not valid. Verify the ARN and try again.",
  });
  await expect(sharing(`arn:aws:iam::${OWNER}:role/test`)).rejects.toMatchObject({
    name: "MalformedArnException",
    message: "You cannot share the selected resource type.",
  });
  const unknown = { name: "UnknownResourceException" };
  await expect(sharing(`arn:aws:ec2::${OWNER}:ipam-pool/ipam-pool-0`)).rejects.toMatchObject(unknown);
  await expect(sharing(`arn:aws:rds:us-east-1:${OWNER}:cluster:orders`)).rejects.toMatchObject(unknown);
  const thief = sharer(cloud, GUEST).share({ resourceArns: [pool.arn] });
  await expect(thief).rejects.toMatchObject(unknown);
});

test("associations come and go, and are shown as over for a while", async () => {
  const { cloud, of, owner, organizationArn } = await sharingOrganization();
  const { ram, makeSubnet, share } = of(owner);
  const subnet = await makeSubnet();
  const resourceShareArn = await share({});
  const what = { resourceShareArn, resourceArns: [subnet.arn], principals: [organizationArn] };
  const made = await ram.send(new AssociateResourceShareCommand(what));
  // Source: https://docs.aws.amazon.com/cli/latest/reference/ram/associate-resource-share.html
  expect(made.resourceShareAssociations).toMatchObject([
    { associatedEntity: subnet.arn, associationType: "RESOURCE", status: "ASSOCIATING", external: false },
    { associatedEntity: organizationArn, associationType: "PRINCIPAL", status: "ASSOCIATING", external: false },
  ]);
  const resources = new GetResourceShareAssociationsCommand({ associationType: "RESOURCE" });
  const seen = async () => (await ram.send(resources)).resourceShareAssociations?.map(({ status }) => status);
  expect(await seen()).toEqual(["ASSOCIATED"]);
  await ram.send(new AssociateResourceShareCommand(what));
  const ended = await ram.send(new DisassociateResourceShareCommand(what));
  expect(ended.resourceShareAssociations?.map(({ status }) => status)).toEqual(["DISASSOCIATING", "DISASSOCIATING"]);
  expect(await seen()).toEqual(["DISASSOCIATED"]);
  await expect(ram.send(new DisassociateResourceShareCommand(what))).rejects.toMatchObject({
    name: "UnknownResourceException",
  });
  await cloud.clock.advance(2 * 3600);
  expect(await seen()).toEqual([]);
});

test("a resource that is made part of a share again is not forgotten with its first time", async () => {
  const { cloud, of, owner } = await sharingOrganization();
  const { ram, makeSubnet, share } = of(owner);
  const { arn } = await makeSubnet();
  const what = { resourceShareArn: await share({ resourceArns: [arn] }), resourceArns: [arn] };
  await ram.send(new DisassociateResourceShareCommand(what));
  await cloud.clock.advance(3600);
  await ram.send(new AssociateResourceShareCommand(what));
  await cloud.clock.advance(3600);
  const { resources } = await ram.send(new ListResourcesCommand(SELF));
  expect(resources).toMatchObject([{ arn, type: "ec2:Subnet", resourceRegionScope: "REGIONAL" }]);
});

test("owner and consumers list what is shared, and with whom", async () => {
  const { of, owner, organizationArn, makeAccount } = await sharingOrganization();
  const consumer = of(await makeAccount("consumer"));
  const { ram, makeSubnet, share } = of(owner);
  const [one, other] = [await makeSubnet(), await makeSubnet()];
  const resourceShareArn = await share({ resourceArns: [one.arn, other.arn], principals: [organizationArn] });
  const THEIRS = { resourceOwner: "OTHER-ACCOUNTS" } as const;
  for (const [client, whose] of [
    [ram, SELF],
    [consumer.ram, THEIRS],
  ] as const) {
    const { resources } = await client.send(new ListResourcesCommand(whose));
    expect(new Set(resources?.map(({ arn }) => arn))).toEqual(new Set([one.arn, other.arn]));
    const found = await client.send(new ListResourcesCommand({ ...whose, resourceType: "EC2:subnet" }));
    expect(found.resources).toHaveLength(2);
  }
  const { principals } = await ram.send(new ListPrincipalsCommand(SELF));
  expect(principals).toMatchObject([{ id: organizationArn, resourceShareArn, external: false }]);
  const owners = await consumer.ram.send(new ListPrincipalsCommand(THEIRS));
  expect(owners.principals).toMatchObject([{ id: owner, resourceShareArn, external: false }]);
  const seen = await consumer.ram.send(new GetResourceSharesCommand(THEIRS));
  expect(seen.resourceShares).toMatchObject([{ resourceShareArn, owningAccountId: owner }]);
  const unknown = ram.send(new ListResourcesCommand({ ...SELF, resourceType: "ec2:Moon" }));
  await expect(unknown).rejects.toMatchObject({ name: "InvalidResourceTypeException" });
});

test("the policy on a resource is of all the shares that have it", async () => {
  const { of, owner, organizationArn, organizationId, makeAccount } = await sharingOrganization();
  const account = await makeAccount("consumer");
  const { ram, makeSubnet, share } = of(owner);
  const { arn } = await makeSubnet();
  await share({ resourceArns: [arn], principals: [account] });
  await share({ resourceArns: [arn], principals: [organizationArn] });
  const { policies } = await ram.send(new GetResourcePoliciesCommand({ resourceArns: [arn] }));
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/getting-started-terms-and-concepts.html
  const Action = ["ec2:RunInstances", "ec2:CreateNetworkInterface", "ec2:DescribeSubnets"];
  const allow = { Effect: "Allow", Action, Resource: arn };
  const everybody = { Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": organizationId } } };
  const { Statement }: { Statement: object[] } = JSON.parse(policies?.[0] ?? "");
  expect(Statement).toHaveLength(2);
  expect(Statement).toContainEqual(expect.objectContaining({ ...allow, ...everybody }));
  const named = { Principal: { AWS: [`arn:aws:iam::${account}:root`] } };
  expect(Statement).toContainEqual(expect.objectContaining({ ...allow, ...named }));
  const theirs = await of(account).ram.send(new GetResourcePoliciesCommand({ resourceArns: [arn] }));
  expect(theirs.policies).toEqual([]);
});

test("sources say for whom a service may use what is shared with it", async () => {
  const { of, owner } = await sharingOrganization();
  const { ram, makeSubnet, share } = of(owner);
  const { arn } = await makeSubnet();
  const principals = ["pipes.amazonaws.com"];
  const resourceShareArn = await share({ resourceArns: [arn], principals, sources: [OWNER, "o-abcdefghij"] });
  const { policies } = await ram.send(new GetResourcePoliciesCommand({ resourceArns: [arn] }));
  const { Statement }: { Statement: object[] } = JSON.parse(policies?.[0] ?? "");
  expect(Statement).toMatchObject([
    { Principal: { Service: principals }, Condition: { StringEquals: { "aws:SourceAccount": OWNER } } },
    { Principal: { Service: principals }, Condition: { StringEquals: { "aws:SourceOrgID": "o-abcdefghij" } } },
  ]);
  const { sourceAssociations } = await ram.send(new ListSourceAssociationsCommand({ sourceId: OWNER }));
  expect(sourceAssociations).toMatchObject([{ resourceShareArn, sourceId: OWNER, status: "ASSOCIATED" }]);
  const drop = (sources: string[]) => ram.send(new DisassociateResourceShareCommand({ resourceShareArn, sources }));
  await drop([OWNER]);
  // Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_DisassociateResourceShare.html
  await expect(drop(["o-abcdefghij"])).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test("shares have tags, and are found by them", async () => {
  const cloud = await cloudToShare();
  const { ram, share } = sharer(cloud, OWNER);
  const resourceShareArn = await share({ tags: [{ key: "team", value: "net" }] });
  await share({ name: "other" });
  await ram.send(new TagResourceCommand({ resourceShareArn, tags: [{ key: "stage", value: "test" }] }));
  await ram.send(new UntagResourceCommand({ resourceShareArn, tagKeys: ["team"] }));
  const filter = { ...SELF, tagFilters: [{ tagKey: "stage", tagValues: ["test"] }] };
  const { resourceShares } = await ram.send(new GetResourceSharesCommand(filter));
  expect(resourceShares).toMatchObject([{ resourceShareArn, tags: [{ key: "stage", value: "test" }] }]);
  const reserved = ram.send(new TagResourceCommand({ resourceShareArn, tags: [{ key: "aws:x", value: "" }] }));
  await expect(reserved).rejects.toMatchObject({ name: "TagPolicyViolationException" });
  const both = ram.send(new TagResourceCommand({ resourceShareArn, resourceArn: resourceShareArn, tags: [] }));
  await expect(both).rejects.toMatchObject({ name: "InvalidParameterException" });
});

test("RAM says which types of resources it shares, page by page", async () => {
  const cloud = await cloudToShare();
  const { ram } = sharer(cloud, OWNER);
  const { resourceTypes } = await ram.send(new ListResourceTypesCommand({}));
  // Source: https://docs.aws.amazon.com/ram/latest/userguide/shareable.html
  const subnet = { resourceType: "ec2:Subnet", serviceName: "ec2", resourceRegionScope: "REGIONAL" };
  expect(resourceTypes).toContainEqual(subnet);
  const paged: unknown[] = [];
  for await (const page of paginateListResourceTypes({ client: ram, pageSize: 7 }, {})) {
    paged.push(...(page.resourceTypes ?? []));
  }
  expect(paged).toEqual(resourceTypes);
  const global = await ram.send(new ListResourceTypesCommand({ resourceRegionScope: "GLOBAL" }));
  expect(global.resourceTypes).toMatchObject([{ resourceType: "networkmanager:CoreNetwork" }]);
  const wrong = ram.send(new ListResourceTypesCommand({ nextToken: "x" }));
  await expect(wrong).rejects.toMatchObject({ name: "InvalidNextTokenException" });
});
