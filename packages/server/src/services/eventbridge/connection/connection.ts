/** Connections: how API destinations let EventBridge in. */
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { onAll, onOwn } from "../access.ts";
import { arnOfConnection, connections, type Connection } from "./row.ts";
import {
  changeSecret,
  createSecret,
  deleteSecret,
  readSecret,
  secretOf,
  type ConnectionSecret,
  type SecretParameter,
  type SecretParameters,
} from "./secret.ts";
import {
  connectionExists,
  connectionNotDescribed,
  connectionNotFound,
  invalidToken,
  privateConnection,
} from "../errors.ts";
import { operation, type EventBridgeSdk } from "../kit.ts";
import { PAGE_MAX } from "../limits.ts";
import { filtered } from "../listing.ts";
import { AUTHORIZE } from "./authorization.ts";

export const createConnection = operation("CreateConnection", {
  authorize: ({ Name }, context) => onOwn("CreateConnection", `connection/${Name}`, context),

  async handle(input, context) {
    const { Name: name, Description, AuthorizationType: type, AuthParameters, KmsKeyIdentifier } = input;
    requirePublic(input);
    if ((await context.tx.get(connections, name)) !== undefined) throw connectionExists(name);
    const secret = secretOf(type, AuthParameters);
    const kmsKey = KmsKeyIdentifier === "" ? undefined : KmsKeyIdentifier;
    const secretArn = await createSecret({ name, kmsKey }, secret, context);
    const atMs = context.now().getTime();
    const { account, region, partition } = context;
    const connection: Connection = {
      name,
      id: context.newId(),
      account,
      region,
      partition,
      type,
      secretArn,
      ...(Description !== undefined && { description: Description }),
      ...(kmsKey !== undefined && { kmsKey }),
      ...standing(type),
      shown: shownParameters(secret),
      createdAtMs: atMs,
      changedAtMs: atMs,
      authorizedAtMs: atMs,
    };
    put(connection, context);
    const { LastAuthorizedTime: _later, ...answer } = answerOf(connection);
    return answer;
  },
});

/** What needs a token is not let in before there is one. */
const standing = (type: Connection["type"]): Pick<Connection, "state"> => ({
  state: type === "OAUTH_CLIENT_CREDENTIALS" ? "AUTHORIZING" : "AUTHORIZED",
});

function put(connection: Connection, context: Context): void {
  context.tx.put(connections, connection);
  if (connection.state === "AUTHORIZING") context.at(context.now().getTime(), AUTHORIZE, connection.name);
}

interface Private {
  readonly InvocationConnectivityParameters?: unknown;
  readonly AuthParameters?: { readonly ConnectivityParameters?: unknown } | undefined;
}

/** @throws {AwsError} `NotImplemented` */
function requirePublic({ InvocationConnectivityParameters, AuthParameters }: Private): void {
  const isPrivate = InvocationConnectivityParameters ?? AuthParameters?.ConnectivityParameters;
  if (isPrivate !== undefined) throw privateConnection();
}

const answerOf = (connection: Connection) => ({
  ConnectionArn: arnOfConnection(connection),
  ConnectionState: connection.state,
  CreationTime: new Date(connection.createdAtMs),
  LastModifiedTime: new Date(connection.changedAtMs),
  LastAuthorizedTime: new Date(connection.authorizedAtMs),
});

function shownParameters(secret: ConnectionSecret): Connection["shown"] {
  const { username, api_key_name: key, client_id: client, invocation_http_parameters: invocation } = secret;
  return {
    ...(username !== undefined && { BasicAuthParameters: { Username: username } }),
    ...(key !== undefined && { ApiKeyAuthParameters: { ApiKeyName: key } }),
    ...(client !== undefined && { OAuthParameters: shownClient(secret) }),
    ...(invocation !== undefined && { InvocationHttpParameters: shownHttp(invocation) }),
  };
}

function shownClient(secret: ConnectionSecret): NonNullable<Connection["shown"]["OAuthParameters"]> {
  const {
    client_id: client,
    authorization_endpoint: endpoint,
    http_method: method,
    oauth_http_parameters: http,
  } = secret;
  return {
    ClientParameters: { ClientID: client },
    AuthorizationEndpoint: endpoint,
    HttpMethod: method === "GET" || method === "PUT" ? method : "POST",
    ...(http !== undefined && { OAuthHttpParameters: shownHttp(http) }),
  };
}

