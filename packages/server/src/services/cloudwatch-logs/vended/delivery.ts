/**
 * Logs of services from a source to a destination.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateDelivery.html
 */
import { hash } from "node:crypto";
import type { Delivery } from "@aws-sdk/client-cloudwatch-logs";
import { asRegion, formatArn, parseAccountId, parseArn } from "../../../kernel/arn.ts";
import { page } from "../../../kernel/page.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onAccount } from "../account-access.ts";
import { invalidToken } from "../errors.ts";
import { arn, operation } from "../kit.ts";
import { PAGE_MAX } from "../limits.ts";
import { requireNewTags } from "../tag-rules.ts";
import { deliveryExists, deliveryNotFound, vendedDestinationNotFound } from "./errors.ts";
import { CLOUDFRONT_FIELDS } from "./log-type.ts";
import {
  deliveriesOfSources,
  deliveriesToDestinations,
  vendedDeliveries,
  vendedDestinations,
  type VendedDelivery,
  type VendedDestination,
} from "./row.ts";
import { requireSource } from "./source.ts";

async function onDelivery(action: string, id: string, context: Context): Promise<Access> {
  const found = await context.tx.get(vendedDeliveries, id);
  return { action: `logs:${action}`, resource: arn(context, `delivery:${id}`), resourceTags: found?.tags };
}

/** In whichever account. */
async function findDestination(text: string, { tx }: Context): Promise<VendedDestination | undefined> {
  const parts = parseArn(text);
  const account = parseAccountId(parts?.account ?? "");
  const [, name] = /^delivery-destination:(.+)$/.exec(parts?.resource ?? "") ?? [];
  if (parts === undefined || account === undefined || name === undefined) return undefined;
  return tx.in({ account, region: asRegion(parts.region) }).get(vendedDestinations, name);
}

/** A destination's own policy says which other accounts may send to it. */
async function onDestination(text: string, context: Context): Promise<readonly Access[]> {
  const parts = parseArn(text);
  const found = await findDestination(text, context);
  if (parts === undefined || found === undefined) return [];
  const { policy, name, tags } = found;
  return [
    {
      action: "logs:CreateDelivery",
      resource: formatArn(parts),
      owner: parseAccountId(parts.account),
      resourcePolicy: policy && { name: `policy of delivery destination ${name}`, document: policy.document },
      resourceTags: tags,
    },
  ];
}

export const createDelivery = operation("CreateDelivery", {
  async authorize({ deliverySourceName, deliveryDestinationArn, tags }, context) {
    const source = arn(context, `delivery-source:${deliverySourceName}`);
    return [
      { action: "logs:CreateDelivery", resource: source, requestTags: tags },
      ...(await onDestination(deliveryDestinationArn, context)),
    ];
  },

  async handle(input, context) {
    const { tx } = context;
    const { deliverySourceName: source, deliveryDestinationArn: destinationArn } = input;
    const { service } = await requireSource(source, context);
    const destination = await findDestination(destinationArn, context);
    if (destination === undefined) throw vendedDestinationNotFound();
    if ((await tx.get(deliveriesOfSources, source, destinationArn)) !== undefined) throw deliveryExists();
    const id = newId(context);
    const usual = service === "cloudfront" ? { fields: CLOUDFRONT_FIELDS, ...s3Usual(destination) } : {};
    const delivery: VendedDelivery = {
      ...usual,
      id,
      source,
      destinationArn,
      type: destination.type,
      ...chosen(input),
      tags: requireNewTags(input.tags ?? {}, {}),
    };
    tx.put(vendedDeliveries, delivery);
    for (const each of [deliveriesOfSources, deliveriesToDestinations]) {
      tx.put(each, { from: source, to: destinationArn, delivery: id });
    }
    return { delivery: show(delivery, context) };
  },
});

/** Sixteen characters. */
const newId = (context: Context): string =>
  BigInt(`0x${hash("sha256", context.newId(), "hex")}`)
    .toString(36)
    .slice(0, 16);

/** Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers) */
const s3Usual = ({ type }: VendedDestination) =>
  type === "S3" ? { suffixPath: "AWSLogs/{account-id}/CloudFront/", hivePath: false } : {};

interface Chosen {
  readonly recordFields?: readonly string[] | undefined;
  readonly fieldDelimiter?: string | undefined;
  readonly s3DeliveryConfiguration?:
    | { readonly suffixPath?: string | undefined; readonly enableHiveCompatiblePath?: boolean | undefined }
    | undefined;
}

function chosen({ recordFields, fieldDelimiter, s3DeliveryConfiguration = {} }: Chosen): Partial<VendedDelivery> {
  const { suffixPath, enableHiveCompatiblePath } = s3DeliveryConfiguration;
  return {
    ...(recordFields !== undefined && { fields: recordFields }),
    ...(fieldDelimiter !== undefined && { delimiter: fieldDelimiter }),
    ...(suffixPath !== undefined && { suffixPath }),
    ...(enableHiveCompatiblePath !== undefined && { hivePath: enableHiveCompatiblePath }),
  };
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireDelivery(id: string, { tx }: Context): Promise<VendedDelivery> {
  const found = await tx.get(vendedDeliveries, id);
  if (found === undefined) throw deliveryNotFound();
  return found;
}

export const updateDeliveryConfiguration = operation("UpdateDeliveryConfiguration", {
  authorize: ({ id }, context) => onDelivery("UpdateDeliveryConfiguration", id, context),

  async handle(input, context) {
    context.tx.put(vendedDeliveries, { ...(await requireDelivery(input.id, context)), ...chosen(input) });
    return {};
  },
});

export const getDelivery = operation("GetDelivery", {
  authorize: ({ id }, context) => onDelivery("GetDelivery", id, context),

  async handle({ id }, context) {
    return { delivery: show(await requireDelivery(id, context), context) };
  },
});

export const deleteDelivery = operation("DeleteDelivery", {
  authorize: ({ id }, context) => onDelivery("DeleteDelivery", id, context),

  async handle({ id }, context) {
    const { tx } = context;
    const { source, destinationArn } = await requireDelivery(id, context);
    tx.delete(vendedDeliveries, id);
    tx.delete(deliveriesOfSources, source, destinationArn);
    tx.delete(deliveriesToDestinations, destinationArn, source);
    return {};
  },
});

export const describeDeliveries = operation("DescribeDeliveries", {
  authorize: () => onAccount("DescribeDeliveries"),

  async handle({ nextToken: token, limit, deliverySourceNames: names }, context) {
    const { rows, next } = await page(context.tx, vendedDeliveries, { token, limit, max: PAGE_MAX, invalidToken });
    const wanted = rows.filter(({ source }) => names === undefined || names.includes(source));
    return { deliveries: wanted.map((row) => show(row, context)), ...(next !== undefined && { nextToken: next }) };
  },
});

function show(delivery: VendedDelivery, context: Context): Delivery {
  const { id, source, destinationArn, type, fields, delimiter, suffixPath, hivePath, tags } = delivery;
  const s3 = {
    ...(suffixPath !== undefined && { suffixPath }),
    ...(hivePath !== undefined && { enableHiveCompatiblePath: hivePath }),
  };
  return {
    id,
    arn: arn(context, `delivery:${id}`),
    deliverySourceName: source,
    deliveryDestinationArn: destinationArn,
    deliveryDestinationType: type,
    ...(fields && { recordFields: [...fields] }),
    ...(delimiter !== undefined && { fieldDelimiter: delimiter }),
    ...(Object.keys(s3).length > 0 && { s3DeliveryConfiguration: s3 }),
    ...(Object.keys(tags).length > 0 && { tags: { ...tags } }),
  };
}
