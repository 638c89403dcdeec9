/**
 * What a permission set lets do: AWS's policies, an account's own by name, a policy in line, and a boundary. Roles that
 * are there learn of it when the set is provisioned again.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsetcustom.html
 */
import type { CustomerManagedPolicyReference, PermissionsBoundary as BoundaryShape } from "@aws-sdk/client-sso-admin";
import { validatePolicy } from "../../../identity/policy/validate.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { permissionSets, type Boundary, type PermissionSet, type PolicyReference } from "../permission-set-row.ts";
import { askPermissionSet, requireOwnPermissionSet, requirePermissionSet } from "./access.ts";
import {
  boundaryAmbiguous,
  boundaryMissing,
  boundaryNotFound,
  malformedPolicy,
  managedPolicyAttached,
  managedPolicyNotAttached,
  managedPolicyUnknown,
  quotaExceeded,
  referenceAttached,
  referenceNotAttached,
} from "./errors.ts";
import { operation } from "./kit.ts";
import { MANAGED_POLICIES_MAX, REFERENCES_MAX } from "./limits.ts";
import { listOf } from "./paging.ts";

function change(permissionSet: PermissionSet, changes: Partial<PermissionSet>, { tx }: Context): void {
  tx.put(permissionSets, { ...permissionSet, ...changes, version: permissionSet.version + 1 });
}

export const attachManagedPolicyToPermissionSet = operation("AttachManagedPolicyToPermissionSet", {
  authorize: (input, context) => askPermissionSet("AttachManagedPolicyToPermissionSet", input, context),

  async handle({ ManagedPolicyArn: arn, ...input }, context) {
    const { permissionSet } = await requireOwnPermissionSet(input, context);
    const { id, managed } = permissionSet;
    if (managed.includes(arn)) throw managedPolicyAttached(id, arn);
    await requireManagedPolicy(arn, context);
    if (managed.length >= MANAGED_POLICIES_MAX) throw quotaExceeded("ManagedPolicy", MANAGED_POLICIES_MAX, id);
    change(permissionSet, { managed: [...managed, arn] }, context);
    return {};
  },
});

export const detachManagedPolicyFromPermissionSet = operation("DetachManagedPolicyFromPermissionSet", {
  authorize: (input, context) => askPermissionSet("DetachManagedPolicyFromPermissionSet", input, context),

  async handle({ ManagedPolicyArn: arn, ...input }, context) {
    const { permissionSet } = await requireOwnPermissionSet(input, context);
    const { managed } = permissionSet;
    if (!managed.includes(arn)) throw managedPolicyNotAttached(arn);
    change(permissionSet, { managed: managed.filter((each) => each !== arn) }, context);
    return {};
  },
});

export const listManagedPoliciesInPermissionSet = operation("ListManagedPoliciesInPermissionSet", {
  authorize: (input, context) => askPermissionSet("ListManagedPoliciesInPermissionSet", input, context),

  async handle(input, context) {
    const { permissionSet } = await requirePermissionSet(input, context);
    const { rows, rest } = listOf(permissionSet.managed, input, (arn) => arn);
    const AttachedManagedPolicies = rows.map((Arn) => ({ Name: Arn.slice(Arn.lastIndexOf("/") + 1), Arn }));
    return { AttachedManagedPolicies, ...rest };
  },
});

export const attachCustomerManagedPolicyReferenceToPermissionSet = operation(
  "AttachCustomerManagedPolicyReferenceToPermissionSet",
  {
    authorize: (input, context) =>
      askPermissionSet("AttachCustomerManagedPolicyReferenceToPermissionSet", input, context),

    async handle({ CustomerManagedPolicyReference: given, ...input }, context) {
      const { permissionSet } = await requireOwnPermissionSet(input, context);
      const { id, references } = permissionSet;
      const reference = readReference(given);
      if (references.some((each) => isSame(each, reference))) throw referenceAttached(reference);
      if (references.length >= REFERENCES_MAX)
        throw quotaExceeded("CustomerManagedPolicyReference", REFERENCES_MAX, id);
      change(permissionSet, { references: [...references, reference] }, context);
      return {};
    },
  },
);

export const detachCustomerManagedPolicyReferenceFromPermissionSet = operation(
  "DetachCustomerManagedPolicyReferenceFromPermissionSet",
  {
    authorize: (input, context) =>
      askPermissionSet("DetachCustomerManagedPolicyReferenceFromPermissionSet", input, context),

    async handle({ CustomerManagedPolicyReference: given, ...input }, context) {
      const { permissionSet } = await requireOwnPermissionSet(input, context);
      const { references } = permissionSet;
      const reference = readReference(given);
      const left = references.filter((each) => !isSame(each, reference));
      if (left.length === references.length) throw referenceNotAttached(reference);
      change(permissionSet, { references: left }, context);
      return {};
    },
  },
);

