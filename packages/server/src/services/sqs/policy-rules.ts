/** What a text must be to become a queue's policy. */
import type { PinnedPolicy } from "../../identity/directory.ts";
import { validatePolicy } from "../../identity/policy/validate.ts";
import type { Context } from "../../service/context.ts";
import { invalidAttribute } from "./errors.ts";
import type { Queue } from "./queue-row.ts";

/**
 * The policy as it is kept, with the users and roles it names held by their ids; `undefined` for none.
 * @throws {AwsError} `InvalidAttributeValue`
 */
export async function requirePolicy(
  given: string,
  queue: Queue,
  { directory, tx }: Pick<Context, "directory" | "tx">,
): Promise<PinnedPolicy | undefined> {
  const text = given.trim();
  if (text === "") return undefined;
  const rules = {
    actions: await queueActions(),
    // a statement about another queue is stored, and has no effect
    isResource: () => true,
    applies: () => true,
    // Source: https://github.com/ansible-collections/community.aws/blob/main/tests/integration/targets/sqs_queue/tasks/main.yml (run against AWS)
    mayBeBare: true,
  } as const;
  if (validatePolicy(text, "resource", rules)) throw invalidAttribute("Policy");
  const pinned = await directory.pinPrincipals(listed(text), { ...queue, tx });
  if (pinned.kind === "unknown") throw invalidAttribute("Policy");
  return pinned;
}

/**
 * A policy of one statement is read back with a list of it.
 * Source: https://github.com/ansible-collections/community.aws/blob/main/tests/integration/targets/sqs_queue/tasks/main.yml (run against AWS)
 */
function listed(text: string): string {
  const policy: unknown = JSON.parse(text);
  const isBare =
    typeof policy === "object" && policy !== null && "Statement" in policy && !Array.isArray(policy.Statement);
  return isBare ? JSON.stringify({ ...policy, Statement: [policy.Statement] }) : text;
}

async function queueActions(): Promise<readonly string[]> {
  const { default: table } = await import("../../../models/iam/sqs.json", { with: { type: "json" } });
  return table.actions.map(([name]) => `sqs:${String(name)}`);
}
