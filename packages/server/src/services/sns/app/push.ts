/**
 * Notifications to apps on devices: what their platform would get is kept in the cloud's outbox.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html
 */
import { parseArn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { applicationDisabled, endpointDisabled } from "../errors.ts";
import type { KeptAttributes } from "../message/attribute.ts";
import { type Content } from "../message/message.ts";
import { applications, type Application } from "./platform-application.ts";
import { endpoints, type PlatformEndpoint } from "./platform-endpoint-row.ts";
import { placeOf } from "../topic/row.ts";

export interface FoundEndpoint extends PlatformEndpoint {
  readonly arn: string;
}

export async function findEndpoint(endpointArn: string, context: Context): Promise<FoundEndpoint | undefined> {
  const { resource, tx, arn } = placeOf(endpointArn, "EndpointArn", context);
  const [kind, platform, name, id] = resource.split("/");
  if (kind !== "endpoint" || id === undefined) return undefined;
  const endpoint = await tx.get(endpoints, `${platform}/${name}`, id);
  return endpoint && { ...endpoint, arn };
}

/** The application that an app on a device is of, be the app there or not. */
export async function findApplicationOf(endpointArn: string, context: Context): Promise<Application | undefined> {
  const { resource, tx } = placeOf(endpointArn, "EndpointArn", context);
  const [, platform, name] = resource.split("/");
  return tx.get(applications, `${platform}/${name}`);
}

export const endpointArnAccount = (endpointArn: string): string | undefined => parseArn(endpointArn)?.account;

/** @throws {AwsError} `EndpointDisabled`, `PlatformApplicationDisabled` */
export async function requireEnabled({ application, settings, arn }: FoundEndpoint, context: Context): Promise<void> {
  const { tx } = placeOf(arn, "TargetArn", context);
  if (settings["Enabled"] !== "true") throw endpointDisabled();
  if ((await tx.get(applications, application))?.settings["Enabled"] === "false") throw applicationDisabled();
}

export async function pushTo(endpoint: FoundEndpoint, content: Content, context: Context): Promise<void> {
  const { application: name, settings, arn } = endpoint;
  const { account, region } = placeOf(arn, "TargetArn", context);
  const [platform = ""] = name.split("/");
  const attributes = pushAttributes(content.attributes);
  await context.post(
    {
      kind: "push",
      from: `app/${name}`,
      to: arn,
      text: payloadOf(content, platform),
      attributes: { token: settings["Token"] ?? "", ...attributes },
    },
    { account, region },
  );
}

/** What is said to the platform beside the payload: `AWS.SNS.MOBILE.APNS.PUSH_TYPE`. */
const pushAttributes = (attributes: KeptAttributes): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, attribute]) =>
      name.startsWith("AWS.SNS.MOBILE.") && "text" in attribute ? [[name, attribute.text]] : [],
    ),
  );

/** The platform's own payload, or the usual text in the form that the platform has for one. */
function payloadOf({ texts }: Content, platform: string): string {
  const own = texts[platform] ?? (platform === "FCM" ? texts["GCM"] : undefined);
  if (own !== undefined) return own;
  const text = texts.default;
  if (platform.startsWith("APNS") || platform.startsWith("MACOS")) return JSON.stringify({ aps: { alert: text } });
  if (platform === "GCM" || platform === "FCM") return JSON.stringify({ notification: { body: text } });
  if (platform === "ADM") return JSON.stringify({ data: { default: text } });
  return platform === "BAIDU" ? JSON.stringify({ title: "", description: text }) : text;
}
