/** What a text must be to become a queue's policy. */
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { validatePolicy } from "../../../identity/policy/validate.ts";
import type { Context } from "../../../service/context.ts";
import { invalidAttribute, tooManyStatements } from "../errors.ts";
import { POLICY_BYTES_MAX, POLICY_CONDITIONS_MAX, POLICY_PRINCIPALS_MAX, POLICY_STATEMENTS_MAX } from "../limits.ts";
import type { Queue } from "./row.ts";

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
  requireQuotas(text);
  const pinned = await directory.pinPrincipals(listed(text), { ...queue, tx });
  if (pinned.kind === "unknown") throw invalidAttribute("Policy");
  return pinned;
}

interface Statement {
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** @throws {AwsError} `OverLimit`, `InvalidAttributeValue` */
function requireQuotas(text: string): void {
  const { Statement }: { readonly Statement: Statement | readonly Statement[] } = JSON.parse(text);
  const statements = [Statement].flat();
  if (statements.length > POLICY_STATEMENTS_MAX) throw tooManyStatements(statements.length, POLICY_STATEMENTS_MAX);
  const isOver = statements.some(
    (one) => principalsOf(one) > POLICY_PRINCIPALS_MAX || conditionsOf(one) > POLICY_CONDITIONS_MAX,
  );
  if (isOver || Buffer.byteLength(text) > POLICY_BYTES_MAX) throw invalidAttribute("Policy");
}

const principalsOf = ({ Principal = {} }: Statement): number =>
  typeof Principal === "string" ? 1 : Object.values(Principal).flat().length;

const conditionsOf = ({ Condition = {} }: Statement): number =>
  Object.values(Condition).flatMap((keys) => Object.keys(keys)).length;

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
  const { default: table } = await import("../../../../models/iam/sqs.json", { with: { type: "json" } });
  return table.actions.map(([name]) => `sqs:${String(name)}`);
}
