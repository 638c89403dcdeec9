/**
 * Events as CloudTrail tells them, made of the records of calls.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
import { dataTypeOf, type NamedCall } from "../../../kernel/data-event.ts";
import { onlyReads, saysWhatIsThere } from "../../../kernel/read-only.ts";
import { eventIdOf, sharedEventIdOf } from "../../../kernel/event-id.ts";
import { isoSeconds } from "../../../kernel/iso-seconds.ts";
import type { RecordedCall } from "../../../service/recorded-calls.ts";
import { present, userIdentityOf, type Json } from "./identity.ts";
import { eventName } from "./name.ts";
import { members, rendered, type MemberNames } from "./parameters.ts";
import { isByService, recipientsOf } from "./recipient.ts";
import { PLATFORM_ENDPOINT, resourcesOf, type EventResource } from "./resource.ts";
import { toldResources } from "./told-resource.ts";
import { s3Elements, s3Parameters } from "./s3-parameters.ts";
import { isGlobal, regionOf, sourceName } from "./source.ts";

const VERSION = "1.11";

/** An event, and what it is chosen and found by. */
export interface TrailEvent {
  readonly id: string;
  readonly atMs: number;
  /** The account that it is for. */
  readonly recipient: string;
  readonly region: string;
  /** `s3.amazonaws.com` */
  readonly source: string;
  readonly name: string;
  readonly type: EventType;
  readonly isReadOnly: boolean;
  /** `undefined`: it is a management event. */
  readonly dataType: string | undefined;
  readonly isGlobal: boolean;
  readonly resources: readonly EventResource[];
  readonly call: RecordedCall;
}

type EventType = "AwsApiCall" | "AwsConsoleSignIn" | "AwsServiceEvent";

/** One for the account of the caller, and one for each account whose resources the call was about. */
export function eventsOf(call: RecordedCall): readonly TrailEvent[] {
  const accounts = isUntold(call) ? [] : recipientsOf(call);
  const resources = resourcesOf(call);
  const named = { service: call.service, operation: call.operation };
  const common = {
    atMs: call.atMs,
    region: regionOf(call),
    source: `${sourceName(call.service)}.amazonaws.com`,
    name: eventName(named),
    type: typeOf(call),
    isReadOnly: call.own === undefined ? onlyReads(named) : call.own.readOnly === true,
    dataType: call.own === undefined ? dataTypeAmong(resources, named) : undefined,
    isGlobal: isGlobal(call.service),
    resources,
    call,
  };
  return accounts.map((recipient) => ({ ...common, recipient, id: eventIdOf(call.requestId, recipient) }));
}

/** What is published goes to topics, but for what goes to a device. */
function dataTypeAmong(resources: readonly EventResource[], named: NamedCall): string | undefined {
  const isToDevice = resources.some(({ type }) => type === PLATFORM_ENDPOINT);
  const type = dataTypeOf(named);
  return type === "AWS::SNS::Topic" && isToDevice ? PLATFORM_ENDPOINT : type;
}

/**
 * Text messages are in no trail, nor what somebody does with a link to a subscription.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html
 */
function isUntold({ service, operation, questions, userIdentity }: RecordedCall): boolean {
  if (service !== "sns") return false;
  if (operation === "Publish") return questions.some(({ access }) => access.resource === "*");
  const isByLink = operation === "ConfirmSubscription" || operation === "Unsubscribe";
  return isByLink && userIdentity.accountId === "ANONYMOUS_PRINCIPAL";
}

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-non-api-events.html */
function typeOf({ service, operation, own }: RecordedCall): EventType {
  if (own !== undefined) return own.type ?? "AwsServiceEvent";
  return service === "signin" && operation !== "GetSigninToken" ? "AwsConsoleSignIn" : "AwsApiCall";
}

