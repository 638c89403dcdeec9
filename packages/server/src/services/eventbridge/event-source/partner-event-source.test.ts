import {
  ActivateEventSourceCommand,
  CreateEventBusCommand,
  CreatePartnerEventSourceCommand,
  DeactivateEventSourceCommand,
  DeleteEventBusCommand,
  DeletePartnerEventSourceCommand,
  DescribeEventSourceCommand,
  DescribePartnerEventSourceCommand,
  ListEventSourcesCommand,
  ListPartnerEventSourceAccountsCommand,
  ListPartnerEventSourcesCommand,
  ListTagsForResourceCommand,
  PutPartnerEventsCommand,
} from "@aws-sdk/client-eventbridge";
import { expect, test } from "vitest";
import { eventWorld } from "../../../../test/event-world.ts";

const CUSTOMER = "000000000000";
const PARTNER = "111111111111";
const Name = "aws.partner/example.com/shop/17";
const DAY_SECONDS = 86_400;

/** A partner that has made a source for the customer. */
async function partnerWorld() {
  const world = await eventWorld();
  const partner = world.eventsOf(world.cloud.rootOf(PARTNER));
  const create = () => partner.send(new CreatePartnerEventSourceCommand({ Name, Account: CUSTOMER }));
  const { EventSourceArn } = await create();
  const put = async (Source = Name) => {
    const entry = { Source, DetailType: "order", Detail: '{"n":1}' };
    const { Entries = [] } = await partner.send(new PutPartnerEventsCommand({ Entries: [entry] }));
    return Entries[0];
  };
  const state = async () => (await world.events.send(new DescribeEventSourceCommand({ Name }))).State;
  return { ...world, partner, create, EventSourceArn, put, state };
}

const BUS = new CreateEventBusCommand({ Name, EventSourceName: Name });

// Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventSource.html (State)
test("events of a partner come on the customer's bus of the source's name, once there is one", async () => {
  const world = await partnerWorld();
  const { EventSourceArn, events, partner, put, state } = world;
  expect(EventSourceArn).toBe(`arn:aws:events:us-east-1::event-source/${Name}`);
  const { EventSources } = await events.send(new ListEventSourcesCommand({ NamePrefix: "aws.partner/example.com" }));
  expect(EventSources).toMatchObject([{ Name, Arn: EventSourceArn, CreatedBy: "example.com", State: "PENDING" }]);
  await put();
  await events.send(BUS);
  expect(await state()).toBe("ACTIVE");
  const queue = await world.queue("q");
  await world.rule("r", { account: [CUSTOMER] }, [{ Id: "1", Arn: queue.arn }], { EventBusName: Name });
  const answer = await put();
  const [body = "{}", ...more] = await queue.bodies();
  expect(more).toEqual([]);
  expect(JSON.parse(body)).toMatchObject({ id: answer?.EventId, source: Name, account: CUSTOMER, detail: { n: 1 } });
  const known = await partner.send(new ListPartnerEventSourcesCommand({ NamePrefix: "aws.partner/example.com/" }));
  expect(known.PartnerEventSources).toEqual([{ Name, Arn: EventSourceArn }]);
  const asked = new ListPartnerEventSourceAccountsCommand({ EventSourceName: Name });
  expect((await partner.send(asked)).PartnerEventSourceAccounts).toMatchObject([
    { Account: CUSTOMER, State: "ACTIVE" },
  ]);
  const ResourceARN = `arn:aws:events:us-east-1:${CUSTOMER}:rule/${Name}/r`;
  expect((await events.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([]);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeactivateEventSource.html
test("a source that is deactivated sends nothing, and is gone after two weeks", async () => {
  const world = await partnerWorld();
  const { events, put, state } = world;
  await events.send(BUS);
  const queue = await world.queue("q");
  await world.rule("r", { account: [CUSTOMER] }, [{ Id: "1", Arn: queue.arn }], { EventBusName: Name });
  await events.send(new DeactivateEventSourceCommand({ Name }));
  expect(await state()).toBe("PENDING");
  await put();
  expect(await queue.bodies()).toEqual([]);
  await events.send(new ActivateEventSourceCommand({ Name }));
  await put();
  expect(await queue.bodies()).toHaveLength(1);
  await world.cloud.clock.advance(15 * DAY_SECONDS);
  expect(await state()).toBe("ACTIVE");
  await events.send(new DeactivateEventSourceCommand({ Name }));
  await world.cloud.clock.advance(15 * DAY_SECONDS);
  expect(await state()).toBe("DELETED");
  const again = events.send(new ActivateEventSourceCommand({ Name }));
  await expect(again).rejects.toMatchObject({
    name: "InvalidStateException",
    message: "The specified state is not a valid state for an event source.",
  });
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventSource.html (State)
test("a source that its partner deletes is DELETED as long as there is a bus for it", async () => {
  const { events, partner, create, put, state } = await partnerWorld();
  await events.send(BUS);
  const gone = new DeletePartnerEventSourceCommand({ Name, Account: CUSTOMER });
  await partner.send(gone);
  await partner.send(gone);
  expect(await state()).toBe("DELETED");
  expect(await put()).toMatchObject({ ErrorCode: "NotAuthorizedForSourceException" });
  await create();
  expect(await state()).toBe("PENDING");
  await partner.send(gone);
  await events.send(new DeleteEventBusCommand({ Name }));
  await expect(state()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("a partner's name and sources are its own", async () => {
  const world = await partnerWorld();
  const { events, partner, create, put } = world;
  await expect(create()).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
  const other = "aws.partner/example.com/shop/18";
  const foreign = events.send(new CreatePartnerEventSourceCommand({ Name: other, Account: CUSTOMER }));
  await expect(foreign).rejects.toMatchObject({ name: "ValidationException" });
  await expect(events.send(new DescribePartnerEventSourceCommand({ Name }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await expect(partner.send(new DescribePartnerEventSourceCommand({ Name }))).resolves.toMatchObject({ Name });
  expect(await put(other)).toMatchObject({ ErrorCode: "NotAuthorizedForSourceException" });
  // what the customer has is no other's
  await expect(partner.send(new DescribeEventSourceCommand({ Name }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("buses of partners are held to their sources", async () => {
  const { events } = await partnerWorld();
  // Source: https://github.com/aws/aws-sdk-js-v3/issues/4788
  await expect(events.send(new ActivateEventSourceCommand({ Name }))).rejects.toThrow(
    `Event source ${Name} or event bus ${Name} does not exist.`,
  );
  // Source: https://github.com/amzn/selling-partner-api-models/issues/4638
  await expect(events.send(new CreateEventBusCommand({ Name: "aws.orders" }))).rejects.toThrow(
    "EventBus name starting with 'aws.' is not valid.",
  );
  const EventSourceName = "aws.partner/example.com/shop/none";
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/events (recorded answers)
  await expect(events.send(new CreateEventBusCommand({ Name: EventSourceName, EventSourceName }))).rejects.toThrow(
    `Event source ${EventSourceName} does not exist.`,
  );
  const unlike = new CreateEventBusCommand({ Name: "orders", EventSourceName: Name });
  await expect(events.send(unlike)).rejects.toMatchObject({ name: "ValidationException" });
});
