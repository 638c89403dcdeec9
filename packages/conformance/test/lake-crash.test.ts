import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudTrailClient,
  CreateEventDataStoreCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudtrail";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { configOf, kill, startServer } from "./clients/running-server.ts";

/** While events are on their way into the store, or a query is under way. */
test.concurrent.each([0, 15, 50])(
  "a server that is killed %s ms after a query was asked keeps every event once, and answers",
  { timeout: 60_000 },
  async (milliseconds) => {
    const directory = mkdtempSync(join(tmpdir(), "kumobako-lake-"));
    const first = await startServer({ args: [], directory });
    const trails = new CloudTrailClient(configOf(first));
    const { EventDataStoreArn = "" } = await trails.send(new CreateEventDataStoreCommand({ Name: "lake" }));
    const users = Array.from({ length: 20 }, (_, at) => `user${String(at).padStart(2, "0")}`);
    for (const UserName of users) await new IAMClient(configOf(first)).send(new CreateUserCommand({ UserName }));
    const QueryStatement = `SELECT element_at(requestParameters, 'userName') AS name FROM ${EventDataStoreArn.split("/")[1]} WHERE eventName = 'CreateUser' ORDER BY name`;
    const asked = await trails.send(new StartQueryCommand({ QueryStatement }));
    await new Promise((done) => setTimeout(done, milliseconds));
    await kill(first);

    await using second = await startServer({ args: [], directory });
    await second.answer("clock", "advance", "1m");
    const again = new CloudTrailClient(configOf(second));
    const { QueryStatus } = await again.send(new GetQueryResultsCommand({ QueryId: asked.QueryId }));
    expect(QueryStatus).toBe("FINISHED");
    const { QueryId } = await again.send(new StartQueryCommand({ QueryStatement }));
    await second.answer("clock", "advance", "1m");
    const { QueryResultRows = [] } = await again.send(new GetQueryResultsCommand({ QueryId }));
    expect(QueryResultRows.map(([cell]) => cell?.["name"])).toEqual(users);
    rmSync(directory, { recursive: true, force: true });
  },
);