export const listCustomerManagedPolicyReferencesInPermissionSet = operation(
  "ListCustomerManagedPolicyReferencesInPermissionSet",
  {
    authorize: (input, context) =>
      askPermissionSet("ListCustomerManagedPolicyReferencesInPermissionSet", input, context),

    async handle(input, context) {
      const { permissionSet } = await requirePermissionSet(input, context);
      const { rows, rest } = listOf(permissionSet.references, input, ({ path, name }) => `${path}${name}`);
      return { CustomerManagedPolicyReferences: rows.map(formatReference), ...rest };
    },
  },
);

export const putInlinePolicyToPermissionSet = operation("PutInlinePolicyToPermissionSet", {
  authorize: (input, context) => askPermissionSet("PutInlinePolicyToPermissionSet", input, context),

  async handle({ InlinePolicy: inlinePolicy, ...input }, context) {
    const { permissionSet } = await requireOwnPermissionSet(input, context);
    const problem = validatePolicy(inlinePolicy, "identity");
    if (problem) throw malformedPolicy(problem.message);
    change(permissionSet, { inlinePolicy }, context);
    return {};
  },
});

/** A set without one has an empty one. */
export const getInlinePolicyForPermissionSet = operation("GetInlinePolicyForPermissionSet", {
  authorize: (input, context) => askPermissionSet("GetInlinePolicyForPermissionSet", input, context),

  async handle(input, context) {
    const { permissionSet } = await requirePermissionSet(input, context);
    return { InlinePolicy: permissionSet.inlinePolicy ?? "" };
  },
});

export const deleteInlinePolicyFromPermissionSet = operation("DeleteInlinePolicyFromPermissionSet", {
  authorize: (input, context) => askPermissionSet("DeleteInlinePolicyFromPermissionSet", input, context),

  async handle(input, context) {
    const { permissionSet } = await requireOwnPermissionSet(input, context);
    change(permissionSet, { inlinePolicy: undefined }, context);
    return {};
  },
});

export const putPermissionsBoundaryToPermissionSet = operation("PutPermissionsBoundaryToPermissionSet", {
  authorize: (input, context) => askPermissionSet("PutPermissionsBoundaryToPermissionSet", input, context),

  async handle({ PermissionsBoundary: given, ...input }, context) {
    const { permissionSet } = await requireOwnPermissionSet(input, context);
    const boundary = readBoundary(given);
    if ("managedArn" in boundary) await requireManagedPolicy(boundary.managedArn, context);
    change(permissionSet, { boundary }, context);
    return {};
  },
});

export const getPermissionsBoundaryForPermissionSet = operation("GetPermissionsBoundaryForPermissionSet", {
  authorize: (input, context) => askPermissionSet("GetPermissionsBoundaryForPermissionSet", input, context),

  async handle(input, context) {
    const { permissionSet } = await requirePermissionSet(input, context);
    const { boundary, id } = permissionSet;
    if (!boundary) throw boundaryNotFound(id);
    const PermissionsBoundary: BoundaryShape =
      "managedArn" in boundary
        ? { ManagedPolicyArn: boundary.managedArn }
        : { CustomerManagedPolicyReference: formatReference(boundary.reference) };
    return { PermissionsBoundary };
  },
});

export const deletePermissionsBoundaryFromPermissionSet = operation("DeletePermissionsBoundaryFromPermissionSet", {
  authorize: (input, context) => askPermissionSet("DeletePermissionsBoundaryFromPermissionSet", input, context),

  async handle(input, context) {
    const { permissionSet } = await requireOwnPermissionSet(input, context);
    if (!permissionSet.boundary) throw boundaryNotFound(permissionSet.id);
    change(permissionSet, { boundary: undefined }, context);
    return {};
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireManagedPolicy(arn: string, { directory, tx }: Context): Promise<void> {
  if (!(await directory.findManagedPolicy(arn, tx))) throw managedPolicyUnknown(arn);
}

/** @throws {AwsError} `ValidationException` */
function readBoundary({
  ManagedPolicyArn: managedArn,
  CustomerManagedPolicyReference: reference,
}: Validated<BoundaryShape>): Boundary {
  if (managedArn !== undefined && reference === undefined) return { managedArn };
  if (reference !== undefined && managedArn === undefined) return { reference: readReference(reference) };
  throw managedArn === undefined ? boundaryMissing() : boundaryAmbiguous();
}

const readReference = ({
  Name: name,
  Path: path = "/",
}: Validated<CustomerManagedPolicyReference>): PolicyReference => ({
  name,
  path,
});

const formatReference = ({ name, path }: PolicyReference): CustomerManagedPolicyReference => ({
  Name: name,
  Path: path,
});

const isSame = (one: PolicyReference, other: PolicyReference): boolean =>
  one.name === other.name && one.path === other.path;
