/** The rows of what AWS's services send their logs by: sources, destinations, and deliveries from one to the other. */
import type { DeliveryDestinationType, OutputFormat } from "@aws-sdk/client-cloudwatch-logs";
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";

export interface VendedSource {
  readonly name: string;
  readonly resource: string;
  readonly service: string;
  readonly logType: string;
  readonly tags: Tags;
}

export const vendedSources = table<VendedSource>("cloudwatch-logs.delivery-source", "region", ({ name }) => [name]);

export interface VendedDestination {
  readonly name: string;
  readonly type: DeliveryDestinationType;
  readonly resource: string;
  readonly format?: OutputFormat;
  readonly policy?: PinnedPolicy;
  readonly tags: Tags;
}

export const vendedDestinations = table<VendedDestination>(
  "cloudwatch-logs.delivery-destination",
  "region",
  ({ name }) => [name],
);

export interface VendedDelivery {
  readonly id: string;
  readonly source: string;
  readonly destinationArn: string;
  readonly type: DeliveryDestinationType;
  readonly fields?: readonly string[];
  readonly delimiter?: string;
  readonly suffixPath?: string;
  readonly hivePath?: boolean;
  readonly tags: Tags;
}

export const vendedDeliveries = table<VendedDelivery>("cloudwatch-logs.delivery", "region", ({ id }) => [id]);

/** What goes from a source to a destination, and from a destination to whom: each once. */
interface Pair {
  readonly from: string;
  readonly to: string;
  readonly delivery: string;
}

export const deliveriesOfSources = table<Pair>("cloudwatch-logs.delivery-pair", "region", ({ from, to }) => [from, to]);
export const deliveriesToDestinations = table<Pair>("cloudwatch-logs.delivery-pair-back", "region", ({ from, to }) => [
  to,
  from,
]);
