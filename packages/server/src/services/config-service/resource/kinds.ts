/** The types of resources whose services are there. */
import { bucketKind } from "./bucket.ts";
import { alarmKind, functionKind, secretKind, trailKind } from "./compute.ts";
import { groupKind, policyKind, roleKind, userKind } from "./identity.ts";
import { keyKind } from "./key.ts";
import type { ResourceKind } from "./kind.ts";
import { queueKind, topicKind } from "./messaging.ts";

export const KINDS: readonly ResourceKind[] = [
  trailKind,
  alarmKind,
  groupKind,
  policyKind,
  roleKind,
  userKind,
  keyKind,
  functionKind,
  bucketKind,
  topicKind,
  queueKind,
  secretKind,
];

const BY_TYPE: ReadonlyMap<string, ResourceKind> = new Map(KINDS.map((kind) => [kind.type, kind]));

export const findKind = (type: string): ResourceKind | undefined => BY_TYPE.get(type);

/** As `BatchGet` and lists answer: those of IAM are in every region that records them. */
export const GLOBAL_TYPES: ReadonlySet<string> = new Set<string>(
  KINDS.filter((kind) => kind.isGlobal).map(({ type }) => type),
);
