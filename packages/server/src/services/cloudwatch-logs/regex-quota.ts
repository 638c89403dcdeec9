import type { Context } from "../../service/context.ts";
import { limitExceeded } from "./errors.ts";
import { homeOf, type LogGroup } from "./group-row.ts";
import {
  METRIC_FILTERS_PER_GROUP_MAX,
  REGEX_FILTERS_PER_GROUP_MAX,
  SUBSCRIPTION_FILTERS_PER_GROUP_MAX,
} from "./limits.ts";
import { metricFilters } from "./metric/filter-row.ts";
import { subscriptions } from "./subscription/filter-row.ts";

const hasRegex = ({ pattern }: Named): boolean => /%[^%]+%/.test(pattern);

interface Named {
  readonly name: string;
  readonly pattern: string;
}

/** Whether the group may have one more filter with a regular expression, of either kind. @throws {AwsError} `LimitExceededException` */
export async function requireRegexRoom(filter: Named, group: LogGroup, { tx }: Context): Promise<void> {
  if (!hasRegex(filter)) return;
  const home = homeOf(group, tx);
  const prefix = [group.id];
  const there: readonly Named[] = [
    ...(await home.scan(metricFilters, { prefix, limit: METRIC_FILTERS_PER_GROUP_MAX })),
    ...(await home.scan(subscriptions, { prefix, limit: SUBSCRIPTION_FILTERS_PER_GROUP_MAX })),
  ];
  const others = there.filter((one) => one.name !== filter.name && hasRegex(one));
  if (others.length >= REGEX_FILTERS_PER_GROUP_MAX) throw limitExceeded();
}
