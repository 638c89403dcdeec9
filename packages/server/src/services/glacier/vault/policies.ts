/** The two policies of a vault as one: the access policy, and the lock's, which counts from the moment it is tried out. */
import type { ResourcePolicy } from "../../../service/access.ts";
import type { Vault } from "./row.ts";

export function policyOf({ name, policy, lock }: Vault): ResourcePolicy | undefined {
  if (lock === undefined) return policy && { name: `vault access policy of ${name}`, document: policy.document };
  if (policy === undefined) return { name: `vault lock policy of ${name}`, document: lock.policy.document };
  const document = together(policy.document, lock.policy.document);
  return { name: `vault access policy and vault lock policy of ${name}`, document };
}

interface Document {
  readonly Version?: string;
  readonly Statement: object | readonly object[];
}

/** Both were found valid when they were put. */
const together = (...texts: readonly string[]): string =>
  JSON.stringify({ Version: NEWEST, Statement: texts.flatMap(statementsOf) });

const NEWEST = "2012-10-17";

function statementsOf(text: string): readonly object[] {
  const document: Document = JSON.parse(text);
  if (document.Version === NEWEST) return [document.Statement].flat();
  // the older language has no variables: what looks like one stands for itself
  const newer: Document = JSON.parse(text.replaceAll("${", "${$}{"));
  return [newer.Statement].flat();
}
