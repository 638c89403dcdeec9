/**
 * What services send their logs from.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutDeliverySource.html
 */
import type { DeliverySource } from "@aws-sdk/client-cloudwatch-logs";
import { parseArn } from "../../../kernel/arn.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { page } from "../../../kernel/page.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onAccount } from "../account-access.ts";
import { invalidToken } from "../errors.ts";
import { arn, operation } from "../kit.ts";
import { PAGE_MAX } from "../limits.ts";
import { requireNewTags } from "../tag-rules.ts";
import { notBuilt } from "../unbuilt.ts";
import { logTypeInvalid, serviceUnknown, sourceInUse, sourceNotFound, sourceOfAnother } from "./errors.ts";
import { LOG_TYPES } from "./log-type.ts";
import { deliveriesOfSources, vendedSources, type VendedSource } from "./row.ts";

async function onSource(action: string, name: string, context: Context, more: Partial<Access> = {}): Promise<Access> {
  const found = await context.tx.get(vendedSources, name);
  return {
    action: `logs:${action}`,
    resource: arn(context, `delivery-source:${name}`),
    resourceTags: found?.tags,
    ...more,
  };
}

export const putDeliverySource = operation("PutDeliverySource", {
  authorize: ({ name, tags, resourceArn }, context) =>
    onSource("PutDeliverySource", name, context, {
      requestTags: tags,
      keys: { "logs:LogGeneratingResourceArns": [resourceArn] },
    }),

  async handle({ name, resourceArn: resource, logType, tags = {}, deliverySourceConfiguration }, context) {
    if (deliverySourceConfiguration !== undefined) throw notBuilt("deliverySourceConfiguration");
    const service = parseArn(resource)?.service ?? "";
    const allowed = findOwn(LOG_TYPES, service);
    if (allowed === undefined) throw serviceUnknown();
    if (!allowed.includes(logType)) throw logTypeInvalid(logType, allowed);
    const was = await context.tx.get(vendedSources, name);
    if (was !== undefined && was.resource !== resource) throw sourceOfAnother();
    const source = { name, resource, service, logType, tags: requireNewTags(tags, was?.tags ?? {}) };
    context.tx.put(vendedSources, source);
    return { deliverySource: show(source, context) };
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireSource(name: string, { tx }: Context): Promise<VendedSource> {
  const found = await tx.get(vendedSources, name);
  if (found === undefined) throw sourceNotFound();
  return found;
}

export const getDeliverySource = operation("GetDeliverySource", {
  authorize: ({ name }, context) => onSource("GetDeliverySource", name, context),

  async handle({ name }, context) {
    return { deliverySource: show(await requireSource(name, context), context) };
  },
});

export const deleteDeliverySource = operation("DeleteDeliverySource", {
  authorize: ({ name }, context) => onSource("DeleteDeliverySource", name, context),

  async handle({ name }, context) {
    await requireSource(name, context);
    if ((await context.tx.scan(deliveriesOfSources, { prefix: [name], limit: 1 })).length > 0) throw sourceInUse();
    context.tx.delete(vendedSources, name);
    return {};
  },
});

export const describeDeliverySources = operation("DescribeDeliverySources", {
  authorize: () => onAccount("DescribeDeliverySources"),

  async handle({ nextToken: token, limit, resourceArns }, context) {
    const { rows, next } = await page(context.tx, vendedSources, { token, limit, max: PAGE_MAX, invalidToken });
    const wanted = rows.filter(({ resource }) => resourceArns === undefined || resourceArns.includes(resource));
    return {
      deliverySources: wanted.map((row) => show(row, context)),
      ...(next !== undefined && { nextToken: next }),
    };
  },
});

const show = ({ name, resource, service, logType, tags }: VendedSource, context: Context): DeliverySource => ({
  name,
  arn: arn(context, `delivery-source:${name}`),
  resourceArns: [resource],
  service,
  logType,
  ...(Object.keys(tags).length > 0 && { tags: { ...tags } }),
});
