/** Where events may be sent, and whether they arrive there. */
import { AwsError } from "../../../kernel/aws-error.ts";
import { parseArn } from "../../../kernel/arn.ts";
import type { ServicePrincipal } from "../../../identity/principal.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { roleSession } from "../../../service/role-session.ts";
import type { Context } from "../../../service/context.ts";
import {
  crossAccountFunction,
  functionUnreachable,
  roleMissing,
  roleNotForThis,
  streamUnreachable,
  vendorUnknown,
} from "../errors.ts";
import type { LogGroup } from "../group-row.ts";
import type { Subscription } from "./filter-row.ts";
import { packedControl } from "./message.ts";
import { send, sourceOf } from "./send.ts";

type LambdaSdk = typeof import("@aws-sdk/client-lambda");
type KinesisSdk = typeof import("@aws-sdk/client-kinesis");
type FirehoseSdk = typeof import("@aws-sdk/client-firehose");

interface Named {
  readonly destinationArn: string;
  readonly roleArn?: string | undefined;
}

/** @throws {AwsError} where events cannot be sent to such a thing, or not so */
export function requireVendor({ destinationArn, roleArn }: Named, { account }: Context): void {
  const { service = "", account: owner } = parseArn(destinationArn) ?? {};
  if (service === "lambda") {
    if (owner !== account) throw crossAccountFunction();
    if (roleArn !== undefined) throw roleNotForThis("lambda");
  } else if (service === "kinesis" || service === "firehose") {
    if (roleArn === undefined) throw roleMissing(service);
  } else if (service !== "logs") throw vendorUnknown();
}

/**
 * A message goes ahead of the events: a filter whose messages would not arrive is refused.
 * @throws {AwsError} `InvalidParameterException`
 */
export async function requireReachable(subscription: Subscription, group: LogGroup, context: Context): Promise<void> {
  const { service } = parseArn(subscription.destination) ?? {};
  try {
    if (service === "lambda") await tryFunction(subscription, group, context);
    else if (service === "kinesis" || service === "firehose") await tryStream(subscription, group, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code !== "NotImplemented")
      throw service === "lambda" ? functionUnreachable() : streamUnreachable(findOwn(VENDORS, service ?? "") ?? "");
    // it is seen among what cannot be delivered
    const stream = { group: group.id, name: "", id: group.id, createdAtMs: 0 };
    await send(packedControl(context.now().getTime()), subscription, { group, stream }, context);
  }
}

const VENDORS: Readonly<Record<string, string>> = { kinesis: "Kinesis", firehose: "Firehose" };

const LOGS: ServicePrincipal = { type: "service", service: "logs.amazonaws.com" };

async function tryFunction({ destination }: Subscription, group: LogGroup, context: Context): Promise<void> {
  await context.call<LambdaSdk, "Invoke">({
    service: "lambda",
    operation: "Invoke",
    input: { FunctionName: destination, InvocationType: "DryRun" },
    as: LOGS,
    source: { arn: sourceOf(group), account: group.account },
  });
}

async function tryStream({ destination, role = "" }: Subscription, group: LogGroup, context: Context): Promise<void> {
  const use = { roleArn: role, service: LOGS.service, sessionName: "logs", account: group.account };
  const as = await roleSession({ ...use, sourceArn: sourceOf(group) }, context);
  const Data = Buffer.from(packedControl(context.now().getTime()), "base64");
  const { service, resource = "" } = parseArn(destination) ?? {};
  if (service === "kinesis") {
    const input = { StreamARN: destination, Data, PartitionKey: group.id };
    await context.call<KinesisSdk, "PutRecord">({ service, operation: "PutRecord", input, as });
  } else {
    const input = { DeliveryStreamName: resource.replace(/^deliverystream\//, ""), Record: { Data } };
    await context.call<FirehoseSdk, "PutRecord">({ service: "firehose", operation: "PutRecord", input, as });
  }
}
