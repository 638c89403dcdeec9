/** API destinations: addresses on the web that events are sent to. */
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onAll, onOwn } from "../access.ts";
import { arnOfDestination, destinations, type ApiDestination } from "./row.ts";
import { findConnection } from "../connection/row.ts";
import {
  connectionNotFound,
  destinationExists,
  destinationNotDescribed,
  destinationNotFound,
  invalidToken,
} from "../errors.ts";
import { forgetPace } from "./invocation.ts";
import { operation } from "../kit.ts";
import { INVOCATIONS_PER_SECOND_USUAL, PAGE_MAX } from "../limits.ts";
import { filtered } from "../listing.ts";
import { parseArn } from "../../../kernel/arn.ts";

export const createApiDestination = operation("CreateApiDestination", {
  authorize({ Name, ConnectionArn }, context): readonly Access[] {
    return [
      onOwn("CreateApiDestination", `api-destination/${Name}`, context),
      onOwn("CreateApiDestination", parseArn(ConnectionArn)?.resource ?? "connection/", context),
    ];
  },

  async handle(input, context) {
    const { Name: name, Description, ConnectionArn, InvocationEndpoint, HttpMethod } = input;
    const { tx, account, region, partition } = context;
    if ((await tx.get(destinations, name)) !== undefined) throw destinationExists(name);
    await requireConnection(ConnectionArn, context);
    const atMs = context.now().getTime();
    const destination: ApiDestination = {
      name,
      id: context.newId(),
      account,
      region,
      partition,
      ...(Description !== undefined && { description: Description }),
      connectionArn: ConnectionArn,
      endpoint: InvocationEndpoint,
      method: HttpMethod,
      perSecondMax: input.InvocationRateLimitPerSecond ?? INVOCATIONS_PER_SECOND_USUAL,
      createdAtMs: atMs,
      changedAtMs: atMs,
    };
    tx.put(destinations, destination);
    return answerOf(destination, context);
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireConnection(arn: string, { tx }: Context): Promise<void> {
  if ((await findConnection(arn, tx)) === undefined) throw connectionNotFound(arn);
}

/** It is of use as long as its connection is. */
async function answerOf(destination: ApiDestination, { tx }: Context) {
  const connection = await findConnection(destination.connectionArn, tx);
  return {
    ApiDestinationArn: arnOfDestination(destination),
    ApiDestinationState: connection?.state === "AUTHORIZED" ? ("ACTIVE" as const) : ("INACTIVE" as const),
    CreationTime: new Date(destination.createdAtMs),
    LastModifiedTime: new Date(destination.changedAtMs),
  };
}

const listed = async (destination: ApiDestination, context: Context) => ({
  ...(await answerOf(destination, context)),
  Name: destination.name,
  ConnectionArn: destination.connectionArn,
  InvocationEndpoint: destination.endpoint,
  HttpMethod: destination.method,
  InvocationRateLimitPerSecond: destination.perSecondMax,
});

export const describeApiDestination = operation("DescribeApiDestination", {
  authorize: ({ Name }, context) => onOwn("DescribeApiDestination", `api-destination/${Name}`, context),

  async handle({ Name }, context) {
    const destination = await requireDestination(Name, context, destinationNotDescribed);
    const { description } = destination;
    return { ...(await listed(destination, context)), ...(description !== undefined && { Description: description }) };
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireDestination(
  name: string,
  { tx }: Context,
  notFound = destinationNotFound,
): Promise<ApiDestination> {
  const destination = await tx.get(destinations, name);
  if (destination === undefined) throw notFound(name);
  return destination;
}

export const updateApiDestination = operation("UpdateApiDestination", {
  authorize: ({ Name }, context) => onOwn("UpdateApiDestination", `api-destination/${Name}`, context),

  async handle(input, context) {
    const { Name, Description, ConnectionArn, InvocationEndpoint, HttpMethod, InvocationRateLimitPerSecond } = input;
    const was = await requireDestination(Name, context);
    if (ConnectionArn !== undefined) await requireConnection(ConnectionArn, context);
    const changed: ApiDestination = {
      ...was,
      ...(Description !== undefined && { description: Description }),
      connectionArn: ConnectionArn ?? was.connectionArn,
      endpoint: InvocationEndpoint ?? was.endpoint,
      method: HttpMethod ?? was.method,
      perSecondMax: InvocationRateLimitPerSecond ?? was.perSecondMax,
      changedAtMs: context.now().getTime(),
    };
    context.tx.put(destinations, changed);
    return answerOf(changed, context);
  },
});

export const deleteApiDestination = operation("DeleteApiDestination", {
  authorize: ({ Name }, context) => onOwn("DeleteApiDestination", `api-destination/${Name}`, context),

  async handle({ Name }, context) {
    await requireDestination(Name, context);
    context.tx.delete(destinations, Name);
    forgetPace(Name, context.tx);
    return {};
  },
});

export const listApiDestinations = operation("ListApiDestinations", {
  authorize: onAll("ListApiDestinations"),

  async handle({ NamePrefix, ConnectionArn, NextToken: token, Limit: limit = PAGE_MAX }, context) {
    const isMeant = ({ connectionArn }: ApiDestination) =>
      ConnectionArn === undefined || connectionArn === ConnectionArn;
    const asked = { startsWith: NamePrefix, isMeant, token, limit, invalidToken };
    const { rows, next } = await filtered(context.tx, destinations, asked);
    const ApiDestinations = await Promise.all(rows.map((row) => listed(row, context)));
    return { ApiDestinations, ...(next !== undefined && { NextToken: next }) };
  },
});
