import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  DeleteConnectionCommand,
  DescribeApiDestinationCommand,
  DescribeConnectionCommand,
  type CreateConnectionCommandInput,
  type HttpParameters,
  type RetryPolicy,
  type ConnectionOAuthHttpMethod,
} from "@aws-sdk/client-eventbridge";
import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { DescribeSecretCommand, GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { expect, test } from "vitest";
import { foreignServer } from "../../../../test/foreign-server.ts";
import { makeRole } from "../../../../test/identities.ts";
import { eventWorld, type EventWorld } from "../../../../test/event-world.ts";

const BASIC = {
  AuthorizationType: "BASIC",
  AuthParameters: { BasicAuthParameters: { Username: "ann", Password: "secret" } },
} as const;

/** A rule that sends to `address`, by a connection. */
async function destinationWorld(
  address: string,
  connection: Omit<CreateConnectionCommandInput, "Name"> = BASIC,
  { RetryPolicy, ...parameters }: HttpParameters & { readonly RetryPolicy?: RetryPolicy } = {},
): Promise<EventWorld & { readonly dead: Awaited<ReturnType<EventWorld["queue"]>> }> {
  const world = await eventWorld();
  const { events } = world;
  const { ConnectionArn } = await events.send(new CreateConnectionCommand({ Name: "c", ...connection }));
  const { ApiDestinationArn } = await events.send(
    new CreateApiDestinationCommand({ Name: "d", ConnectionArn, InvocationEndpoint: address, HttpMethod: "POST" }),
  );
  const statement = { Effect: "Allow", Action: "events:InvokeApiDestination", Resource: ApiDestinationArn };
  const RoleArn = await makeRole(world.cloud, "r", {
    principal: { Service: "events.amazonaws.com" },
    allow: { Statement: [statement] },
  });
  const dead = await world.queue("dead");
  const target = { Id: "1", Arn: ApiDestinationArn, RoleArn, DeadLetterConfig: { Arn: dead.arn } };
  const more = { HttpParameters: parameters, InputPath: "$.detail", RetryPolicy };
  await world.rule("r", { source: ["shop"] }, [{ ...target, ...more }]);
  return { ...world, dead };
}

const EVENT = { Source: "shop", DetailType: "order", Detail: '{"n":1,"id":"7"}' } as const;

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html */
test("an event is sent over HTTP, with what connection and target say of the request", async () => {
  const { requests, url } = await foreignServer();
  const InvocationHttpParameters = {
    HeaderParameters: [{ Key: "X-Key", Value: "hidden", IsValueSecret: true }],
    QueryStringParameters: [{ Key: "v", Value: "2" }],
    BodyParameters: [{ Key: "more", Value: "yes" }],
  };
  const connection = { ...BASIC, AuthParameters: { ...BASIC.AuthParameters, InvocationHttpParameters } };
  const parameters = { PathParameterValues: ["$.detail.id"], HeaderParameters: { "X-Own": "a", "X-Key": "b" } };
  const world = await destinationWorld(`${url}/orders/*`, connection, parameters);
  await world.put(EVENT);
  await world.cloud.clock.advance(0);
  expect(requests).toMatchObject([
    {
      method: "POST",
      url: "/orders/7?v=2",
      headers: {
        authorization: `Basic ${Buffer.from("ann:secret").toString("base64")}`,
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Amazon/EventBridge/ApiDestinations",
        "x-own": "a",
        "x-key": "hidden",
      },
    },
  ]);
  expect(JSON.parse(requests[0]?.body ?? "")).toEqual({ n: 1, id: "7", more: "yes" });
  const { AuthParameters } = await world.events.send(new DescribeConnectionCommand({ Name: "c" }));
  expect(AuthParameters).toEqual({
    BasicAuthParameters: { Username: "ann" },
    InvocationHttpParameters: {
      HeaderParameters: [{ Key: "X-Key", IsValueSecret: true }],
      QueryStringParameters: [{ Key: "v", Value: "2", IsValueSecret: false }],
      BodyParameters: [{ Key: "more", Value: "yes", IsValueSecret: false }],
    },
  });
});

test("numbers that are too long for a double stay what they are in a request's parameters", async () => {
  const { requests, url } = await foreignServer();
  const parameters = { PathParameterValues: ["$.detail.id"], HeaderParameters: { "X-Id": "$.detail.id" } };
  const world = await destinationWorld(`${url}/orders/*`, BASIC, parameters);
  await world.put({ ...EVENT, Detail: '{"id":12345678901234567891}' });
  await world.cloud.clock.advance(0);
  expect(requests).toMatchObject([
    { url: "/orders/12345678901234567891", headers: { "x-id": "12345678901234567891" } },
  ]);
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html (headers in requests) */
test("headers that are EventBridge's or the connection's own cannot be set", async () => {
  const { requests, url } = await foreignServer();
  const HeaderParameters = {
    "User-Agent": "mine",
    range: "bytes=0-1",
    Host: "elsewhere.example",
    "Content-Length": "1",
    Referer: "https://elsewhere.example",
    "Content-Type": "text/plain",
  };
  const world = await destinationWorld(url, BASIC, { HeaderParameters });
  await world.put(EVENT);
  await world.cloud.clock.advance(0);
  const [{ headers } = { headers: {} }] = requests;
  expect(headers).toMatchObject({
    "user-agent": "Amazon/EventBridge/ApiDestinations",
    range: "bytes=0-1048575",
    host: new URL(url).host,
    "content-type": "text/plain",
  });
  expect(headers).not.toHaveProperty("referer");
});

test("a server that fails is asked again by the virtual clock, one that refuses is not", async () => {
  const state = { status: 503 };
  const { requests, url } = await foreignServer(() => state);
  const world = await destinationWorld(url);
  await world.put(EVENT);
  await world.cloud.clock.advance(0);
  expect(requests).toHaveLength(1);
  state.status = 200;
  await world.cloud.clock.advance(60);
  expect(requests).toHaveLength(2);
  state.status = 400;
  await world.put(EVENT);
  await world.cloud.clock.advance(600);
  expect(requests).toHaveLength(3);
  const [letter] = await world.dead.messages();
  expect(letter?.MessageAttributes?.["ERROR_MESSAGE"]?.StringValue).toBe("the destination answered 400");
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html, …/eb-rule-event-delivery.html#eb-rule-dlq */
test.each([
  ["as often as its policy says", { MaximumRetryAttempts: 2 }, 3, "MaximumRetryAttempts"],
  ["as long as its policy says", { MaximumEventAgeInSeconds: 60 }, 6, "MaximumEventAgeInSeconds"],
])("a destination that fails is asked %s", async (_how, RetryPolicy, attempts, condition) => {
  const { requests, url } = await foreignServer(() => ({ status: 500 }));
  const world = await destinationWorld(url, BASIC, { RetryPolicy });
  await world.put(EVENT);
  await world.cloud.clock.advance(86_400);
  expect(requests).toHaveLength(attempts);
  const [letter] = await world.dead.messages();
  const told = letter?.MessageAttributes;
  expect(told?.["EXHAUSTED_RETRY_CONDITION"]?.StringValue).toBe(condition);
  expect(told?.["RETRY_ATTEMPTS"]?.StringValue).toBe(String(attempts - 1));
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_api_destinations_and_connection.snapshot.json (recorded answers) */
test("what a connection keeps secret lies in a secret, which goes with it", async () => {
  const world = await destinationWorld("http://127.0.0.1:1/");
  const { SecretArn = "" } = await world.events.send(new DescribeConnectionCommand({ Name: "c" }));
  expect(SecretArn).toMatch(
    /^arn:aws:secretsmanager:us-east-1:000000000000:secret:events!connection\/c\/[\da-f-]{36}-\w{6}$/,
  );
  const secrets = world.cloud.client(SecretsManagerClient);
  const read = () => secrets.send(new GetSecretValueCommand({ SecretId: SecretArn }));
  expect(JSON.parse((await read()).SecretString ?? "")).toEqual({ username: "ann", password: "secret" });
  const described = await secrets.send(new DescribeSecretCommand({ SecretId: SecretArn }));
  // Source: https://github.com/getmoto/moto/blob/master/tests/test_events/test_events.py (test_kms_key_is_created, verified)
  expect(described).toMatchObject({
    OwningService: "events",
    Tags: [{ Key: "aws:secretsmanager:owningService", Value: "events" }],
  });
  const { ConnectionState } = await world.events.send(new DeleteConnectionCommand({ Name: "c" }));
  expect(ConnectionState).toBe("DELETING");
  await expect(read()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("a connection of OAuth gets its token before it is of use, and another where that is not believed", async () => {
  const tokens = { count: 0 };
  const { requests, url } = await foreignServer(({ url: path, headers }) => {
    if (path === "/token") {
      tokens.count += 1;
      return { status: 200, body: JSON.stringify({ access_token: `t${tokens.count}`, expires_in: 3600 }) };
    }
    return { status: headers.authorization === "Bearer t2" ? 200 : 401 };
  });
  const world = await destinationWorld(`${url}/api`, {
    AuthorizationType: "OAUTH_CLIENT_CREDENTIALS",
    AuthParameters: {
      OAuthParameters: {
        AuthorizationEndpoint: `${url}/token`,
        HttpMethod: "POST",
        ClientParameters: { ClientID: "id", ClientSecret: "secret" },
      },
    },
  });
  await world.cloud.clock.advance(0);
  const { ConnectionState } = await world.events.send(new DescribeConnectionCommand({ Name: "c" }));
  const { ApiDestinationState } = await world.events.send(new DescribeApiDestinationCommand({ Name: "d" }));
  expect([ConnectionState, ApiDestinationState]).toEqual(["AUTHORIZED", "ACTIVE"]);
  expect(new URLSearchParams(requests[0]?.body).get("grant_type")).toBe("client_credentials");
  await world.put(EVENT);
  await world.cloud.clock.advance(60);
  const asked = requests.filter(({ url: path }) => path === "/api").map(({ headers }) => headers.authorization);
  expect(asked).toEqual(["Bearer t1", "Bearer t2"]);
});

test("an authorization endpoint that is asked by GET hears who asks from the address", async () => {
  const { requests, url } = await foreignServer(() => ({ status: 200, body: '{"access_token":"t"}' }));
  const world = await destinationWorld(`${url}/api`, {
    AuthorizationType: "OAUTH_CLIENT_CREDENTIALS",
    AuthParameters: {
      OAuthParameters: {
        AuthorizationEndpoint: `${url}/token`,
        HttpMethod: "GET",
        ClientParameters: { ClientID: "id", ClientSecret: "secret" },
        OAuthHttpParameters: { QueryStringParameters: [{ Key: "scope", Value: "all" }] },
      },
    },
  });
  await world.cloud.clock.advance(0);
  const asked = URL.parse(requests[0]?.url ?? "", url)?.searchParams ?? [];
  expect(Object.fromEntries(asked)).toEqual({
    grant_type: "client_credentials",
    client_id: "id",
    client_secret: "secret",
    scope: "all",
  });
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_api_destinations_and_connection.py (recorded: test_api_destinations, `put`) */
test("the method of an authorization endpoint may be in small letters", async () => {
  const { events } = await eventWorld();
  const create = (Name: string, HttpMethod: ConnectionOAuthHttpMethod) => {
    const client = { ClientID: "id", ClientSecret: "secret" };
    const OAuthParameters = { AuthorizationEndpoint: "https://localhost/", HttpMethod, ClientParameters: client };
    const AuthorizationType = "OAUTH_CLIENT_CREDENTIALS";
    return events.send(new CreateConnectionCommand({ Name, AuthorizationType, AuthParameters: { OAuthParameters } }));
  };
  await create("small", JSON.parse('"put"'));
  const { AuthParameters } = await events.send(new DescribeConnectionCommand({ Name: "small" }));
  expect(AuthParameters?.OAuthParameters?.HttpMethod).toBe("PUT");
  await expect(create("none", JSON.parse('"head"'))).rejects.toThrow(
    "Value 'head' at 'authParameters.oAuthParameters.httpMethod' failed to satisfy constraint: Member must satisfy enum value set: [POST, PUT, GET]",
  );
});

test("a role that may not invoke the destination sends nothing", async () => {
  const { requests, url } = await foreignServer();
  const world = await destinationWorld(url);
  const iam = world.cloud.client(IAMClient);
  const statement = { Effect: "Deny", Action: "events:*", Resource: "*" };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await iam.send(new PutRolePolicyCommand({ RoleName: "r", PolicyName: "no", PolicyDocument }));
  await world.put(EVENT);
  const [letter] = await world.dead.messages();
  const { ERROR_CODE, ERROR_MESSAGE, TARGET_ARN } = letter?.MessageAttributes ?? {};
  expect(ERROR_CODE?.StringValue).toBe("NO_PERMISSIONS");
  // Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
  expect(ERROR_MESSAGE?.StringValue).toBe(
    `User: arn:aws:sts::000000000000:assumed-role/r/events is not authorized to perform: events:InvokeApiDestination on resource: ${TARGET_ARN?.StringValue} with an explicit deny in an identity-based policy`,
  );
  expect(requests).toEqual([]);
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateConnection.html (AuthParameters) */
test("a connection has what belongs to its type of authorization alone", async () => {
  const { events } = await eventWorld();
  const key = { ApiKeyAuthParameters: { ApiKeyName: "X-Key", ApiKeyValue: "k" } };
  const AuthParameters = { ...BASIC.AuthParameters, ...key };
  const both = events.send(new CreateConnectionCommand({ Name: "c", AuthorizationType: "BASIC", AuthParameters }));
  await expect(both).rejects.toMatchObject({ name: "ValidationException" });
});
