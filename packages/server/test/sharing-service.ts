/** A service with resources that RAM shares, as a later one will be: of EC2's model, with subnets and address pools. */
import type { AccountId, Arn } from "../src/kernel/arn.ts";
import { formatArn, parseArn } from "../src/kernel/arn.ts";
import { table } from "../src/kernel/table.ts";
import type { Access } from "../src/service/access.ts";
import type { Context } from "../src/service/context.ts";
import { serviceKit } from "../src/service/operation.ts";
import { defineService } from "../src/service/service.ts";
import type { Shareable } from "../src/service/shareable.ts";

type Ec2Sdk = typeof import("@aws-sdk/client-ec2");

const { operation, arn } = serviceKit<Ec2Sdk>("ec2");

interface Owned {
  readonly id: string;
  readonly account: AccountId;
  readonly arn: Arn;
}

/** Of all accounts: an id says nothing of its owner. */
const subnets = table<Owned>("test.subnet", "global", ({ id }) => [id]);
const pools = table<Owned>("test.pool", "global", ({ id }) => [id]);

const createSubnet = operation("CreateSubnet", {
  authorize: () => ({ action: "ec2:CreateSubnet", resource: "*" }),

  async handle({ CidrBlock }, context) {
    const id = `subnet-${context.newId().slice(0, 8)}`;
    const made = { id, account: context.account, arn: arn(context, `subnet/${id}`) };
    context.tx.put(subnets, made);
    return { Subnet: { SubnetId: id, SubnetArn: made.arn, OwnerId: context.account, CidrBlock } };
  },
});

/** The account's own, and those that are shared with it. */
const describeSubnets = operation("DescribeSubnets", {
  authorize: () => ({ action: "ec2:DescribeSubnets", resource: "*" }),

  async handle(_, { tx, sharing, account, region }) {
    const own = (await tx.scan(subnets, { limit: 100 })).filter((row) => row.account === account);
    const shared = await sharing.sharedWith(account, { type: "ec2:Subnet", region }, tx);
    return {
      Subnets: [
        ...own.map((row) => ({ SubnetArn: row.arn, OwnerId: row.account })),
        ...shared.map((row) => ({ SubnetArn: row.arn, OwnerId: row.owner })),
      ],
    };
  },
});

const createNetworkInterface = operation("CreateNetworkInterface", {
  authorize: async ({ SubnetId }, context) =>
    onOwned("CreateNetworkInterface", await context.tx.get(subnets, SubnetId), context),
  handle: ({ SubnetId }) => Promise.resolve({ NetworkInterface: { SubnetId } }),
});

const createIpamPool = operation("CreateIpamPool", {
  authorize: () => ({ action: "ec2:CreateIpamPool", resource: "*" }),

  async handle({ AddressFamily }, context) {
    const { tx, account, partition } = context;
    const id = `ipam-pool-${context.newId().slice(0, 8)}`;
    const made = {
      id,
      account,
      arn: formatArn({ partition, service: "ec2", region: "", account, resource: `ipam-pool/${id}` }),
    };
    tx.put(pools, made);
    return { IpamPool: { IpamPoolId: id, IpamPoolArn: made.arn, OwnerId: account, AddressFamily } };
  },
});

const allocateIpamPoolCidr = operation("AllocateIpamPoolCidr", {
  authorize: async ({ IpamPoolId }, context) =>
    onOwned("AllocateIpamPoolCidr", await context.tx.get(pools, IpamPoolId), context),
  handle: ({ Cidr }) => Promise.resolve({ IpamPoolAllocation: { Cidr } }),
});

/** The question about something that others may have shared. */
async function onOwned(action: string, owned: Owned | undefined, { tx, sharing }: Context): Promise<Access> {
  if (owned === undefined) return { action: `ec2:${action}`, resource: "*" };
  const resourcePolicy = await sharing.policyOf(owned.arn, tx);
  return { action: `ec2:${action}`, resource: owned.arn, owner: owned.account, resourcePolicy };
}

const shareable = (type: string, from: typeof subnets): Shareable => ({
  type,
  async exists(resource, tx) {
    const id = parseArn(resource)?.resource.split("/")[1] ?? "";
    return (await tx.get(from, id))?.arn === resource;
  },
});

export const sharingService = defineService<Ec2Sdk>("ec2", {
  operations: [createSubnet, describeSubnets, createNetworkInterface, createIpamPool, allocateIpamPoolCidr],
  shareable: [shareable("ec2:Subnet", subnets), shareable("ec2:IpamPool", pools)],
});
