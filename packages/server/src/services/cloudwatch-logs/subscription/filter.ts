/**
 * Subscription filters: who gets the events of a group as they come.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html
 */
import type { SubscriptionFilter as ShownFilter } from "@aws-sdk/client-cloudwatch-logs";
import { page } from "../../../kernel/page.ts";
import { onGroup } from "../access.ts";
import { invalidToken, limitExceeded, notForClass, subscriptionFilterNotFound } from "../errors.ts";
import { groups, requireOwnGroup } from "../group-row.ts";
import { operation } from "../kit.ts";
import { PAGE_MAX, SUBSCRIPTION_FILTERS_PER_GROUP_MAX } from "../limits.ts";
import { passing } from "../passing.ts";
import { onDestination } from "./destination-access.ts";
import { parsePattern } from "../pattern/pattern.ts";
import { requireRegexRoom } from "../regex-quota.ts";
import { notBuilt } from "../unbuilt.ts";
import { requireReachable, requireVendor } from "./destination.ts";
import { subscriptions, type Subscription } from "./filter-row.ts";

export const putSubscriptionFilter = operation("PutSubscriptionFilter", {
  async authorize(input, context) {
    const group = await onGroup("PutSubscriptionFilter", input, context);
    return [
      group,
      ...(await onDestination("PutSubscriptionFilter", input.destinationArn, context)),
      ...passing(input.roleArn),
    ];
  },

  async handle(input, context) {
    const { tx } = context;
    if (input.fieldSelectionCriteria !== undefined) throw notBuilt("fieldSelectionCriteria");
    if (input.emitSystemFields !== undefined) throw notBuilt("emitSystemFields");
    await parsePattern(input.filterPattern);
    requireVendor(input, context);
    const group = await requireOwnGroup(input.logGroupName, context);
    if (group.class !== "STANDARD") throw notForClass(group.class);
    await requireRegexRoom({ name: input.filterName, pattern: input.filterPattern }, group, context);
    const was = await tx.get(subscriptions, group.id, input.filterName);
    if (was === undefined && group.subscriptionFilters >= SUBSCRIPTION_FILTERS_PER_GROUP_MAX) throw limitExceeded();
    const subscription: Subscription = {
      group: group.id,
      name: input.filterName,
      pattern: input.filterPattern,
      destination: input.destinationArn,
      ...(input.roleArn !== undefined && { role: input.roleArn }),
      distribution: input.distribution ?? "ByLogStream",
      onTransformed: input.applyOnTransformedLogs ?? false,
      createdAtMs: was?.createdAtMs ?? context.now().getTime(),
    };
    await requireReachable(subscription, group, context);
    tx.put(subscriptions, subscription);
    if (was === undefined) tx.put(groups, { ...group, subscriptionFilters: group.subscriptionFilters + 1 });
    return {};
  },
});

export const deleteSubscriptionFilter = operation("DeleteSubscriptionFilter", {
  authorize: (input, context) => onGroup("DeleteSubscriptionFilter", input, context),

  async handle({ logGroupName, filterName }, context) {
    const { tx } = context;
    const group = await requireOwnGroup(logGroupName, context);
    if ((await tx.get(subscriptions, group.id, filterName)) === undefined) throw subscriptionFilterNotFound();
    tx.delete(subscriptions, group.id, filterName);
    tx.put(groups, { ...group, subscriptionFilters: group.subscriptionFilters - 1 });
    return {};
  },
});

export const describeSubscriptionFilters = operation("DescribeSubscriptionFilters", {
  authorize: (input, context) => onGroup("DescribeSubscriptionFilters", input, context),

  async handle({ logGroupName, filterNamePrefix: startsWith, nextToken: token, limit }, context) {
    const group = await requireOwnGroup(logGroupName, context);
    const paging = { prefix: [group.id], startsWith, token, limit, max: PAGE_MAX, invalidToken };
    const { rows, next } = await page(context.tx, subscriptions, paging);
    const subscriptionFilters = rows.map((row) => show(row, logGroupName));
    return { subscriptionFilters, ...(next !== undefined && { nextToken: next }) };
  },
});

/** Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers) */
const show = (subscription: Subscription, logGroupName: string): ShownFilter => ({
  filterName: subscription.name,
  logGroupName,
  filterPattern: subscription.pattern,
  destinationArn: subscription.destination,
  ...(subscription.role !== undefined && { roleArn: subscription.role }),
  distribution: subscription.distribution,
  applyOnTransformedLogs: subscription.onTransformed,
  creationTime: subscription.createdAtMs,
});
