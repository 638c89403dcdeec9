/**
 * The role of a permission set in an account, made and kept by IAM's own operations, so that the account's policies
 * and records have their say.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/using-service-linked-roles.html
 */
import type { Principal } from "../../../identity/principal.ts";
import { formatArn, type AccountId } from "../../../kernel/arn.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf, OperationName, OutputOf } from "../../../service/sdk.ts";
import { requireProvider, type IamSdk } from "../account-provider.ts";
import { newHexId, type Instance } from "../instance-row.ts";
import {
  dropProvision,
  findProvision,
  putProvision,
  rolePath,
  type PermissionSet,
  type PolicyReference,
  type Provision,
} from "../permission-set-row.ts";
import { policyNotSupported } from "./errors.ts";

/** Who works in which account. */
export interface Worker {
  readonly account: AccountId;
  readonly as: Principal;
}

/** Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html (the longest there is) */
const ROLE_SESSION_SECONDS_MAX = 43_200;
const INLINE_POLICY = "AwsSSOInlinePolicy";

/** Brings the role to what the permission set says. */
export async function provision(
  { instance, permissionSet }: { readonly instance: Instance; readonly permissionSet: PermissionSet },
  worker: Worker,
  context: Context,
): Promise<void> {
  const providerArn = await requireProvider(instance, worker, context);
  const { account } = worker;
  const known = await findProvision(permissionSet, account, context.tx);
  const role: Provision = {
    instanceId: instance.id,
    permissionSetId: permissionSet.id,
    account,
    roleName: known?.roleName ?? `AWSReservedSSO_${permissionSet.name}_${newHexId()}`,
    version: 0,
  };
  const iam = caller(worker, context);
  await iam.unlessThere("CreateRole", {
    RoleName: role.roleName,
    Path: rolePath(instance),
    AssumeRolePolicyDocument: trustIn(providerArn),
    MaxSessionDuration: ROLE_SESSION_SECONDS_MAX,
    Description: permissionSet.description,
  });
  putProvision(role, context.tx);
  const { roleName: RoleName } = role;
  await iam.call("UpdateAssumeRolePolicy", { RoleName, PolicyDocument: trustIn(providerArn) });
  await iam.call("UpdateRole", { RoleName, Description: permissionSet.description ?? "" });
  await matchAttachments(RoleName, policyArns(permissionSet, instance, account), iam);
  if (permissionSet.inlinePolicy === undefined) {
    await iam.ifThere("DeleteRolePolicy", { RoleName, PolicyName: INLINE_POLICY });
  } else {
    const PolicyDocument = permissionSet.inlinePolicy;
    await iam.call("PutRolePolicy", { RoleName, PolicyName: INLINE_POLICY, PolicyDocument });
  }
  const PermissionsBoundary = boundaryArn(permissionSet, instance, account);
  if (PermissionsBoundary === undefined) await iam.ifThere("DeleteRolePermissionsBoundary", { RoleName });
  else await iam.call("PutRolePermissionsBoundary", { RoleName, PermissionsBoundary });
  putProvision({ ...role, version: permissionSet.version }, context.tx);
}

/** Takes the role away. */
export async function deprovision(role: Provision, worker: Worker, context: Context): Promise<void> {
  const { roleName: RoleName } = role;
  const iam = caller(worker, context);
  if (await iam.isThere("GetRole", { RoleName })) {
    await matchAttachments(RoleName, [], iam);
    await iam.ifThere("DeleteRolePolicy", { RoleName, PolicyName: INLINE_POLICY });
    await iam.call("DeleteRole", { RoleName });
  }
  dropProvision(role, context.tx);
}

type IamName = OperationName<IamSdk>;

function caller({ account, as }: Worker, context: Context) {
  const call = <Name extends IamName>(operation: Name, input: InputOf<IamSdk, Name>): Promise<OutputOf<IamSdk, Name>> =>
    context.call<IamSdk, Name>({ service: "iam", operation, input, as, account });
  const unless = async <Name extends IamName>(code: string, operation: Name, input: InputOf<IamSdk, Name>) => {
    try {
      await call(operation, input);
      return true;
    } catch (error) {
      if (error instanceof AwsError && error.code === code) return false;
      throw error;
    }
  };
  return {
    call,
    unlessThere: <Name extends IamName>(operation: Name, input: InputOf<IamSdk, Name>) =>
      unless("EntityAlreadyExistsException", operation, input),
    ifThere: <Name extends IamName>(operation: Name, input: InputOf<IamSdk, Name>) =>
      unless("NoSuchEntityException", operation, input),
    isThere: <Name extends IamName>(operation: Name, input: InputOf<IamSdk, Name>) =>
      unless("NoSuchEntityException", operation, input),
  };
}

type Caller = ReturnType<typeof caller>;

async function matchAttachments(RoleName: string, wanted: readonly string[], iam: Caller): Promise<void> {
  const { AttachedPolicies = [] } = await iam.call("ListAttachedRolePolicies", { RoleName });
  const attached = AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []);
  for (const PolicyArn of attached.filter((arn) => !wanted.includes(arn))) {
    await iam.call("DetachRolePolicy", { RoleName, PolicyArn });
  }
  for (const PolicyArn of wanted.filter((arn) => !attached.includes(arn))) {
    if (!(await iam.ifThere("AttachRolePolicy", { RoleName, PolicyArn }))) throw policyNotSupported(PolicyArn);
  }
}

const policyArns = ({ managed, references }: PermissionSet, instance: Instance, account: AccountId) => [
  ...managed,
  ...references.map((reference) => referenceArn(reference, instance, account)),
];

function boundaryArn({ boundary }: PermissionSet, instance: Instance, account: AccountId): string | undefined {
  if (boundary === undefined) return undefined;
  return "managedArn" in boundary ? boundary.managedArn : referenceArn(boundary.reference, instance, account);
}

const referenceArn = ({ name, path }: PolicyReference, { partition }: Instance, account: AccountId): string =>
  formatArn({ partition, service: "iam", region: "", account, resource: `policy${path}${name}` });

const trustIn = (providerArn: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"],
        Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
      },
    ],
  });
