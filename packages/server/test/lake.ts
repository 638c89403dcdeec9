/** A cloud with an event data store, and what is asked of it. */
import {
  CloudTrailClient,
  CreateEventDataStoreCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
  type CreateEventDataStoreCommandInput,
  type StartQueryCommandInput,
} from "@aws-sdk/client-cloudtrail";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { testCloud, type TestCloud } from "./test-cloud.ts";

/** The names of users that were made. */
export const USERS =
  "SELECT element_at(requestParameters, 'userName') AS name FROM $EDS WHERE eventName = 'CreateUser' ORDER BY eventTime, 1";

type QueryCell = Readonly<Record<string, string>>;

/** A cloud with a store: that which is there, or a new one. */
export async function lakeCloud(more: Partial<CreateEventDataStoreCommandInput> = {}, there?: TestCloud) {
  const cloud = there ?? (await testCloud());
  const trails = cloud.client(CloudTrailClient);
  const iam = cloud.client(IAMClient);
  const made = await trails.send(
    new CreateEventDataStoreCommand({ Name: "lake", TerminationProtectionEnabled: false, ...more }),
  );
  const arn = made.EventDataStoreArn ?? "";
  const id = arn.split("/")[1] ?? "";
  /** Until what happened so far is in the store, and what was asked is answered. */
  const settle = async () => {
    await cloud.cloud.journal.flush();
    await cloud.clock.advance(1);
  };
  const makeUsers = async (...names: readonly string[]) => {
    for (const UserName of names) await iam.send(new CreateUserCommand({ UserName }));
    await settle();
  };
  const start = async (text: string, input: StartQueryCommandInput = {}, client = trails) => {
    const QueryStatement = text.replaceAll("$EDS", id);
    return (await client.send(new StartQueryCommand({ QueryStatement, ...input }))).QueryId ?? "";
  };
  const results = async (QueryId: string) => {
    await settle();
    return trails.send(new GetQueryResultsCommand({ QueryId }));
  };
  const ask = async (text: string): Promise<QueryCell[][]> => (await results(await start(text))).QueryResultRows ?? [];
  return { ...cloud, trails, iam, arn, id, settle, makeUsers, start, results, ask };
}
