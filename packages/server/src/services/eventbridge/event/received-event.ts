/**
 * Events that a rule sends on to another bus, of this account or another, here or in another region: they stay what they
 * are, and go no further than that.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html
 */
import type { Principal } from "../../../identity/principal.ts";
import { formatArn, parseArn, type AccountId } from "../../../kernel/arn.ts";
import { parseBounded } from "../../../kernel/bounded-json.ts";
import type { Context } from "../../../service/context.ts";
import type { Receiver } from "../../../service/receiver.ts";
import { onBusAt } from "../access.ts";
import { isKeyUsable } from "../bus/key.ts";
import { busAt, placeOf } from "../bus/row.ts";
import { busNotFound, eventInvalid, notLetIn } from "../errors.ts";
import { readEvent, renamed, type SentEvent } from "./event.ts";
import { route } from "./route.ts";

export const receiveEvent: Receiver = async ({ to, source, content, as, trace }, outside) => {
  const place = placeOf(to, outside);
  const bus = await busAt(place);
  const sent = arrivedFrom(source.arn, arrivedEvent(content.kind === "message" ? content.text : "", trace), outside);
  const keys = {
    "events:source": sent.event.source,
    "events:detail-type": sent.event["detail-type"],
    "events:eventBusInvocation": "true",
    "aws:SourceArn": source.arn,
  };
  const sender = senderOf(as, source.account, outside);
  const { decision } = await outside.as(sender).decide({ ...onBusAt("PutEvents", place, bus), keys });
  if (decision === "deny") throw notLetIn();
  if (bus === undefined) throw busNotFound(place.name);
  if (isFarEnough(sent.event, source, place)) return undefined;
  const told = isNeighbour(source, place) ? { ...sent, isRelayed: true as const } : sent;
  await outside.transact(async (context) => {
    if (await isKeyUsable(bus, told, context)) await route(told, placeOf(to, context), context);
  });
  return undefined;
};

/** A target may be told of an event in other words: they have to be an event's. @throws {AwsError} `ValidationException` */
function arrivedEvent(text: string, trace: string | undefined): SentEvent {
  if (!isEvent(parsed(text))) throw eventInvalid();
  return readEvent(text, trace);
}

function parsed(text: string): unknown {
  try {
    return parseBounded(text);
  } catch {
    return undefined;
  }
}

const TEXTS = ["id", "source", "detail-type", "account", "region", "time"];

function isEvent(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const members = new Map<string, unknown>(Object.entries(value));
  const [detail, resources, time] = [members.get("detail"), members.get("resources"), members.get("time")];
  return (
    TEXTS.every((name) => typeof members.get(name) === "string") &&
    !Number.isNaN(Date.parse(String(time))) &&
    Array.isArray(resources) &&
    resources.every((resource) => typeof resource === "string") &&
    typeof detail === "object" &&
    detail !== null
  );
}

/**
 * From another region an event comes with another id.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_cross_account_region.snapshot.json (recorded answers)
 */
const arrivedFrom = (ruleArn: string, sent: SentEvent, context: Context): SentEvent =>
  parseArn(ruleArn)?.region === context.region ? sent : renamed(sent, context.newId());

/** Without a role it is the account itself that sends. */
function senderOf(as: Principal, account: AccountId, { partition }: Context): Principal {
  if (as.type !== "service") return as;
  const arn = formatArn({ partition, service: "iam", region: "", account, resource: "root" });
  return { type: "root", account, arn, userId: account, accessKeyId: "" };
}

const isNeighbour = (
  { arn, account }: { readonly arn: string; readonly account: string },
  place: { readonly account: string; readonly region: string },
): boolean => account === place.account && parseArn(arn)?.region === place.region;

/** An event that came from elsewhere is not sent to a third account or region. */
function isFarEnough(
  event: { readonly account: string; readonly region: string },
  source: { readonly arn: string; readonly account: string },
  place: { readonly account: string; readonly region: string },
): boolean {
  const sender = parseArn(source.arn);
  const isThirdAccount = event.account !== source.account && place.account !== source.account;
  const isThirdRegion = event.region !== sender?.region && place.region !== sender?.region;
  return isThirdAccount || isThirdRegion;
}
