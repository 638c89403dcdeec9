import {
  CreateEndpointCommand,
  DescribeEndpointCommand,
  ListEndpointsCommand,
  PutEventsCommand,
  UpdateEndpointCommand,
} from "@aws-sdk/client-eventbridge";
import { HttpRequest } from "@smithy/core/protocols";
import { expect, test } from "vitest";
import { eventWorld } from "../../../../test/event-world.ts";

test("there are no global endpoints, and none is made as if", async () => {
  const { events } = await eventWorld();
  expect((await events.send(new ListEndpointsCommand({}))).Endpoints).toEqual([]);
  await expect(events.send(new DescribeEndpointCommand({ Name: "e" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  const Primary = { HealthCheck: "arn:aws:route53:::healthcheck/e6484d96-1f3c-4f4b-9c6b-1f3c4f4b9c6b" };
  const RoutingConfig = { FailoverConfig: { Primary, Secondary: { Route: "eu-west-1" } } };
  const EventBuses = ["us-east-1", "eu-west-1"].map((region) => ({
    EventBusArn: `arn:aws:events:${region}:000000000000:event-bus/default`,
  }));
  const create = events.send(new CreateEndpointCommand({ Name: "e", RoutingConfig, EventBuses }));
  await expect(create).rejects.toMatchObject({ name: "NotImplemented" });
  await expect(events.send(new UpdateEndpointCommand({ Name: "e" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("what is put on one is refused, not taken as if it were for a bus", async () => {
  const { events } = await eventWorld();
  // the SDK would sign for several regions
  events.middlewareStack.add(
    (next) => (args) => {
      if (HttpRequest.isInstance(args.request)) {
        args.request.body = JSON.stringify({
          ...JSON.parse(new TextDecoder().decode(args.request.body)),
          EndpointId: "abcde.veo",
        });
      }
      return next(args);
    },
    { step: "build", priority: "high" },
  );
  const entry = { Source: "shop", DetailType: "order", Detail: "{}" };
  await expect(events.send(new PutEventsCommand({ Entries: [entry] }))).rejects.toMatchObject({
    name: "NotImplemented",
  });
});
