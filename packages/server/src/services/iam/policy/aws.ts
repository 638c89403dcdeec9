/**
 * AWS's own managed policies, as every account sees them: read from files when first asked for, the
 * listing apart from the texts, which are twenty times as large.
 * Differs: only the current version of each policy is there, and a policy has no description.
 */
import { formatArn, parseArn } from "../../../kernel/arn.ts";
import { assert } from "../../../kernel/assert.ts";
import type { Context } from "../../../service/context.ts";
import { keyOfName } from "../path.ts";
import type { PolicyFacts } from "./managed.ts";

/** In place of the account in the ARN of a policy that is AWS's own. */
const AWS_ACCOUNT = "aws";

export interface AwsPolicy extends PolicyFacts {
  readonly owner: "aws";
}

type Entry = readonly [
  path: string,
  name: string,
  id: string,
  version: number,
  createdAtSeconds: number,
  updatedAtSeconds: number,
];

/** All of them, ordered by name. */
export async function awsPolicies({ partition }: Pick<Context, "partition">): Promise<readonly AwsPolicy[]> {
  const entries = await readEntries();
  return entries.map((entry) => awsPolicy(entry, partition));
}

export async function findAwsPolicy(arn: string): Promise<AwsPolicy | undefined> {
  const parts = parseArn(arn);
  if (parts?.account !== AWS_ACCOUNT) return undefined;
  const entry = await findEntry(arn.slice(arn.lastIndexOf("/") + 1));
  const found = entry && awsPolicy(entry, parts.partition);
  return found?.arn === arn ? found : undefined;
}

/** The text of a policy that is listed. */
export async function awsDocument({ name }: Pick<AwsPolicy, "name">): Promise<string> {
  const { default: documents } = await import("../../../../managed-policies/documents.json", {
    with: { type: "json" },
  });
  const byName: Readonly<Record<string, string>> = documents;
  const document = byName[name];
  assert(document !== undefined, "a listed policy has a text");
  return document;
}

async function readEntries(): Promise<readonly Entry[]> {
  const { default: list } = await import("../../../../managed-policies/list.json", { with: { type: "json" } });
  return list as readonly unknown[] as readonly Entry[];
}

/** By bisection: the list is ordered by name, its case apart. */
async function findEntry(name: string): Promise<Entry | undefined> {
  const entries = await readEntries();
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

function awsPolicy([path, name, id, defaultVersion, createdAt, updatedAt]: Entry, partition: string): AwsPolicy {
  const arn = formatArn({
    partition,
    service: "iam",
    region: "",
    account: AWS_ACCOUNT,
    resource: `policy${path}${name}`,
  });
  const times = { createdAtMs: createdAt * 1000, updatedAtMs: updatedAt * 1000 };
  return { owner: "aws", arn, path, name, id, defaultVersion, ...times, description: undefined, tags: {} };
}
