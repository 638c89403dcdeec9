/** Shares as tests need them: resources of a service that has some to share, and accounts to share them with. */
import {
  AllocateIpamPoolCidrCommand,
  CreateIpamPoolCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  CreatePermissionCommand,
  CreateResourceShareCommand,
  EnableSharingWithAwsOrganizationCommand,
  GetResourceShareInvitationsCommand,
  RAMClient,
  type CreateResourceShareCommandInput,
} from "@aws-sdk/client-ram";
import { assert } from "../src/kernel/assert.ts";
import { makeUser } from "./identities.ts";
import { makeOrganization } from "./organizations.ts";
import { sharingService } from "./sharing-service.ts";
import { testCloud, type TestCloud } from "./test-cloud.ts";

/** The account that shares. */
export const OWNER = "111111111111";
/** An account that is in no organization. */
export const GUEST = "222222222222";

/** A cloud with something to share. */
export const cloudToShare = () => testCloud({ services: { ec2: sharingService } });

/** What an account has and does. */
export function sharer(cloud: TestCloud, account: string) {
  const ram = cloud.client(RAMClient, cloud.rootOf(account));
  const ec2 = cloud.client(EC2Client, cloud.rootOf(account));
  return {
    ram,
    ec2,
    makeSubnet: async (): Promise<{ id: string; arn: string }> => {
      const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: "vpc-1", CidrBlock: "10.0.0.0/24" }));
      assert(Subnet?.SubnetId !== undefined && Subnet.SubnetArn !== undefined, "a subnet has names");
      return { id: Subnet.SubnetId, arn: Subnet.SubnetArn };
    },
    makePool: async (): Promise<{ id: string; arn: string }> => {
      const { IpamPool } = await ec2.send(new CreateIpamPoolCommand({ IpamScopeId: "scope", AddressFamily: "ipv4" }));
      assert(IpamPool?.IpamPoolId !== undefined && IpamPool.IpamPoolArn !== undefined, "a pool has names");
      return { id: IpamPool.IpamPoolId, arn: IpamPool.IpamPoolArn };
    },
    /** A permission to take addresses out of pools. */
    makePermission: async (name = "allocate"): Promise<string> => {
      const policyTemplate = JSON.stringify({ Effect: "Allow", Action: ["ec2:AllocateIpamPoolCidr"] });
      const { permission } = await ram.send(
        new CreatePermissionCommand({ name, resourceType: "ec2:IpamPool", policyTemplate }),
      );
      assert(permission?.arn !== undefined, "a permission has an ARN");
      return permission.arn;
    },
    share: async (more: Partial<CreateResourceShareCommandInput>): Promise<string> => {
      const { resourceShare } = await ram.send(new CreateResourceShareCommand({ name: "network", ...more }));
      assert(resourceShare?.resourceShareArn !== undefined, "a share has an ARN");
      return resourceShare.resourceShareArn;
    },
    use: (SubnetId: string) => ec2.send(new CreateNetworkInterfaceCommand({ SubnetId })),
    allocate: (IpamPoolId: string) => ec2.send(new AllocateIpamPoolCidrCommand({ IpamPoolId, Cidr: "10.1.0.0/16" })),
    /** The subnets that the account sees. */
    subnets: async () => (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.map(({ SubnetArn }) => SubnetArn),
    /** The one invitation that the account has got. */
    invitation: async () => {
      const { resourceShareInvitations = [] } = await ram.send(new GetResourceShareInvitationsCommand({}));
      assert(resourceShareInvitations.length === 1, "there is one invitation");
      return resourceShareInvitations[0];
    },
  };
}

/** An organization in which sharing is enabled, and one of its members. */
export async function sharingOrganization() {
  const organization = await makeOrganization("ALL", { services: { ec2: sharingService } });
  const { cloud, organizationId } = organization;
  const administrator = await makeUser(cloud, "admin", { allow: ["*"] });
  await cloud.client(RAMClient, administrator).send(new EnableSharingWithAwsOrganizationCommand({}));
  const owner = await organization.makeAccount("owner");
  return {
    ...organization,
    owner,
    organizationArn: `arn:aws:organizations::000000000000:organization/${organizationId}`,
    unitArn: (unit: string) => `arn:aws:organizations::000000000000:ou/${organizationId}/${unit}`,
    of: (account: string) => sharer(cloud, account),
  };
}
