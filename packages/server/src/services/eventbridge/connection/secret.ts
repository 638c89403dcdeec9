/**
 * The secret of a connection, in Secrets Manager, by the service-linked role that may touch it.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-auth.html; what is in it:
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_api_destinations_and_connection.snapshot.json (recorded answers)
 */
import type { Principal } from "../../../identity/principal.ts";
import { formatArn } from "../../../kernel/arn.ts";
import { parseBounded } from "../../../kernel/bounded-json.ts";
import type { Context } from "../../../service/context.ts";
import { roleSession } from "../../../service/role-session.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { authorizationMisplaced, authorizationMissing, methodInvalid } from "../errors.ts";
import type { EventBridgeSdk } from "../kit.ts";

type IamSdk = typeof import("@aws-sdk/client-iam");
type SecretsSdk = typeof import("@aws-sdk/client-secrets-manager");

type Parameters = NonNullable<InputOf<EventBridgeSdk, "UpdateConnection">["AuthParameters"]>;
type AuthorizationType = InputOf<EventBridgeSdk, "CreateConnection">["AuthorizationType"];
type HttpParameters = NonNullable<Parameters["InvocationHttpParameters"]>;

const SERVICE = "apidestinations.events.amazonaws.com";
const ROLE = "AWSServiceRoleForAmazonEventBridgeApiDestinations";

/** What a secret holds. Plain JSON. */
export interface ConnectionSecret {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly api_key_name?: string | undefined;
  readonly api_key_value?: string | undefined;
  readonly client_id?: string | undefined;
  readonly client_secret?: string | undefined;
  readonly authorization_endpoint?: string | undefined;
  readonly http_method?: string | undefined;
  readonly oauth_http_parameters?: SecretParameters | undefined;
  readonly invocation_http_parameters?: SecretParameters | undefined;
}

export interface SecretParameters {
  readonly header_parameters?: readonly SecretParameter[] | undefined;
  readonly query_string_parameters?: readonly SecretParameter[] | undefined;
  readonly body_parameters?: readonly SecretParameter[] | undefined;
}

export interface SecretParameter {
  readonly key?: string | undefined;
  readonly value?: string | undefined;
  readonly is_value_secret?: boolean | undefined;
}

/** What has to be kept, on top of what there was. @throws {AwsError} `ValidationException` */
export function secretOf(type: AuthorizationType, given: Parameters, was: ConnectionSecret = {}): ConnectionSecret {
  requireOwn(type, given);
  const invocation = given.InvocationHttpParameters;
  return {
    ...credentialsOf(type, given, was),
    ...(invocation === undefined
      ? was.invocation_http_parameters && { invocation_http_parameters: was.invocation_http_parameters }
      : { invocation_http_parameters: secretParameters(invocation) }),
  };
}

/** What belongs to each type. */
const PARAMETERS = {
  BASIC: "BasicAuthParameters",
  API_KEY: "ApiKeyAuthParameters",
  OAUTH_CLIENT_CREDENTIALS: "OAuthParameters",
} as const satisfies Readonly<Record<AuthorizationType, keyof Parameters>>;

/** @throws {AwsError} `ValidationException` */
function requireOwn(type: AuthorizationType, given: Parameters): void {
  const misplaced = Object.values(PARAMETERS).find((name) => name !== PARAMETERS[type] && given[name] !== undefined);
  if (misplaced !== undefined) throw authorizationMisplaced(misplaced);
}

function credentialsOf(type: AuthorizationType, given: Parameters, was: ConnectionSecret): ConnectionSecret {
  switch (type) {
    case "BASIC": {
      const { Username: username = was.username, Password: password = was.password } = given.BasicAuthParameters ?? {};
      if (username === undefined) throw authorizationMissing("BasicAuthParameters");
      return { username, password };
    }
    case "API_KEY": {
      const { ApiKeyName = was.api_key_name, ApiKeyValue = was.api_key_value } = given.ApiKeyAuthParameters ?? {};
      if (ApiKeyName === undefined) throw authorizationMissing("ApiKeyAuthParameters");
      return { api_key_name: ApiKeyName, api_key_value: ApiKeyValue };
    }
    case "OAUTH_CLIENT_CREDENTIALS":
      return clientOf(given.OAuthParameters, was);
  }
}

function clientOf(given: Parameters["OAuthParameters"], was: ConnectionSecret): ConnectionSecret {
  const { AuthorizationEndpoint, HttpMethod, ClientParameters, OAuthHttpParameters } = given ?? {};
  const endpoint = AuthorizationEndpoint ?? was.authorization_endpoint;
  if (endpoint === undefined) throw authorizationMissing("OAuthParameters");
  return {
    client_id: ClientParameters?.ClientID ?? was.client_id,
    client_secret: ClientParameters?.ClientSecret ?? was.client_secret,
    authorization_endpoint: endpoint,
    http_method: HttpMethod === undefined ? was.http_method : methodOf(HttpMethod),
    ...(OAuthHttpParameters === undefined
      ? was.oauth_http_parameters && { oauth_http_parameters: was.oauth_http_parameters }
      : { oauth_http_parameters: secretParameters(OAuthHttpParameters) }),
  };
}

const METHODS = new Set(["GET", "POST", "PUT"]);

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_api_destinations_and_connection.py (recorded: test_api_destinations, `put`) */
function methodOf(given: string): string {
  const method = given.toUpperCase();
  if (!METHODS.has(method)) throw methodInvalid(given);
  return method;
}

