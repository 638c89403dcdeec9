import {
  CreateLookupTableCommand,
  DeleteLookupTableCommand,
  DescribeLookupTablesCommand,
  GetLookupTableCommand,
  GetQueryResultsCommand,
  ListTagsForResourceCommand,
  StartQueryCommand,
  UpdateLookupTableCommand,
  type CreateLookupTableCommandInput,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateKeyCommand, DisableKeyCommand, KMSClient, PutKeyPolicyCommand } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { logWorld } from "../../../../test/logs.ts";
import { formatCsvLine } from "../../../kernel/csv.ts";
import { readCsv } from "./csv.ts";

async function lookupWorld(events: readonly object[] = []) {
  const world = await logWorld();
  const { logs, now, put } = world;
  if (events.length > 0) await put(events.map((event) => JSON.stringify(event)));
  const create = async (
    lookupTableName: string,
    tableBody: string,
    more: Partial<CreateLookupTableCommandInput> = {},
  ) => {
    const asked = new CreateLookupTableCommand({ lookupTableName, tableBody, ...more });
    return (await logs.send(asked)).lookupTableArn ?? "";
  };
  const start = async (queryString: string) => {
    const seconds = Math.floor(now() / 1000);
    const range = { startTime: seconds - 60, endTime: seconds + 60 };
    return (await logs.send(new StartQueryCommand({ logGroupName: "app", ...range, queryString }))).queryId ?? "";
  };
  const ask = async (queryString: string) => {
    const { results = [] } = await logs.send(new GetQueryResultsCommand({ queryId: await start(queryString) }));
    return results.map((row) =>
      Object.fromEntries(
        row.filter(({ field }) => field !== "@ptr").map(({ field = "", value = "" }) => [field, value]),
      ),
    );
  };
  return { ...world, create, start, ask };
}

