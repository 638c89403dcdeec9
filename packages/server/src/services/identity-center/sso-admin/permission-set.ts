/** Permission sets. Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreatePermissionSet.html */
import type { PermissionSet as PermissionSetShape } from "@aws-sdk/client-sso-admin";
import { newHexId, type Instance } from "../instance-row.ts";
import { assignments } from "../assignment-row.ts";
import {
  permissionSetArn,
  permissionSetNames,
  permissionSets,
  provisions,
  type PermissionSet,
} from "../permission-set-row.ts";
import {
  askInstance,
  askPermissionSet,
  requireOwnPermissionSet,
  requirePermissionSet,
  requireWithPermissionSets,
} from "./access.ts";
import { invalidSessionDuration, permissionSetExists, permissionSetInUse, quotaExceeded } from "./errors.ts";
import { operation } from "./kit.ts";
import { PERMISSION_SETS_MAX, SESSION_SECONDS_MAX, SESSION_SECONDS_MIN, SESSION_USUAL } from "./limits.ts";
import { list } from "./paging.ts";
import { requestTags, withTags } from "./tags.ts";

export const createPermissionSet = operation("CreatePermissionSet", {
  authorize: ({ Tags, ...input }) => askInstance("CreatePermissionSet", input, { requestTags: requestTags(Tags) }),

  async handle(input, context) {
    const { tx } = context;
    const instance = await requireWithPermissionSets(input, context);
    const { Name: name, SessionDuration: sessionDuration = SESSION_USUAL } = input;
    if (await tx.get(permissionSetNames, instance.id, name)) throw permissionSetExists(name);
    const there = await tx.scan(permissionSets, { prefix: [instance.id], limit: PERMISSION_SETS_MAX });
    if (there.length >= PERMISSION_SETS_MAX) throw quotaExceeded("PermissionSet", PERMISSION_SETS_MAX, instance.id);
    const id = `ps-${newHexId()}`;
    const permissionSet: PermissionSet = {
      instanceId: instance.id,
      id,
      name,
      description: input.Description,
      sessionDuration,
      sessionSeconds: secondsOf(sessionDuration),
      relayState: input.RelayState,
      createdAtMs: context.now().getTime(),
      tags: withTags({}, input.Tags, id),
      managed: [],
      references: [],
      version: 1,
    };
    tx.put(permissionSets, permissionSet);
    tx.put(permissionSetNames, { instanceId: instance.id, name, id });
    return { PermissionSet: formatPermissionSet(permissionSet, instance) };
  },
});

export const describePermissionSet = operation("DescribePermissionSet", {
  authorize: (input, context) => askPermissionSet("DescribePermissionSet", input, context),

  async handle(input, context) {
    const { instance, permissionSet } = await requirePermissionSet(input, context);
    return { PermissionSet: formatPermissionSet(permissionSet, instance) };
  },
});

export const updatePermissionSet = operation("UpdatePermissionSet", {
  authorize: (input, context) => askPermissionSet("UpdatePermissionSet", input, context),

  async handle(input, context) {
    const { permissionSet } = await requireOwnPermissionSet(input, context);
    const { SessionDuration: sessionDuration = permissionSet.sessionDuration } = input;
    const changed: PermissionSet = {
      ...permissionSet,
      description: input.Description ?? permissionSet.description,
      sessionDuration,
      sessionSeconds: secondsOf(sessionDuration),
      relayState: input.RelayState ?? permissionSet.relayState,
      version: permissionSet.version + 1,
    };
    context.tx.put(permissionSets, changed);
    return {};
  },
});

export const deletePermissionSet = operation("DeletePermissionSet", {
  authorize: (input, context) => askPermissionSet("DeletePermissionSet", input, context),

  async handle(input, context) {
    const { tx } = context;
    const { permissionSet } = await requireOwnPermissionSet(input, context);
    const { instanceId, id, name } = permissionSet;
    const [assigned] = await tx.scan(assignments, { prefix: [instanceId, id], limit: 1 });
    const [provisioned] = await tx.scan(provisions, { prefix: [instanceId, id], limit: 1 });
    if (assigned || provisioned) throw permissionSetInUse();
    tx.delete(permissionSets, instanceId, id);
    tx.delete(permissionSetNames, instanceId, name);
    return {};
  },
});

export const listPermissionSets = operation("ListPermissionSets", {
  authorize: (input) => askInstance("ListPermissionSets", input),

  async handle(input, context) {
    const instance = await requireWithPermissionSets(input, context);
    const { rows, rest } = await list(context.tx, permissionSets, [instance.id], input);
    return { PermissionSets: rows.map((permissionSet) => permissionSetArn(instance, permissionSet)), ...rest };
  },
});

/** @throws {AwsError} `ValidationException` */
function secondsOf(duration: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = (match ?? []).slice(1).map((part) => Number(part ?? 0));
  const sum = ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
  if (sum < SESSION_SECONDS_MIN || sum > SESSION_SECONDS_MAX) throw invalidSessionDuration();
  return sum;
}

const formatPermissionSet = (permissionSet: PermissionSet, instance: Instance): PermissionSetShape => ({
  Name: permissionSet.name,
  PermissionSetArn: permissionSetArn(instance, permissionSet),
  Description: permissionSet.description,
  CreatedDate: new Date(permissionSet.createdAtMs),
  SessionDuration: permissionSet.sessionDuration,
  RelayState: permissionSet.relayState,
});
