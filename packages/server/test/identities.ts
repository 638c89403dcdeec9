/** Users and roles as tests need them, made through the real IAM. */
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  type Tag,
} from "@aws-sdk/client-iam";
import { assert } from "../src/kernel/assert.ts";
import type { TestCloud, TestCredentials } from "./test-cloud.ts";

/** One statement, or a list of actions to allow on everything. */
export type Rights = readonly string[] | { readonly Statement: readonly object[] };

export function policyText(rights: Rights): string {
  const document = "Statement" in rights ? rights : { Statement: [{ Effect: "Allow", Action: rights, Resource: "*" }] };
  return JSON.stringify({ Version: "2012-10-17", ...document });
}

interface UserFacts {
  readonly allow?: Rights;
  readonly account?: string;
}

export interface TestUser extends TestCredentials {
  readonly arn: string;
  readonly userId: string;
}

/** A user with an access key. */
export async function makeUser(cloud: TestCloud, UserName: string, facts: UserFacts = {}): Promise<TestUser> {
  const iam = cloud.client(IAMClient, cloud.rootOf(facts.account ?? "000000000000"));
  const { User } = await iam.send(new CreateUserCommand({ UserName }));
  if (facts.allow !== undefined) {
    const PolicyDocument = policyText(facts.allow);
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "rights", PolicyDocument }));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  assert(AccessKey?.AccessKeyId !== undefined && AccessKey.SecretAccessKey !== undefined, "a key has two parts");
  assert(User?.Arn !== undefined && User.UserId !== undefined, "a user has names");
  return {
    accessKeyId: AccessKey.AccessKeyId,
    secretAccessKey: AccessKey.SecretAccessKey,
    arn: User.Arn,
    userId: User.UserId,
  };
}

interface RoleFacts {
  /** ARNs or account ids that may take the role on. */
  readonly trusts?: string | readonly string[];
  /** Who may, as a policy writes it, where it is no account's. */
  readonly principal?: object;
  /** The actions they may; `sts:AssumeRole` where left out. */
  readonly trustActions?: readonly string[];
  readonly trustCondition?: object;
  readonly allow?: Rights;
  readonly account?: string;
  readonly maxSessionSeconds?: number;
  readonly tags?: readonly Tag[];
}

/** A role; gives its ARN. */
export async function makeRole(cloud: TestCloud, RoleName: string, facts: RoleFacts): Promise<string> {
  const account = facts.account ?? "000000000000";
  const iam = cloud.client(IAMClient, cloud.rootOf(account));
  const trust = {
    Effect: "Allow",
    Principal: facts.principal ?? { AWS: facts.trusts ?? `arn:aws:iam::${account}:root` },
    Action: facts.trustActions ?? ["sts:AssumeRole"],
    ...(facts.trustCondition !== undefined && { Condition: facts.trustCondition }),
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: policyText({ Statement: [trust] }),
      MaxSessionDuration: facts.maxSessionSeconds,
      Tags: facts.tags?.slice(),
    }),
  );
  if (facts.allow !== undefined) {
    const PolicyDocument = policyText(facts.allow);
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "rights", PolicyDocument }));
  }
  assert(Role?.Arn !== undefined, "a role has an ARN");
  return Role.Arn;
}
