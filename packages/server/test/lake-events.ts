/** Some events, and queries of them. */
import { askStatement } from "../src/services/cloudtrail/lake/sql/statement.ts";

/** The id of the store that queries are asked of. */
export const ID = "0a1b2c3d-0000-4000-8000-00000000000a";
export const OTHER = "0a1b2c3d-0000-4000-8000-00000000000b";

const event = (at: string, more: object): string =>
  JSON.stringify({
    eventVersion: "1.11",
    userIdentity: { type: "IAMUser", principalId: "AIDA1", arn: "arn:aws:iam::111111111111:user/ann", userName: "ann" },
    eventTime: `2023-01-${at}Z`,
    eventSource: "iam.amazonaws.com",
    awsRegion: "us-east-1",
    readOnly: false,
    managementEvent: true,
    ...more,
  });

const EVENTS = [
  event("22T08:00:00", {
    eventID: "1",
    eventName: "CreateUser",
    requestParameters: { userName: "bob", tags: [{ key: "a" }] },
  }),
  event("22T09:30:00", {
    eventID: "2",
    eventName: "AssumeRole",
    eventSource: "sts.amazonaws.com",
    readOnly: true,
    userIdentity: {
      type: "AssumedRole",
      sessionContext: { sessionIssuer: { arn: "arn:aws:iam::111111111111:role/ops", userName: "ops" } },
    },
    resources: [{ accountId: "111111111111", type: "AWS::IAM::Role", ARN: "arn:aws:iam::111111111111:role/ops" }],
  }),
  event("23T10:15:30", { eventID: "3", eventName: "CreateUser", errorCode: "AccessDenied", errorMessage: "no: 100%" }),
  event("24T11:00:00", {
    eventID: "4",
    eventName: "PutBucketPolicy",
    eventSource: "s3.amazonaws.com",
    awsRegion: "eu-west-1",
    requestParameters: { bucketName: "logs", policy: { Statement: [{ Effect: "Allow" }] } },
  }),
];
const OTHERS = [
  event("25T00:00:00", { eventID: "4", eventName: "Other" }),
  event("25T01:00:00", { eventID: "5", eventName: "Other" }),
];

export const NOW_MS = Date.UTC(2023, 0, 25, 12);

const tableOf = (texts: readonly string[]) => ({
  async *events() {
    yield await Promise.resolve(texts);
  },
});

export const TABLES = new Map([
  [ID, tableOf(EVENTS)],
  [OTHER, tableOf(OTHERS)],
]);
export const asking = { nowMs: NOW_MS, table: (id: string) => TABLES.get(id) };

export const ask = (text: string) => askStatement(text.replaceAll("$EDS", ID).replaceAll("$OTHER", OTHER), asking);
export const rows = async (text: string) => (await ask(text)).rows;
