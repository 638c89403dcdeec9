/**
 * What became of the runs of a scheduled query.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetScheduledQueryHistory.html
 */
import type { TriggerHistoryRecord } from "@aws-sdk/client-cloudwatch-logs";
import { decodeToken, encodeToken } from "../../../kernel/page.ts";
import { invalidToken } from "../errors.ts";
import { operation } from "../kit.ts";
import { SCHEDULED_PER_PAGE_MAX } from "../limits.ts";
import { findScheduled, runs, type Run } from "./row.ts";
import { epochMsOf, requireScheduled, scheduledArn } from "./scheduled-query.ts";

export const getScheduledQueryHistory = operation("GetScheduledQueryHistory", {
  async authorize({ identifier }, context) {
    const found = await findScheduled(identifier, context.tx);
    const resource = scheduledArn(context, found?.id ?? "*");
    return { action: "logs:GetScheduledQueryHistory", resource, resourceTags: found?.tags };
  },

  async handle(input, context) {
    const { id, name } = await requireScheduled(input.identifier, context);
    const { executionStatuses, maxResults: limit = SCHEDULED_PER_PAGE_MAX, nextToken: token } = input;
    const after = token === undefined ? undefined : decodeToken(token, invalidToken);
    const rows = await context.tx.scan(runs, {
      from: [id, epochMsOf(input.startTime)],
      before: [id, epochMsOf(input.endTime) + 1],
      after,
      limit: limit + 1,
    });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      name,
      scheduledQueryArn: scheduledArn(context, id),
      triggerHistory: shown
        .filter(({ status }) => executionStatuses === undefined || executionStatuses.includes(status))
        .map(show),
      ...(last !== undefined && { nextToken: encodeToken(runs.keyOf(last)) }),
    };
  },
});

const show = ({ queryId, status, atMs, error, delivered }: Run): TriggerHistoryRecord => ({
  ...(queryId !== undefined && { queryId }),
  executionStatus: status,
  triggeredTimestamp: atMs,
  ...(error !== undefined && { errorMessage: error }),
  destinations:
    delivered === undefined
      ? []
      : [
          {
            destinationType: "S3",
            destinationIdentifier: delivered.uri,
            status: delivered.error === undefined ? "COMPLETE" : "CLIENT_ERROR",
            ...(delivered.at !== undefined && { processedIdentifier: delivered.at }),
            ...(delivered.error !== undefined && { errorMessage: delivered.error }),
          },
        ],
});
