/**
 * Applications for mobile platforms.
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_CreatePlatformApplication.html
 */
import { page } from "../../../kernel/page.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onAccount, onNamed } from "../access.ts";
import { applicationNotFound, invalidBecause, invalidToken } from "../errors.ts";
import { arn, operation } from "../kit.ts";
import { nextToken } from "../next-token.ts";
import { APPLICATION_NAME_CHARACTERS_MAX, LISTED_MAX } from "../limits.ts";
import { forgetEndpoints } from "./platform-endpoint-row.ts";
import { placeOf, type Settings } from "../topic/row.ts";
import { invalid } from "../errors.ts";
import { passedRoles } from "../passed-roles.ts";

export interface Application {
  /** `GCM/shop`. */
  readonly name: string;
  readonly settings: Settings;
  /** What the platform knows the application by, sealed: it is never shown. */
  readonly sealedCredentials: string;
}

export const applications = table<Application>("sns.application", "region", ({ name }) => [name]);

const PLATFORMS = [
  "ADM",
  "APNS",
  "APNS_SANDBOX",
  "APNS_VOIP",
  "APNS_VOIP_SANDBOX",
  "BAIDU",
  "FCM",
  "GCM",
  "MACOS",
  "MACOS_SANDBOX",
  "MPNS",
  "WNS",
];
const PURPOSE = "sns platform credentials";

const CREDENTIALS = new Set([
  "PlatformCredential",
  "PlatformPrincipal",
  "ApplePlatformTeamID",
  "ApplePlatformBundleID",
]);
const SETTINGS = new Set([
  "Enabled",
  "EventEndpointCreated",
  "EventEndpointDeleted",
  "EventEndpointUpdated",
  "EventDeliveryFailure",
  "SuccessFeedbackRoleArn",
  "FailureFeedbackRoleArn",
  "SuccessFeedbackSampleRate",
]);
/** Shown, though they come with the credentials. */
const SHOWN = new Set(["ApplePlatformTeamID", "ApplePlatformBundleID"]);

type Given = Readonly<Record<string, string | undefined>>;

export const createPlatformApplication = operation("CreatePlatformApplication", {
  authorize: ({ Name, Platform, Attributes }, context) => [
    { action: "SNS:CreatePlatformApplication", resource: arn(context, `app/${Platform}/${Name}`) },
    ...passedRoles(Attributes),
  ],

  async handle({ Name, Platform, Attributes }, context) {
    requireName(Name);
    if (!PLATFORMS.includes(Platform)) throw invalidBecause("Platform", `${Platform} is not supported`);
    requireCredentials(Platform, Attributes);
    const application = changed({ name: `${Platform}/${Name}`, settings: { Enabled: "true" } }, Attributes, context);
    const there = await context.tx.get(applications, application.name);
    if (there === undefined) context.tx.put(applications, application);
    return { PlatformApplicationArn: arnOfApplication(application, context) };
  },
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_create_platform_application_invalid_name) */
function requireName(name: string): void {
  const refuse = (reason: string) => invalidBecause(name, reason);
  if (name === "") throw refuse("cannot be empty");
  if (name.length > APPLICATION_NAME_CHARACTERS_MAX) {
    throw refuse(`must be at most ${APPLICATION_NAME_CHARACTERS_MAX} characters long`);
  }
  if (!/^[\w.-]+$/.test(name)) {
    throw refuse("must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'");
  }
}

function requireCredentials(
  platform: string,
  { PlatformPrincipal: principal, PlatformCredential: credential }: Given,
): void {
  if (principal !== undefined && credential === undefined) {
    throw invalidBecause("Attributes", "PlatformPrincipal attribute provided without PlatformCredential");
  }
  // Google's platforms go by one secret alone
  if (principal === undefined && credential !== undefined && platform !== "GCM" && platform !== "FCM") {
    throw invalidBecause("Attributes", "PlatformCredential attribute provided without PlatformPrincipal");
  }
}

function changed(
  { name, settings }: Pick<Application, "name" | "settings">,
  given: Given,
  { keys }: Context,
): Application {
  const secrets: Record<string, string> = {};
  const shown: Record<string, string> = { ...settings };
  for (const [attribute, value = ""] of Object.entries(given)) {
    if (CREDENTIALS.has(attribute)) secrets[attribute] = value;
    else if (!SETTINGS.has(attribute)) throw invalidBecause("Attributes", `Invalid attribute name: ${attribute}`);
    if (SETTINGS.has(attribute) || SHOWN.has(attribute)) shown[attribute] = value;
  }
  return { name, settings: shown, sealedCredentials: keys.seal(JSON.stringify(secrets), PURPOSE) };
}

const arnOfApplication = ({ name }: Application, context: Context) => arn(context, `app/${name}`);

const placeOfApplication = (applicationArn: string, context: Context) =>
  placeOf(applicationArn, "PlatformApplicationArn", context);

/** @throws {AwsError} `InvalidParameter`, `NotFound` */
export async function requireApplication(applicationArn: string, context: Context): Promise<Application> {
  const { resource, tx } = placeOfApplication(applicationArn, context);
  const application = await tx.get(applications, resource.replace(/^app\//, ""));
  if (application === undefined) throw applicationNotFound();
  return application;
}

export const getPlatformApplicationAttributes = operation("GetPlatformApplicationAttributes", {
  authorize: ({ PlatformApplicationArn }, context) =>
    onNamed("GetPlatformApplicationAttributes", placeOfApplication(PlatformApplicationArn, context)),

  async handle({ PlatformApplicationArn }, context) {
    const { settings } = await requireApplication(PlatformApplicationArn, context);
    return { Attributes: { ...settings } };
  },
});

export const setPlatformApplicationAttributes = operation("SetPlatformApplicationAttributes", {
  authorize: ({ PlatformApplicationArn, Attributes }, context) => [
    onNamed("SetPlatformApplicationAttributes", placeOfApplication(PlatformApplicationArn, context)),
    ...passedRoles(Attributes),
  ],

  async handle({ PlatformApplicationArn, Attributes }, context) {
    const application = await requireApplication(PlatformApplicationArn, context);
    const isNewSecret = Object.keys(Attributes).some((name) => CREDENTIALS.has(name));
    const { sealedCredentials, ...others } = changed(application, Attributes, context);
    const kept = isNewSecret ? sealedCredentials : application.sealedCredentials;
    placeOfApplication(PlatformApplicationArn, context).tx.put(applications, { ...others, sealedCredentials: kept });
    return {};
  },
});

export const listPlatformApplications = operation("ListPlatformApplications", {
  authorize: (_input, context) => onAccount("ListPlatformApplications", context),

  async handle({ NextToken: token }, context) {
    const { rows, next } = await page(context.tx, applications, { token, max: LISTED_MAX, invalidToken });
    const PlatformApplications = rows.map((application) => ({
      PlatformApplicationArn: arnOfApplication(application, context),
      Attributes: { ...application.settings },
    }));
    return { PlatformApplications, ...nextToken(next) };
  },
});

export const deletePlatformApplication = operation("DeletePlatformApplication", {
  authorize: ({ PlatformApplicationArn }, context) =>
    onNamed("DeletePlatformApplication", placeOfApplication(PlatformApplicationArn, context)),

  /** One that is gone already is no error. */
  async handle({ PlatformApplicationArn }, context) {
    const { resource, tx } = placeOfApplication(PlatformApplicationArn, context);
    if (!resource.startsWith("app/")) throw invalid("PlatformApplicationArn");
    const name = resource.slice("app/".length);
    tx.delete(applications, name);
    await forgetEndpoints(name, tx);
    return {};
  },
});
