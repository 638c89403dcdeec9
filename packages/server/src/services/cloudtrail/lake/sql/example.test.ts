import { expect, test } from "vitest";
import { ask, rows } from "../../../../../test/lake-events.ts";

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-lake-examples.html (queries and the form of results) */
test("fields are called by their last name, as it was written", async () => {
  const { columns, rows: found } = await ask(
    `SELECT userIdentity.principalid, eventName FROM $EDS WHERE userIdentity.principalid IS NOT NULL
     AND eventTime > '2023-01-22 00:00:00' AND eventTime < '2023-01-23 00:00:00' AND eventName='CreateUser'`,
  );
  expect(columns).toEqual(["principalid", "eventName"]);
  expect(found).toEqual([["AIDA1", "CreateUser"]]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-lake-examples.html (queries and the form of results) */
test("times are told to the millisecond", async () => {
  const found = await rows(
    "SELECT eventID, eventName, eventSource, eventTime FROM $EDS WHERE userIdentity.username = 'ann' AND eventTime < '2023-01-23 00:00:00'",
  );
  expect(found).toEqual([["1", "CreateUser", "iam.amazonaws.com", "2023-01-22 08:00:00.000"]]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-lake-examples.html (queries and the form of results) */
test("calls are counted by name and source", async () => {
  const { columns, rows: found } = await ask(
    `SELECT eventSource, eventName, COUNT(*) AS apiCount FROM $EDS WHERE eventTime > '2023-01-01 00:00:00'
     GROUP BY eventSource, eventName ORDER BY apiCount DESC, eventName`,
  );
  expect(columns).toEqual(["eventSource", "eventName", "apiCount"]);
  expect(found).toEqual([
    ["iam.amazonaws.com", "CreateUser", "2"],
    ["sts.amazonaws.com", "AssumeRole", "1"],
    ["s3.amazonaws.com", "PutBucketPolicy", "1"],
  ]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-lake-examples.html (queries and the form of results) */
test("what has no name is called by its place", async () => {
  const { columns, rows: found } = await ask(
    "SELECT element_at(requestParameters, 'userName'), element_at(responseElements, 'x') FROM $EDS WHERE eventID IN ('1') AND requestParameters IS NOT NULL",
  );
  expect(columns).toEqual(["_col0", "_col1"]);
  expect(found).toEqual([["bob", null]]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-lake-examples.html (queries and the form of results) */
test("several stores are asked together, and put in order", async () => {
  const found = await rows(
    "Select eventId, eventName from $EDS UNION Select eventId, eventName from $OTHER UNION ALL Select eventId, eventName from $OTHER ORDER BY eventId DESC, eventName LIMIT 4;",
  );
  expect(found).toEqual([
    ["5", "Other"],
    ["5", "Other"],
    ["4", "Other"],
    ["4", "Other"],
  ]);
});

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-lake-examples.html (queries and the form of results) */
test("stores are joined", async () => {
  const from = "FROM $EDS as edsA LEFT JOIN $OTHER as edsB ON edsA.eventId = edsB.eventId";
  const found = await rows(
    `SELECT edsA.eventName, edsB.eventName, element_at(edsA.requestParameters, 'bucketName') ${from} WHERE edsA.eventtime <= '2024-01-01' ORDER BY edsB.eventName, edsA.eventID`,
  );
  expect(found).toEqual([
    ["PutBucketPolicy", "Other", "logs"],
    ["CreateUser", null, null],
    ["AssumeRole", null, null],
    ["CreateUser", null, null],
  ]);
  expect(await rows("SELECT a.eventID FROM $EDS a INNER JOIN $OTHER b ON a.eventID = b.eventID")).toEqual([["4"]]);
  const right = "SELECT a.eventID, b.eventID FROM $EDS a RIGHT OUTER JOIN $OTHER b ON a.eventID = b.eventID ORDER BY 2";
  expect(await rows(right)).toEqual([
    ["4", "4"],
    [null, "5"],
  ]);
});

/** Source: https://github.com/aws-samples/cloud-trail-lake-query-samples (queries) */
test("nested fields, arrays and maps", async () => {
  expect(
    await rows(
      `SELECT eventid, userIdentity.sessioncontext.sessionissuer.arn as RoleARN, element_at(resources,1).arn from $EDS
       where userIdentity.type = 'AssumedRole' and errorcode IS NULL
       and userIdentity.sessioncontext.sessionissuer.arn = element_at(resources,1).arn`,
    ),
  ).toEqual([["2", "arn:aws:iam::111111111111:role/ops", "arn:aws:iam::111111111111:role/ops"]]);
  expect(await rows("select resources[1].type from $EDS where cardinality(resources) = 1")).toEqual([
    ["AWS::IAM::Role"],
  ]);
});

/** Source: https://github.com/aws-samples/cloud-trail-lake-query-samples (queries) */
test("functions of times group", async () => {
  const found = await rows(
    "SELECT day_of_week(eventTime) as weekday, COUNT(*) as eventCount FROM $EDS GROUP BY day_of_week(eventTime) ORDER BY day_of_week(eventTime)",
  );
  expect(found).toEqual([
    ["1", "1"],
    ["2", "1"],
    ["7", "2"],
  ]);
});

/** Source: https://github.com/aws-samples/cloud-trail-lake-query-samples (queries) */
test("a function of what is grouped by", async () => {
  const found = await rows(
    `SELECT count(*) as total, date(eventTime) as day, element_at(requestParameters, 'bucketName') as bucket FROM $EDS
     GROUP BY date(eventTime), requestParameters ORDER BY date(eventTime) desc, total desc LIMIT 2`,
  );
  expect(found).toEqual([
    ["1", "2023-01-24", "logs"],
    ["1", "2023-01-23", null],
  ]);
});

/** Source: https://github.com/aws-samples/cloud-trail-lake-query-samples (queries) */
test("JSON within parameters", async () => {
  const found = await rows(
    "SELECT json_extract_scalar(element_at(requestParameters, 'policy'), '$.Statement[0].Effect') e, json_array_length(json_extract(element_at(requestParameters,'policy'), '$.Statement')) FROM $EDS WHERE eventName LIKE 'Put%' -- policies",
  );
  expect(found).toEqual([["Allow", "1"]]);
});

/** Source: https://github.com/aws-samples/cloud-trail-lake-query-samples (queries) */
test("lambdas and casts of JSON", async () => {
  const found = await rows(
    `SELECT transform(filter(items, x -> json_extract_scalar(x, '$.key') = 'a'), x -> upper(json_extract_scalar(x, '$.key'))) keys
     FROM (SELECT cast(json_extract(json_parse(eventJson), '$.requestParameters.tags') as array(json)) as items FROM $EDS) WHERE items IS NOT NULL`,
  );
  expect(found).toEqual([["[A]"]]);
});

/** Source: https://github.com/aws-samples/cloud-trail-lake-query-samples (queries) */
test("not in, booleans and distinct", async () => {
  expect(await rows("SELECT DISTINCT awsRegion AS Region FROM $EDS WHERE readOnly = false ORDER BY awsRegion")).toEqual(
    [["eu-west-1"], ["us-east-1"]],
  );
  expect(await rows("select eventID from $EDS where awsRegion not in ('us-east-1','us-west-2')")).toEqual([["4"]]);
});
