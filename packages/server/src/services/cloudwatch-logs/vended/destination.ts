/**
 * Where services send their logs to.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliveryDestination.html
 */
import type { DeliveryDestination, DeliveryDestinationType } from "@aws-sdk/client-cloudwatch-logs";
import { parseArn } from "../../../kernel/arn.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { page } from "../../../kernel/page.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onAccount } from "../account-access.ts";
import { invalidToken } from "../errors.ts";
import { arn, operation } from "../kit.ts";
import { PAGE_MAX } from "../limits.ts";
import { requirePolicy } from "../resource-policy.ts";
import { requireNewTags } from "../tag-rules.ts";
import { notBuilt } from "../unbuilt.ts";
import { destinationInUse, destinationTypeInvalid, formatFixed, vendedDestinationNotFound } from "./errors.ts";
import { deliveriesToDestinations, vendedDestinations, type VendedDestination } from "./row.ts";

const vendedDestinationArn = (context: Context, name: string) => arn(context, `delivery-destination:${name}`);

async function onDestination(action: string, name: string, context: Context, more: Partial<Access> = {}) {
  const found = await context.tx.get(vendedDestinations, name);
  const resource = vendedDestinationArn(context, name);
  return { action: `logs:${action}`, resource, resourceTags: found?.tags, ...more };
}

const TYPES: Readonly<Record<string, DeliveryDestinationType>> = { logs: "CWL", s3: "S3", firehose: "FH" };

export const putDeliveryDestination = operation("PutDeliveryDestination", {
  authorize: ({ name, tags, deliveryDestinationConfiguration }, context) =>
    onDestination("PutDeliveryDestination", name, context, {
      requestTags: tags,
      keys: { "logs:DeliveryDestinationResourceArn": deliveryDestinationConfiguration?.destinationResourceArn },
    }),

  async handle(input, context) {
    const { name, outputFormat: format, tags = {} } = input;
    const aim = requireAim(input);
    const was = await context.tx.get(vendedDestinations, name);
    if (was !== undefined && format !== undefined && format !== was.format) throw formatFixed();
    const destination: VendedDestination = {
      ...was,
      name,
      ...aim,
      ...(format !== undefined && { format }),
      tags: requireNewTags(tags, was?.tags ?? {}),
    };
    context.tx.put(vendedDestinations, destination);
    return { deliveryDestination: show(destination, context) };
  },
});

interface Aimed {
  readonly deliveryDestinationConfiguration?: { readonly destinationResourceArn: string } | undefined;
  readonly deliveryDestinationType?: DeliveryDestinationType | undefined;
  readonly roleArn?: string | undefined;
}

/** What it points at. @throws {AwsError} `ValidationException` */
function requireAim({ deliveryDestinationConfiguration, deliveryDestinationType, roleArn }: Aimed) {
  if (roleArn !== undefined) throw notBuilt("roleArn of delivery destinations");
  const resource = deliveryDestinationConfiguration?.destinationResourceArn ?? "";
  const type = findOwn(TYPES, parseArn(resource)?.service ?? "");
  if (type === undefined || (deliveryDestinationType ?? type) !== type) throw destinationTypeInvalid();
  return { resource, type };
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireDestination(name: string, { tx }: Pick<Context, "tx">): Promise<VendedDestination> {
  const found = await tx.get(vendedDestinations, name);
  if (found === undefined) throw vendedDestinationNotFound();
  return found;
}

export const getDeliveryDestination = operation("GetDeliveryDestination", {
  authorize: ({ name }, context) => onDestination("GetDeliveryDestination", name, context),

  async handle({ name }, context) {
    return { deliveryDestination: show(await requireDestination(name, context), context) };
  },
});

export const deleteDeliveryDestination = operation("DeleteDeliveryDestination", {
  authorize: ({ name }, context) => onDestination("DeleteDeliveryDestination", name, context),

  async handle({ name }, context) {
    const { tx } = context;
    await requireDestination(name, context);
    const used = await tx.scan(deliveriesToDestinations, { prefix: [vendedDestinationArn(context, name)], limit: 1 });
    if (used.length > 0) throw destinationInUse();
    tx.delete(vendedDestinations, name);
    return {};
  },
});

export const describeDeliveryDestinations = operation("DescribeDeliveryDestinations", {
  authorize: () => onAccount("DescribeDeliveryDestinations"),

  async handle({ nextToken: token, limit, names }, context) {
    const { rows, next } = await page(context.tx, vendedDestinations, { token, limit, max: PAGE_MAX, invalidToken });
    const wanted = rows.filter(({ name }) => names === undefined || names.includes(name));
    return {
      deliveryDestinations: wanted.map((row) => show(row, context)),
      ...(next !== undefined && { nextToken: next }),
    };
  },
});

/**
 * Its tags are not among it.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/logs/test_logs_delivery.snapshot.json (test_put_delivery_destination)
 */
const show = ({ name, type, resource, format }: VendedDestination, context: Context): DeliveryDestination => ({
  name,
  arn: vendedDestinationArn(context, name),
  deliveryDestinationType: type,
  ...(format !== undefined && { outputFormat: format }),
  deliveryDestinationConfiguration: { destinationResourceArn: resource },
});

export const putDeliveryDestinationPolicy = operation("PutDeliveryDestinationPolicy", {
  authorize: ({ deliveryDestinationName }, context) =>
    onDestination("PutDeliveryDestinationPolicy", deliveryDestinationName, context),

  async handle({ deliveryDestinationName, deliveryDestinationPolicy }, context) {
    const destination = await requireDestination(deliveryDestinationName, context);
    const policy = await requirePolicy(deliveryDestinationPolicy, context);
    context.tx.put(vendedDestinations, { ...destination, policy });
    return { policy: { deliveryDestinationPolicy: await context.directory.showPrincipals(policy, context) } };
  },
});

export const getDeliveryDestinationPolicy = operation("GetDeliveryDestinationPolicy", {
  authorize: ({ deliveryDestinationName }, context) =>
    onDestination("GetDeliveryDestinationPolicy", deliveryDestinationName, context),

  async handle({ deliveryDestinationName }, context) {
    const { policy } = await requireDestination(deliveryDestinationName, context);
    if (policy === undefined) return { policy: {} };
    return { policy: { deliveryDestinationPolicy: await context.directory.showPrincipals(policy, context) } };
  },
});

export const deleteDeliveryDestinationPolicy = operation("DeleteDeliveryDestinationPolicy", {
  authorize: ({ deliveryDestinationName }, context) =>
    onDestination("DeleteDeliveryDestinationPolicy", deliveryDestinationName, context),

  async handle({ deliveryDestinationName }, context) {
    const { policy: _gone, ...rest } = await requireDestination(deliveryDestinationName, context);
    context.tx.put(vendedDestinations, rest);
    return {};
  },
});
