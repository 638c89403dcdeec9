/**
 * What CloudWatch is told of buses and rules. Differs: nothing is throttled, so `ThrottledRules` and the like are not
 * sent.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
import { parseArn } from "../../kernel/arn.ts";
import type { Scope } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { HearDelivered } from "../../service/delivered.ts";
import type { MeasureUnit } from "../../service/measure.ts";
import type { BusPlace } from "./bus/row.ts";
import { sizeOfAll, type Entry } from "./event/entry.ts";
import { DEFAULT_BUS } from "./kit.ts";
import type { Rule } from "./rule/row.ts";

type Dimensions = Readonly<Record<string, string>>;
type RuleName = Pick<Rule, "bus" | "name">;

const OF_ALL: Dimensions = {};
const ofBus = (bus: string): Dimensions => ({ EventBusName: bus });
const ofRule = ({ bus, name }: RuleName): Dimensions =>
  bus === DEFAULT_BUS ? { RuleName: name } : { EventBusName: bus, RuleName: name };
const ofEach = (rule: RuleName): readonly Dimensions[] => [OF_ALL, ofBus(rule.bus), ofRule(rule)];

interface Measured {
  readonly name: string;
  readonly value: number;
  readonly unit: MeasureUnit;
}

function measure(measured: Measured, all: readonly Dimensions[], context: Context, place?: Scope): void {
  for (const dimensions of all) context.measure({ namespace: "AWS/Events", dimensions, ...measured }, place);
}

const counted = (name: string, value = 1): Measured => ({ name, value, unit: "Count" });

/** An event has come to a bus, and these of its rules are for it. */
export function measureMatched(rules: readonly RuleName[], place: BusPlace, context: Context): void {
  const { name: bus, account, region } = place;
  const source = bus.startsWith("aws.partner/") ? [{ EventSourceName: bus }] : [];
  measure(counted("Events"), source, context, { account, region });
  if (rules.length === 0) return;
  const all = [ofBus(bus), ...source, ...rules.map(ofRule)];
  measure(counted("MatchedEvents"), all, context, { account, region });
}

export const measureTriggered = (rule: Rule, context: Context): void =>
  measure(counted("TriggeredRules"), ofEach(rule), context, rule);

export const measureCreated = (rule: Rule, context: Context): void =>
  measure(counted("InvocationsCreated"), [OF_ALL], context, rule);

/** A target that nothing could be made for. */
export const measureFailed = (rule: Rule, context: Context): void =>
  measure(counted("FailedInvocations"), [ofRule(rule)], context, rule);

/** What becomes of an invocation. */
export const measureDelivered: HearDelivered = (attempted, context) => {
  const rule = ruleNamed(attempted.source);
  if (rule === undefined) return;
  const { outcome, failures, isLetter } = attempted;
  const count = (name: string, all: readonly Dimensions[]): void => measure(counted(name), all, context);
  if (isLetter) {
    if (outcome === "arrived") count("InvocationsSentToDlq", [ofRule(rule)]);
    if (outcome === "given-up") count("InvocationsFailedToBeSentToDlq", [ofRule(rule)]);
    return;
  }
  count("InvocationAttempts", ofEach(rule));
  if (failures > 0) count("RetryInvocationAttempts", ofEach(rule));
  if (outcome === "arrived") count("SuccessfulInvocationAttempts", ofEach(rule));
  if (outcome !== "waiting") count("Invocations", [OF_ALL, ofRule(rule)]);
  if (outcome === "given-up") count("FailedInvocations", [ofRule(rule)]);
  const waited = { value: context.now().getTime() - attempted.sentAtMs, unit: "Milliseconds" } as const;
  const late = (when: string): void =>
    measure({ name: `IngestionToInvocation${when}Latency`, ...waited }, ofEach(rule), context);
  if (failures === 0) late("Start");
  if (failures === 0) late("Complete");
  if (outcome === "arrived") late("Success");
};

/** `rule/NAME`, or `rule/BUS/NAME`. */
function ruleNamed(arn: string): RuleName | undefined {
  const [, bus = DEFAULT_BUS, name] = /^rule\/(?:(.+)\/)?([^/]+)$/.exec(parseArn(arn)?.resource ?? "") ?? [];
  return name === undefined ? undefined : { bus, name };
}

interface Request {
  readonly operation: "PutEvents" | "PutPartnerEvents";
  readonly entries: readonly Entry[];
}

/** Has the request counted once it is answered, whatever the answer is. */
export function noteRequest({ operation, entries }: Request, context: Context): void {
  context.onceAnswered("metrics", async ({ status, output, atMs, answeredAtMs }, later) => {
    const tell = (what: string, value: number, unit: MeasureUnit = "Count"): void =>
      measure({ name: operation + what, value, unit }, [OF_ALL], later);
    const hasFailed = status >= 400;
    const failed = "FailedEntryCount" in output && typeof output.FailedEntryCount === "number";
    tell("ApproximateCallCount", 1);
    tell(hasFailed ? "ApproximateFailedCount" : "ApproximateSuccessCount", 1);
    tell("EntriesCount", entries.length);
    if (failed) tell("FailedEntriesCount", Number(output.FailedEntryCount));
    tell("Latency", answeredAtMs - atMs, "Milliseconds");
    if (operation === "PutEvents") tell("RequestSize", sizeOfAll(entries), "Bytes");
  });
}