const USERS = 'id,name,department\n1,Ann,"Sales, West"\n2,Bob,Engineering\n2,Other,Nowhere\n';

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Lookup.html
test("a query adds to events what a lookup table has", async () => {
  const { create, ask } = await lookupWorld([{ id: 1 }, { id: 2, name: "known" }, { id: 3, name: "kept" }]);
  await create("users", USERS);
  const sorted = "fields id | sort id asc";
  expect(await ask(`${sorted} | lookup users id OUTPUT name, department`)).toEqual([
    { id: "1", name: "Ann", department: "Sales, West" },
    { id: "2", name: "Bob", department: "Engineering" },
    { id: "3" },
  ]);
  expect(await ask(`${sorted} | lookup users id OUTPUTNEW name`)).toEqual([
    { id: "1", name: "Ann" },
    { id: "2", name: "known" },
    { id: "3", name: "kept" },
  ]);
  expect(
    await ask(`lookup users id OUTPUT department | filter department = "Engineering" | stats count(*) as n`),
  ).toEqual([{ n: "1" }]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Lookup.html
test("all columns that are matched have to be as the event's fields are, to the letter", async () => {
  const { create, ask } = await lookupWorld([
    { addr: "10.0.0.1", port: 80 },
    { addr: "10.0.0.1", port: 81 },
    { addr: "A" },
  ]);
  await create("services", "ip,port,service\r\n10.0.0.1,80,web\r\n10.0.0.1,443,tls\r\na,,none\r\n");
  const rows = await ask("fields addr, port | lookup services ip as addr, port OUTPUT service | sort port asc");
  expect(rows).toEqual([
    { addr: "A" },
    { addr: "10.0.0.1", port: "80", service: "web" },
    { addr: "10.0.0.1", port: "81" },
  ]);
});

// assumed: which errors a query gets that looks up what is not there
test.each([
  ["fields id | lookup users id OUTPUT age", "MalformedQueryException"],
  ["fields id | lookup users key OUTPUT name", "MalformedQueryException"],
  ["fields id | lookup users id name", "MalformedQueryException"],
  ["fields id | lookup nobody id OUTPUT name", "ResourceNotFoundException"],
])("%s is refused: %s", async (query, name) => {
  const { create, ask } = await lookupWorld();
  await create("users", USERS);
  await expect(ask(query)).rejects.toMatchObject({ name });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLookupTable.html, API_LookupTable.html
test("tables are described, replaced and deleted", async () => {
  const { create, logs, cloud } = await lookupWorld();
  const lookupTableArn = await create("users", USERS, { description: "who", tags: { team: "a" } });
  await create("users2", "a\n");
  expect(lookupTableArn).toBe("arn:aws:logs:us-east-1:000000000000:lookup-table:users");
  await expect(create("users", USERS)).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
  expect(await logs.send(new GetLookupTableCommand({ lookupTableArn }))).toMatchObject({
    lookupTableName: "users",
    description: "who",
    tableBody: USERS,
    sizeBytes: USERS.length,
  });
  expect((await logs.send(new ListTagsForResourceCommand({ resourceArn: lookupTableArn }))).tags).toEqual({
    team: "a",
  });
  await cloud.clock.advance(5);
  await logs.send(new UpdateLookupTableCommand({ lookupTableArn, tableBody: "id,age\n1,20\n" }));
  const first = await logs.send(new DescribeLookupTablesCommand({ lookupTableNamePrefix: "users", maxResults: 1 }));
  expect(first.lookupTables).toMatchObject([
    { lookupTableName: "users", description: "who", tableFields: ["id", "age"], recordsCount: 1 },
  ]);
  const { nextToken } = first;
  const second = await logs.send(new DescribeLookupTablesCommand({ lookupTableNamePrefix: "users", nextToken }));
  expect(second.lookupTables?.map(({ lookupTableName }) => lookupTableName)).toEqual(["users2"]);
  await logs.send(new DeleteLookupTableCommand({ lookupTableArn }));
  const gone = logs.send(new GetLookupTableCommand({ lookupTableArn }));
  await expect(gone).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLookupTable.html
test("a table is made of what a query found, or of a text that is one, of one of both", async () => {
  const { create, start, logs } = await lookupWorld([{ id: 1, note: 'a "b", c' }, { id: 2 }]);
  const queryId = await start("fields id, note | sort id asc");
  const asked = new CreateLookupTableCommand({ lookupTableName: "found", queryId });
  const { lookupTableArn } = await logs.send(asked);
  const { tableBody = "" } = await logs.send(new GetLookupTableCommand({ lookupTableArn }));
  expect(readCsv(tableBody)).toEqual([
    ["id", "note"],
    ["1", 'a "b", c'],
    ["2", ""],
  ]);
  const both = create("both", "a\n", { queryId });
  await expect(both).rejects.toMatchObject({ name: "ValidationException" });
  for (const body of ["a,a\n", "a,\n", "a\n1,2\n", 'a\n"1', 'a\nx"1"\n'])
    await expect(create("bad", body)).rejects.toMatchObject({ name: "ValidationException" });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-lookup-tables-kms.html
test("a table with a key is for those who may use the key, as long as it can be used", async () => {
  const { create, ask, logs, cloud } = await lookupWorld([{ id: 1 }]);
  const kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const { KeyId, Arn: kmsKeyId } = KeyMetadata ?? {};
  const refused = create("users", USERS, { kmsKeyId });
  await expect(refused).rejects.toMatchObject({ name: "AccessDeniedException" });
  const account = { Effect: "Allow", Principal: { AWS: "000000000000" }, Action: "kms:*", Resource: "*" };
  const service = {
    Effect: "Allow",
    Principal: { Service: "logs.us-east-1.amazonaws.com" },
    Action: ["kms:Decrypt", "kms:GenerateDataKey"],
    Resource: "*",
    Condition: {
      StringEquals: {
        "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:000000000000:lookup-table:users",
        "aws:SourceAccount": "000000000000",
      },
    },
  };
  const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [account, service] });
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
  const lookupTableArn = await create("users", USERS, { kmsKeyId });
  const query = "fields id | lookup users id OUTPUT name";
  expect(await ask(query)).toEqual([{ id: "1", name: "Ann" }]);
  await kms.send(new DisableKeyCommand({ KeyId }));
  await expect(ask(query)).rejects.toMatchObject({ name: "AccessDeniedException" });
  const replaced = new UpdateLookupTableCommand({ lookupTableArn, tableBody: "id,name\n1,Eve\n", kmsKeyId: "" });
  await logs.send(replaced);
  expect(await ask(query)).toEqual([{ id: "1", name: "Eve" }]);
});

test.each([
  [
    "a,b\n1,2",
    [
      ["a", "b"],
      ["1", "2"],
    ],
  ],
  ["a\r\n\r\n", [["a"], [""]]],
  ["a,", [["a", ""]]],
  ['"a""b","c\nd"\n', [['a"b', "c\nd"]]],
  ["", []],
])("%j is a table, and is written so that it is the same", (text, lines) => {
  expect(readCsv(text)).toEqual(lines);
  expect(readCsv(lines.map(formatCsvLine).join(""))).toEqual(lines);
});
