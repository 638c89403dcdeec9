/**
 * AWS's own managed policies, as every account sees them: read from files when first asked for, the
 * listing apart from the texts, which are twenty times as large.
 * Differs: only the current version of each policy is there, and a policy has no description.
 */
import { formatArn, parseArn, type Arn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { keyOfName } from "./path.ts";

/** In place of the account in the ARN of a policy that is AWS's own. */
export const AWS_OWNED = "aws";

export interface ManagedPolicy {
  readonly arn: Arn;
  readonly path: string;
  readonly name: string;
  readonly id: string;
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

type Entry = readonly [
  path: string,
  name: string,
  id: string,
  version: number,
  createdAtSeconds: number,
  updatedAtSeconds: number,
];

export const isManagedArn = (arn: string): boolean => parseArn(arn)?.account === AWS_OWNED;

/** All of them, ordered by name. */
export async function managedPolicies({ partition }: Pick<Context, "partition">): Promise<readonly ManagedPolicy[]> {
  const entries = await managedEntries();
  return entries.map((entry) => managedPolicy(entry, partition));
}

export async function findManaged(arn: string): Promise<ManagedPolicy | undefined> {
  const parts = parseArn(arn);
  if (parts?.account !== AWS_OWNED) return undefined;
  const entry = await findEntry(arn.slice(arn.lastIndexOf("/") + 1));
  const found = entry && managedPolicy(entry, parts.partition);
  return found?.arn === arn ? found : undefined;
}

/** The policy's text: there for each policy that is listed. */
export async function managedDocument({ name }: Pick<ManagedPolicy, "name">): Promise<string | undefined> {
  const { default: documents } = await import("../../../models/managed-policies/documents.json", {
    with: { type: "json" },
  });
  const byName: Readonly<Record<string, string>> = documents;
  return byName[name];
}

async function managedEntries(): Promise<readonly Entry[]> {
  const { default: list } = await import("../../../models/managed-policies/list.json", { with: { type: "json" } });
  return list as readonly unknown[] as readonly Entry[];
}

/** By bisection: the list is ordered by name, its case apart. */
async function findEntry(name: string): Promise<Entry | undefined> {
  const entries = await managedEntries();
  const key = keyOfName(name);
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyOfName(entries[middle]?.[1] ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return entries[low];
}

function managedPolicy([path, name, id, version, createdAt, updatedAt]: Entry, partition: string): ManagedPolicy {
  const resource = `policy${path}${name}`;
  const arn = formatArn({ partition, service: "iam", region: "", account: AWS_OWNED, resource });
  return { arn, path, name, id, version, createdAtMs: createdAt * 1000, updatedAtMs: updatedAt * 1000 };
}