function shownHttp(parameters: SecretParameters) {
  const { header_parameters: headers, query_string_parameters: query, body_parameters: body } = parameters;
  return {
    ...(headers && { HeaderParameters: headers.map(shownParameter) }),
    ...(query && { QueryStringParameters: query.map(shownParameter) }),
    ...(body && { BodyParameters: body.map(shownParameter) }),
  };
}

const shownParameter = ({ key, value, is_value_secret: isSecret = false }: SecretParameter) => ({
  Key: key,
  IsValueSecret: isSecret,
  ...(!isSecret && { Value: value }),
});

export const describeConnection = operation("DescribeConnection", {
  authorize: ({ Name }, context) => onOwn("DescribeConnection", `connection/${Name}`, context),

  async handle({ Name }, context) {
    const connection = await requireConnection(Name, context, connectionNotDescribed);
    const { description, kmsKey, shown, secretArn } = connection;
    return {
      ...listed(connection),
      ...(description !== undefined && { Description: description }),
      ...(kmsKey !== undefined && { KmsKeyIdentifier: kmsKey }),
      SecretArn: secretArn,
      AuthParameters: shown,
    };
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireConnection(name: string, { tx }: Context, notFound = connectionNotFound): Promise<Connection> {
  const connection = await tx.get(connections, name);
  if (connection === undefined) throw notFound(name);
  return connection;
}

const listed = (connection: Connection) => ({
  ...answerOf(connection),
  Name: connection.name,
  AuthorizationType: connection.type,
  ...(connection.reason !== undefined && { StateReason: connection.reason }),
});

export const updateConnection = operation("UpdateConnection", {
  authorize: ({ Name }, context) => onOwn("UpdateConnection", `connection/${Name}`, context),

  async handle(input, context) {
    const { Name, Description, AuthorizationType, AuthParameters, KmsKeyIdentifier } = input;
    requirePublic(input);
    const { token: _old, reason: _why, kmsKey: formerKey, ...was } = await requireConnection(Name, context);
    const kmsKey = KmsKeyIdentifier ?? formerKey ?? "";
    const type = AuthorizationType ?? was.type;
    const old = await readSecret(was.secretArn, context);
    const secret = secretOf(type, AuthParameters ?? {}, old);
    await changeSecret({ secretArn: was.secretArn, kmsKey: KmsKeyIdentifier }, secret, context);
    const atMs = context.now().getTime();
    const changed: Connection = {
      ...was,
      type,
      ...(Description !== undefined && { description: Description }),
      ...(kmsKey !== "" && { kmsKey }),
      ...standing(type),
      shown: shownParameters(secret),
      revision: context.newId(),
      changedAtMs: atMs,
      authorizedAtMs: atMs,
    };
    put(changed, context);
    return answerOf(changed);
  },
});

export const deauthorizeConnection = operation("DeauthorizeConnection", {
  authorize: ({ Name }, context) => onOwn("DeauthorizeConnection", `connection/${Name}`, context),

  async handle({ Name }, context) {
    const { token: _old, ...was } = await requireConnection(Name, context);
    await changeSecret({ secretArn: was.secretArn }, {}, context);
    const changedAtMs = context.now().getTime();
    const changed: Connection = { ...was, state: "DEAUTHORIZED", revision: context.newId(), changedAtMs };
    context.tx.put(connections, changed);
    return { ...answerOf(changed), ConnectionState: "DEAUTHORIZING" as const };
  },
});

export const deleteConnection = operation("DeleteConnection", {
  authorize: ({ Name }, context) => onOwn("DeleteConnection", `connection/${Name}`, context),

  async handle({ Name }, context) {
    const connection = await requireConnection(Name, context);
    await deleteSecret(connection.secretArn, context);
    context.tx.delete(connections, Name);
    return { ...answerOf(connection), ConnectionState: "DELETING" as const };
  },
});

type Listed = InputOf<EventBridgeSdk, "ListConnections">;

export const listConnections = operation("ListConnections", {
  authorize: onAll("ListConnections"),

  async handle({ NamePrefix, ConnectionState, NextToken: token, Limit: limit = PAGE_MAX }: Listed, context) {
    const isMeant = ({ state }: Connection) => ConnectionState === undefined || state === ConnectionState;
    const asked = { startsWith: NamePrefix, isMeant, token, limit, invalidToken };
    const { rows, next } = await filtered(context.tx, connections, asked);
    return { Connections: rows.map(listed), ...(next !== undefined && { NextToken: next }) };
  },
});
