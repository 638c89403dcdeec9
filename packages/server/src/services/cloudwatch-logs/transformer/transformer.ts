/**
 * Transformers: what becomes of the events of a group for those who want them in another form.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutTransformer.html
 */
import type { GetTransformerResponse, Processor } from "@aws-sdk/client-cloudwatch-logs";
import type { Context } from "../../../service/context.ts";
import { onNamedGroup } from "../access.ts";
import { onAccount } from "../account-access.ts";
import { notForClass } from "../errors.ts";
import { groupOfText, groups, requireOwnGroup } from "../group-row.ts";
import { operation } from "../kit.ts";
import { transformers, type Transformer } from "./row.ts";
import { compileTransformer } from "./transform.ts";

const onGroup = (action: string, { logGroupIdentifier }: { readonly logGroupIdentifier: string }, context: Context) =>
  onNamedGroup(action, groupOfText(logGroupIdentifier, context), context);

export const putTransformer = operation("PutTransformer", {
  authorize: (input, context) => onGroup("PutTransformer", input, context),

  async handle({ logGroupIdentifier, transformerConfig: config }, context) {
    const { tx } = context;
    const group = await requireOwnGroup(logGroupIdentifier, context);
    if (group.class !== "STANDARD") throw notForClass(group.class);
    await compileTransformer(config);
    const was = await tx.get(transformers, group.id);
    const nowMs = context.now().getTime();
    const text = JSON.stringify(config);
    tx.put(transformers, { group: group.id, config: text, createdAtMs: was?.createdAtMs ?? nowMs, changedAtMs: nowMs });
    if (group.isTransformed !== true) tx.put(groups, { ...group, isTransformed: true });
    return {};
  },
});

export const getTransformer = operation("GetTransformer", {
  authorize: (input, context) => onGroup("GetTransformer", input, context),

  /** Of a group without one, nothing is said. */
  async handle({ logGroupIdentifier }, context) {
    const group = await requireOwnGroup(logGroupIdentifier, context);
    const found = await context.tx.get(transformers, group.id);
    return found === undefined ? {} : shown(logGroupIdentifier, found);
  },
});

const shown = (logGroupIdentifier: string, found: Transformer): GetTransformerResponse => ({
  logGroupIdentifier,
  creationTime: found.createdAtMs,
  lastModifiedTime: found.changedAtMs,
  transformerConfig: processorsOf(found),
});

function processorsOf({ config }: Transformer): Processor[] {
  return JSON.parse(config);
}

export const deleteTransformer = operation("DeleteTransformer", {
  authorize: (input, context) => onGroup("DeleteTransformer", input, context),

  async handle({ logGroupIdentifier }, context) {
    const { isTransformed: _was, ...group } = await requireOwnGroup(logGroupIdentifier, context);
    context.tx.delete(transformers, group.id);
    context.tx.put(groups, group);
    return {};
  },
});

export const testTransformer = operation("TestTransformer", {
  authorize: () => onAccount("TestTransformer"),

  async handle({ transformerConfig, logEventMessages }) {
    const transform = await compileTransformer(transformerConfig);
    const transformedLogs = logEventMessages.map((eventMessage, at) => {
      const transformedEventMessage = transform(eventMessage, {});
      return {
        eventNumber: at + 1,
        eventMessage,
        ...(transformedEventMessage !== undefined && { transformedEventMessage }),
      };
    });
    return { transformedLogs };
  },
});
