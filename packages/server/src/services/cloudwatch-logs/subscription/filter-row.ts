/** The rows of subscription filters. */
import type { Distribution } from "@aws-sdk/client-cloudwatch-logs";
import { table } from "../../../kernel/table.ts";

export interface Subscription {
  readonly group: string;
  readonly name: string;
  readonly pattern: string;
  readonly destination: string;
  readonly role?: string;
  readonly distribution: Distribution;
  readonly onTransformed: boolean;
  readonly createdAtMs: number;
}

export const subscriptions = table<Subscription>("cloudwatch-logs.subscription", "region", ({ group, name }) => [
  group,
  name,
]);
