/**
 * Statements of a queue's policy, added and taken away by a label.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
 */
import { parseAccountId } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { onOwnQueue } from "../access.ts";
import {
  actionUnknown,
  invalidValue,
  labelNowhere,
  labelTaken,
  labelUnknown,
  missing,
  ownersOnly,
  principalUnknown,
  tooManyActions,
  tooManyStatements,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { LABEL_CHARACTERS_MAX, PERMISSION_ACTIONS_MAX, POLICY_STATEMENTS_MAX } from "../limits.ts";
import { requirePolicy } from "./policy-rules.ts";
import { arnOf, homeOf, queues, requireQueue, type Queue } from "./row.ts";

/** What may be given to others. */
const GIVEN: ReadonlySet<string> = new Set([
  "*",
  "ChangeMessageVisibility",
  "DeleteMessage",
  "GetQueueAttributes",
  "GetQueueUrl",
  "ListDeadLetterSourceQueues",
  "PurgeQueue",
  "ReceiveMessage",
  "SendMessage",
]);

const OWNERS: ReadonlySet<string> = new Set([
  "AddPermission",
  "CancelMessageMoveTask",
  "CreateQueue",
  "DeleteQueue",
  "ListMessageMoveTasks",
  "ListQueues",
  "ListQueueTags",
  "RemovePermission",
  "SetQueueAttributes",
  "StartMessageMoveTask",
  "TagQueue",
  "UntagQueue",
]);

type Statement = Record<string, unknown>;

export const addPermission = operation("AddPermission", {
  authorize: ({ QueueUrl }, context) => onOwnQueue("AddPermission", QueueUrl, context),

  async handle({ QueueUrl, Label, AWSAccountIds, Actions }, context) {
    const queue = await requireQueue(QueueUrl, context);
    requireLabel(Label);
    requireActions(Actions);
    if (AWSAccountIds.length === 0 || !AWSAccountIds.every(isAccount)) throw principalUnknown(AWSAccountIds);
    const policy = await policyOf(queue, context);
    if (policy.statements.some(({ Sid }) => Sid === Label)) throw labelTaken(Label);
    const count = policy.statements.length + 1;
    if (count > POLICY_STATEMENTS_MAX) throw tooManyStatements(count, POLICY_STATEMENTS_MAX);
    const added = {
      Sid: Label,
      Effect: "Allow",
      Principal: { AWS: oneOrMany(AWSAccountIds.map((id) => `arn:${queue.partition}:iam::${id}:root`)) },
      Action: oneOrMany(Actions.map((action) => `SQS:${action}`)),
      Resource: arnOf(queue),
    };
    await putPolicy(queue, { ...policy, statements: [...policy.statements, added] }, context);
    return {};
  },
});

export const removePermission = operation("RemovePermission", {
  authorize: ({ QueueUrl }, context) => onOwnQueue("RemovePermission", QueueUrl, context),

  async handle({ QueueUrl, Label }, context) {
    const queue = await requireQueue(QueueUrl, context);
    if (queue.policy === undefined) throw labelNowhere(Label);
    const policy = await policyOf(queue, context);
    const statements = policy.statements.filter(({ Sid }) => Sid !== Label);
    if (statements.length === policy.statements.length) throw labelUnknown(Label);
    await putPolicy(queue, { ...policy, statements }, context);
    return {};
  },
});

const isAccount = (id: string): boolean => parseAccountId(id) !== undefined;

const oneOrMany = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 && values[0] !== undefined ? values[0] : values;

function requireLabel(label: string): void {
  if (/^[\w-]+$/.test(label) && label.length <= LABEL_CHARACTERS_MAX) return;
  throw invalidValue(
    "Label",
    label,
    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
  );
}

function requireActions(actions: readonly string[]): void {
  if (actions.length === 0) throw missing("Actions");
  if (actions.length > PERMISSION_ACTIONS_MAX) throw tooManyActions(actions.length);
  for (const action of actions) {
    if (OWNERS.has(action)) throw ownersOnly(action);
    if (!GIVEN.has(action)) throw actionUnknown(action);
  }
}

interface ShownPolicy {
  readonly version: unknown;
  readonly id: unknown;
  readonly statements: readonly Statement[];
}

async function policyOf(queue: Queue, { directory, tx }: Context): Promise<ShownPolicy> {
  if (queue.policy === undefined)
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_sqs_permission_lifecycle)
    return { version: "2008-10-17", id: `${arnOf(queue)}/SQSDefaultPolicy`, statements: [] };
  const text = await directory.showPrincipals(queue.policy, { ...queue, tx });
  const read: { Version?: unknown; Id?: unknown; Statement: Statement | Statement[] } = JSON.parse(text);
  const statements = Array.isArray(read.Statement) ? read.Statement : [read.Statement];
  return { version: read.Version, id: read.Id, statements };
}

async function putPolicy(queue: Queue, { version, id, statements }: ShownPolicy, context: Context): Promise<void> {
  const { policy: _was, ...bare } = queue;
  const text = statements.length === 0 ? "" : JSON.stringify({ Version: version, Id: id, Statement: statements });
  const policy = await requirePolicy(text, queue, context);
  const changedAtMs = context.now().getTime();
  homeOf(queue, context.tx).put(queues, { ...bare, changedAtMs, ...(policy && { policy }) });
}
