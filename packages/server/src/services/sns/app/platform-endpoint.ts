/**
 * Apps on devices, each known by the token that its platform gave it.
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_CreatePlatformEndpoint.html
 */
import { page } from "../../../kernel/page.ts";
import type { Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { onNamed } from "../access.ts";
import { tellOfApp, type AppEventType } from "./event.ts";
import { endpointDiffers, endpointNotFound, invalidBecause, invalidToken } from "../errors.ts";
import { arn, operation } from "../kit.ts";
import { nextToken } from "../next-token.ts";
import { LISTED_MAX, USER_DATA_BYTES_MAX } from "../limits.ts";
import { requireApplication } from "./platform-application.ts";
import { endpoints, findByToken, putEndpoint, removeEndpoint, type PlatformEndpoint } from "./platform-endpoint-row.ts";
import { findApplicationOf, findEndpoint } from "./push.ts";
import { placeOf, type Settings } from "../topic/row.ts";

const NAMES = new Set(["CustomUserData", "Enabled", "Token"]);

type Given = Readonly<Record<string, string | undefined>>;

/** @throws {AwsError} `InvalidParameter` */
function requireSettings(given: Given): Settings {
  const settings: Record<string, string> = {};
  for (const [name, value = ""] of Object.entries(given)) {
    if (!NAMES.has(name)) throw invalidBecause("Attributes", `Invalid attribute name: ${name}`);
    if (name === "CustomUserData" && Buffer.byteLength(value) > USER_DATA_BYTES_MAX) {
      throw invalidBecause(
        "Attributes",
        `Invalid value for attribute: CustomUserData: must be at most ${USER_DATA_BYTES_MAX} bytes long in UTF-8 encoding`,
      );
    }
    settings[name] = name === "Enabled" ? value.toLowerCase() : value;
  }
  return settings;
}

const arnOfEndpoint = ({ application, id }: PlatformEndpoint, context: Context): Arn =>
  arn(context, `endpoint/${application}/${id}`);

export const createPlatformEndpoint = operation("CreatePlatformEndpoint", {
  authorize: ({ PlatformApplicationArn }, context) =>
    onNamed("CreatePlatformEndpoint", placeOf(PlatformApplicationArn, "PlatformApplicationArn", context)),

  /** The token again, with the same attributes, is the same endpoint. */
  async handle({ PlatformApplicationArn, Token, CustomUserData, Attributes = {} }, context) {
    const owner = await requireApplication(PlatformApplicationArn, context);
    const { name: application } = owner;
    if (Token === "") throw invalidBecause("Token", "cannot be empty");
    const data = CustomUserData === undefined ? {} : { CustomUserData };
    const settings = { ...requireSettings({ Enabled: "true", ...data, ...Attributes }), Token };
    const there = await findByToken(application, Token, context.tx);
    if (there !== undefined) {
      const thereArn = arnOfEndpoint(there, context);
      if (!isSame(settings, there.settings)) throw endpointDiffers(thereArn);
      return { EndpointArn: thereArn };
    }
    const endpoint = { application, id: context.newId(), settings };
    await putEndpoint(endpoint, undefined, context.tx);
    const endpointArn = arnOfEndpoint(endpoint, context);
    tellOfApp({ type: "EndpointCreated", application: owner, endpointArn }, context);
    return { EndpointArn: endpointArn };
  },
});

const isSame = (one: Settings, other: Settings): boolean =>
  [...NAMES].every((name) => (one[name] ?? "") === (other[name] ?? ""));

const SLASHES = 3;

/** @throws {AwsError} `InvalidParameter` */
function placeOfEndpoint(endpointArn: string, context: Context) {
  const place = placeOf(endpointArn, "EndpointArn", context);
  if (place.resource.split("/").length !== SLASHES + 1) {
    throw invalidBecause("EndpointArn", "Wrong number of slashes in relative portion of the ARN.");
  }
  return place;
}

async function requireEndpoint(endpointArn: string, context: Context): Promise<PlatformEndpoint> {
  const endpoint = await findEndpoint(endpointArn, context);
  if (endpoint === undefined) throw endpointNotFound();
  return endpoint;
}

async function tellOf(type: AppEventType, endpointArn: string, context: Context): Promise<void> {
  const application = await findApplicationOf(endpointArn, context);
  if (application !== undefined) tellOfApp({ type, application, endpointArn }, context);
}

export const getEndpointAttributes = operation("GetEndpointAttributes", {
  authorize: ({ EndpointArn }, context) => onNamed("GetEndpointAttributes", placeOfEndpoint(EndpointArn, context)),

  async handle({ EndpointArn }, context) {
    const { settings } = await requireEndpoint(EndpointArn, context);
    return { Attributes: { ...settings } };
  },
});

export const setEndpointAttributes = operation("SetEndpointAttributes", {
  authorize: ({ EndpointArn }, context) => onNamed("SetEndpointAttributes", placeOfEndpoint(EndpointArn, context)),

  /** Assumed: a token that is another's is refused in the words of `CreatePlatformEndpoint`, by which it is one endpoint. */
  async handle({ EndpointArn, Attributes }, context) {
    const endpoint = await requireEndpoint(EndpointArn, context);
    const { tx } = placeOfEndpoint(EndpointArn, context);
    const settings = { ...endpoint.settings, ...requireSettings(Attributes) };
    const { Token = "" } = settings;
    const other = await findByToken(endpoint.application, Token, tx);
    const isTaken = other !== undefined && other.id !== endpoint.id && Token !== endpoint.settings["Token"];
    if (isTaken) throw endpointDiffers(arnOfEndpoint(other, context));
    await putEndpoint({ ...endpoint, settings }, endpoint, tx);
    await tellOf("EndpointUpdated", EndpointArn, context);
    return {};
  },
});

export const deleteEndpoint = operation("DeleteEndpoint", {
  authorize: ({ EndpointArn }, context) => onNamed("DeleteEndpoint", placeOfEndpoint(EndpointArn, context)),

  /** One that is gone already is no error; subscriptions of it stay. */
  async handle({ EndpointArn }, context) {
    const endpoint = await findEndpoint(EndpointArn, context);
    if (endpoint === undefined) return {};
    await removeEndpoint(endpoint, placeOfEndpoint(EndpointArn, context).tx);
    await tellOf("EndpointDeleted", EndpointArn, context);
    return {};
  },
});

export const listEndpointsByPlatformApplication = operation("ListEndpointsByPlatformApplication", {
  authorize: ({ PlatformApplicationArn }, context) =>
    onNamed("ListEndpointsByPlatformApplication", placeOf(PlatformApplicationArn, "PlatformApplicationArn", context)),

  async handle({ PlatformApplicationArn, NextToken: token }, context) {
    const { name } = await requireApplication(PlatformApplicationArn, context);
    const { tx } = placeOf(PlatformApplicationArn, "PlatformApplicationArn", context);
    const { rows, next } = await page(tx, endpoints, { prefix: [name], token, max: LISTED_MAX, invalidToken });
    const Endpoints = rows.map((endpoint) => ({
      EndpointArn: arnOfEndpoint(endpoint, context),
      Attributes: { ...endpoint.settings },
    }));
    return { Endpoints, ...nextToken(next) };
  },
});
