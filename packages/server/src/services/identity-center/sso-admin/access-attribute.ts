/**
 * Attributes of users that become tags of their sessions.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/abac.html
 */
import type { InstanceAccessControlAttributeConfiguration } from "@aws-sdk/client-sso-admin";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { accessAttributes } from "../access-attribute-row.ts";
import type { Instance } from "../instance-row.ts";
import { askInstance, requireWithPermissionSets } from "./access.ts";
import { attributesExist, attributesNotFound, duplicateAttribute } from "./errors.ts";
import { operation } from "./kit.ts";

export const createAccessAttributes = operation("CreateInstanceAccessControlAttributeConfiguration", {
  authorize: (input) => askInstance("CreateInstanceAccessControlAttributeConfiguration", input),

  async handle({ InstanceAccessControlAttributeConfiguration: given, ...input }, context) {
    const instance = await requireWithPermissionSets(input, context);
    if (await context.tx.get(accessAttributes, instance.id)) throw attributesExist();
    put(given, instance, context);
    return {};
  },
});

export const describeAccessAttributes = operation("DescribeInstanceAccessControlAttributeConfiguration", {
  authorize: (input) => askInstance("DescribeInstanceAccessControlAttributeConfiguration", input),

  async handle(input, context) {
    const instance = await requireWithPermissionSets(input, context);
    const { attributes } = await requireAttributes(instance, context);
    const AccessControlAttributes = attributes.map(({ key, source }) => ({ Key: key, Value: { Source: [source] } }));
    return { Status: "ENABLED" as const, InstanceAccessControlAttributeConfiguration: { AccessControlAttributes } };
  },
});

export const updateAccessAttributes = operation("UpdateInstanceAccessControlAttributeConfiguration", {
  authorize: (input) => askInstance("UpdateInstanceAccessControlAttributeConfiguration", input),

  async handle({ InstanceAccessControlAttributeConfiguration: given, ...input }, context) {
    const instance = await requireWithPermissionSets(input, context);
    await requireAttributes(instance, context);
    put(given, instance, context);
    return {};
  },
});

export const deleteAccessAttributes = operation("DeleteInstanceAccessControlAttributeConfiguration", {
  authorize: (input) => askInstance("DeleteInstanceAccessControlAttributeConfiguration", input),

  async handle(input, context) {
    const instance = await requireWithPermissionSets(input, context);
    await requireAttributes(instance, context);
    context.tx.delete(accessAttributes, instance.id);
    return {};
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireAttributes({ id }: Instance, { tx }: Context) {
  const found = await tx.get(accessAttributes, id);
  if (!found) throw attributesNotFound(id);
  return found;
}

/** @throws {AwsError} `ValidationException` */
function put(
  { AccessControlAttributes: given }: Validated<InstanceAccessControlAttributeConfiguration>,
  { id: instanceId }: Instance,
  { tx }: Context,
): void {
  const attributes = given.map(({ Key: key, Value: { Source } }) => ({ key, source: Source[0] ?? "" }));
  const seen = new Set<string>();
  for (const { key } of attributes) {
    if (seen.has(key)) throw duplicateAttribute(key);
    seen.add(key);
  }
  tx.put(accessAttributes, { instanceId, attributes });
}
