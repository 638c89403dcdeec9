/**
 * Destinations: a stream of one account that takes the events of others.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html
 */
import type { Destination as ShownDestination } from "@aws-sdk/client-cloudwatch-logs";
import { page } from "../../kernel/page.ts";
import { parseArn } from "../../kernel/arn.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { onAccount } from "./account-access.ts";
import { destinationArn, destinations, findDestination, type Destination } from "./destination-row.ts";
import { destinationNotFound, invalidToken, vendorUnknown } from "./errors.ts";
import { arn, operation } from "./kit.ts";
import { PAGE_MAX } from "./limits.ts";
import { passing } from "./passing.ts";
import { requirePolicy } from "./resource-policy.ts";
import { requireNewTags } from "./tag-rules.ts";

async function onDestination(action: string, name: string, context: Context, more: Partial<Access> = {}) {
  const found = await findDestination(name, context.tx);
  const resource = arn(context, `destination:${name}`);
  return { action: `logs:${action}`, resource, resourceTags: found?.tags, ...more };
}

export const putDestination = operation("PutDestination", {
  async authorize({ destinationName, roleArn, tags }, context) {
    const put = await onDestination("PutDestination", destinationName, context, { requestTags: tags });
    return [put, ...passing(roleArn)];
  },

  async handle({ destinationName: name, targetArn, roleArn, tags = {} }, context) {
    const { tx, account, region, partition } = context;
    const vendor = parseArn(targetArn)?.service ?? "";
    if (vendor !== "kinesis" && vendor !== "firehose") throw vendorUnknown();
    const was = await findDestination(name, tx);
    const destination: Destination = {
      createdAtMs: context.now().getTime(),
      ...was,
      name,
      account,
      region,
      partition,
      target: targetArn,
      role: roleArn,
      tags: requireNewTags(tags, was?.tags ?? {}),
    };
    tx.put(destinations, destination);
    return { destination: await show(destination, context) };
  },
});

export const putDestinationPolicy = operation("PutDestinationPolicy", {
  authorize: ({ destinationName }, context) => onDestination("PutDestinationPolicy", destinationName, context),

  /** What `forceUpdate` forces is asked for nowhere: subscriptions that a policy no longer lets be stay as they are. */
  async handle({ destinationName, accessPolicy }, context) {
    const destination = await requireDestination(destinationName, context);
    context.tx.put(destinations, { ...destination, policy: await requirePolicy(accessPolicy, context) });
    return {};
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireDestination(name: string, { tx }: Context): Promise<Destination> {
  const found = await findDestination(name, tx);
  if (found === undefined) throw destinationNotFound();
  return found;
}

export const deleteDestination = operation("DeleteDestination", {
  authorize: ({ destinationName }, context) => onDestination("DeleteDestination", destinationName, context),

  async handle({ destinationName }, context) {
    await requireDestination(destinationName, context);
    context.tx.delete(destinations, destinationName);
    return {};
  },
});

export const describeDestinations = operation("DescribeDestinations", {
  authorize: () => onAccount("DescribeDestinations"),

  async handle({ DestinationNamePrefix: startsWith, nextToken: token, limit }, context) {
    const { rows, next } = await page(context.tx, destinations, {
      startsWith,
      token,
      limit,
      max: PAGE_MAX,
      invalidToken,
    });
    const shown: ShownDestination[] = [];
    for (const row of rows) shown.push(await show(row, context));
    return { destinations: shown, ...(next !== undefined && { nextToken: next }) };
  },
});

async function show(destination: Destination, context: Context): Promise<ShownDestination> {
  const { name, target, role, policy, createdAtMs } = destination;
  return {
    destinationName: name,
    targetArn: target,
    roleArn: role,
    ...(policy && { accessPolicy: await context.directory.showPrincipals(policy, context) }),
    arn: destinationArn(destination),
    creationTime: createdAtMs,
  };
}