/** The event as it stands in files. */
export function formatEvent(event: TrailEvent, names: MemberNames): Json {
  const { call, dataType } = event;
  const accounts = recipientsOf(call);
  return present({
    eventVersion: VERSION,
    userIdentity: userIdentityOf(call, event.recipient),
    eventTime: isoSeconds(call.atMs),
    eventSource: event.source,
    eventName: event.name,
    awsRegion: event.region,
    sourceIPAddress: call.sourceIp,
    userAgent: userAgentOf(call),
    ...errorOf(call),
    requestParameters: parametersOf(call, names),
    responseElements: elementsOf(event, names),
    additionalEventData: additionalOf(call),
    requestID: hasRequest(event) ? call.requestId : undefined,
    eventID: event.id,
    readOnly: event.isReadOnly,
    resources: toldResources(event),
    eventType: event.type,
    managementEvent: dataType === undefined,
    recipientAccountId: event.recipient,
    serviceEventDetails: call.own?.details && rendered(call.own.details),
    // of a service's own calls the account that has it is told as well. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
    sharedEventID: accounts.length > 1 || isByService(call) ? sharedEventIdOf(call.requestId) : undefined,
    vpcEndpointId: call.vpcEndpointId,
    vpcEndpointAccountId: call.vpcEndpointId && call.account,
    eventCategory: dataType === undefined ? "Management" : "Data",
    tlsDetails: tlsDetailsOf(call),
  });
}

/** What a service did without anybody asking has none. */
const hasRequest = ({ type, call }: TrailEvent): boolean =>
  type !== "AwsServiceEvent" || call.userIdentity.invokedBy === undefined;

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (tlsDetails) */
const tlsDetailsOf = ({ tls }: RecordedCall): Json | undefined =>
  tls && { tlsVersion: tls.version, cipherSuite: tls.cipher, clientProvidedHostHeader: tls.host };

/** S3 puts it into brackets. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html */
const userAgentOf = ({ service, userAgent = "" }: RecordedCall): string =>
  service === "s3" && !userAgent.endsWith(".amazonaws.com") ? `[${userAgent}]` : userAgent;

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (errorCode) */
function errorOf({ service, error, own }: RecordedCall): Readonly<Record<string, Json>> {
  if (error === undefined) return {};
  const { code, message } = error;
  // a console sign-in that failed has words and no code, and so has what a service did of itself
  if (service === "signin" || own !== undefined) return { errorMessage: message };
  // Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (Client.UnauthorizedOperation)
  return { errorCode: service === "ec2" ? `Client.${code}` : code, errorMessage: message };
}

function parametersOf(call: RecordedCall, names: MemberNames): Json {
  return call.service === "s3" ? s3Parameters(call) : members(call, "input", names);
}

function elementsOf(event: TrailEvent, names: MemberNames): Json {
  const { call, type } = event;
  if (type === "AwsConsoleSignIn") return { ConsoleLogin: call.error === undefined ? "Success" : "Failure" };
  if (call.error !== undefined || saysWhatIsThere(call)) return null;
  if (call.own !== undefined) return rendered(call.response);
  if (call.service === "s3") return s3Elements(call);
  return members(call, "output", names) ?? keyElements(event);
}

/**
 * Of a change that answers nothing KMS says which key it was.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/ct-disable-key.html (responseElements.keyId)
 */
function keyElements({ call, resources }: TrailEvent): Json {
  const key = resources.find(({ type }) => call.service === "kms" && type === "AWS::KMS::Key");
  return key === undefined ? null : { keyId: key.arn };
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html */
function additionalOf({ service, userIdentity, response, additional, own, tls }: RecordedCall): Json | undefined {
  if (service !== "s3" || own !== undefined) return additional && rendered(additional);
  const algorithm: unknown = response && "ServerSideEncryption" in response ? response.ServerSideEncryption : undefined;
  return present({
    CipherSuite: tls?.cipher,
    AuthenticationMethod: userIdentity.accessKeyId === undefined ? undefined : "AuthHeader",
    SSEApplied: algorithm === "AES256" ? "SSE_S3" : algorithm === "aws:kms" ? "SSE_KMS" : undefined,
  });
}