interface GivenParameter {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
  readonly IsValueSecret?: boolean | undefined;
}

function secretParameters(given: HttpParameters): SecretParameters {
  const { HeaderParameters, QueryStringParameters, BodyParameters } = given;
  return {
    ...(HeaderParameters && { header_parameters: HeaderParameters.map(secretParameter) }),
    ...(QueryStringParameters && { query_string_parameters: QueryStringParameters.map(secretParameter) }),
    ...(BodyParameters && { body_parameters: BodyParameters.map(secretParameter) }),
  };
}

const secretParameter = ({ Key: key, Value: value, IsValueSecret = false }: GivenParameter): SecretParameter => ({
  key,
  value,
  is_value_secret: IsValueSecret,
});

/** A session of the role, which the caller's first connection makes. */
async function serviceRole(context: Context): Promise<Principal> {
  const { account, partition } = context;
  const resource = `role/aws-service-role/${SERVICE}/${ROLE}`;
  const roleArn = formatArn({ partition, service: "iam", region: "", account, resource });
  if ((await context.directory.findRole(roleArn, context.tx)) === undefined) {
    await context.call<IamSdk, "CreateServiceLinkedRole">({
      service: "iam",
      operation: "CreateServiceLinkedRole",
      input: { AWSServiceName: SERVICE },
    });
  }
  return roleSession({ roleArn, service: SERVICE, sessionName: "events", account }, context);
}

/** The ARN of a new secret. */
export async function createSecret(
  connection: { readonly name: string; readonly kmsKey: string | undefined },
  secret: ConnectionSecret,
  context: Context,
): Promise<string> {
  const { ARN = "" } = await context.call<SecretsSdk, "CreateSecret">({
    service: "secrets-manager",
    operation: "CreateSecret",
    input: {
      Name: `events!connection/${connection.name}/${context.newId()}`,
      SecretString: JSON.stringify(secret),
      ClientRequestToken: context.newId(),
      ...(connection.kmsKey !== undefined && { KmsKeyId: connection.kmsKey }),
    },
    as: await serviceRole(context),
  });
  return ARN;
}

export async function readSecret(secretArn: string, context: Context): Promise<ConnectionSecret> {
  const { SecretString = "{}" } = await context.call<SecretsSdk, "GetSecretValue">({
    service: "secrets-manager",
    operation: "GetSecretValue",
    input: { SecretId: secretArn },
    as: await serviceRole(context),
  });
  return secretIn(SecretString);
}

const TEXTS = [
  "username",
  "password",
  "api_key_name",
  "api_key_value",
  "client_id",
  "client_secret",
  "authorization_endpoint",
  "http_method",
] as const;
const PARAMETER_LISTS = ["header_parameters", "query_string_parameters", "body_parameters"] as const;

/** The secret is its owner's to write to: what is not as EventBridge writes it is not there. */
function secretIn(text: string): ConnectionSecret {
  const members = membersOf(parsed(text));
  const texts = TEXTS.map((name) => [name, members.get(name)]).filter(([, value]) => typeof value === "string");
  const [oauth, invocation] = [members.get("oauth_http_parameters"), members.get("invocation_http_parameters")];
  return {
    ...Object.fromEntries(texts),
    ...(oauth !== undefined && { oauth_http_parameters: parametersIn(oauth) }),
    ...(invocation !== undefined && { invocation_http_parameters: parametersIn(invocation) }),
  };
}

function parametersIn(value: unknown): SecretParameters {
  const members = membersOf(value);
  return Object.fromEntries(
    PARAMETER_LISTS.flatMap((name) => {
      const list: unknown = members.get(name);
      return Array.isArray(list) ? [[name, list.map(parameterIn)] as const] : [];
    }),
  );
}

function parameterIn(value: unknown): SecretParameter {
  const members = membersOf(value);
  const [key, text] = [members.get("key"), members.get("value")];
  return {
    key: typeof key === "string" ? key : "",
    value: typeof text === "string" ? text : "",
    is_value_secret: members.get("is_value_secret") === true,
  };
}

const membersOf = (value: unknown): ReadonlyMap<string, unknown> =>
  new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);

function parsed(text: string): unknown {
  try {
    return parseBounded(text);
  } catch {
    return undefined;
  }
}

interface Kept {
  readonly secretArn: string;
  /** Where it is another one from now on; empty: that of the account's own. */
  readonly kmsKey?: string | undefined;
}

export async function changeSecret({ secretArn, kmsKey }: Kept, secret: ConnectionSecret, context: Context) {
  await context.call<SecretsSdk, "UpdateSecret">({
    service: "secrets-manager",
    operation: "UpdateSecret",
    input: {
      SecretId: secretArn,
      SecretString: JSON.stringify(secret),
      ClientRequestToken: context.newId(),
      ...(kmsKey !== undefined && { KmsKeyId: kmsKey }),
    },
    as: await serviceRole(context),
  });
}

export async function deleteSecret(secretArn: string, context: Context): Promise<void> {
  await context.call<SecretsSdk, "DeleteSecret">({
    service: "secrets-manager",
    operation: "DeleteSecret",
    input: { SecretId: secretArn, ForceDeleteWithoutRecovery: true },
    as: await serviceRole(context),
  });
}
