import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunningServer } from "./clients/running-server.ts";
import { describeTerraform } from "./clients/terraform-modules.ts";

/** A zip file with `index.mjs`: a function that gives back what it got. */
const ARCHIVE =
  "UEsDBBQAAAAIAAAAIVglPyiILQAAAC8AAAAJAAAAaW5kZXgubWpzS60oyC8qUUjOzysuUchIzEvJSS1SsFVILK7MS1bQSC1LzSvRVLC1UwCzrLkAUEsBAhQDFAAAAAgAAAAhWCU/KIgtAAAALwAAAAkAAAAAAAAAAAAAAKQBAAAAAGluZGV4Lm1qc1BLBQYAAAAAAQABADcAAABUAAAAAAA=";

const writeArchive = async ({ directory }: RunningServer) => {
  writeFileSync(join(directory, "function.zip"), Buffer.from(ARCHIVE, "base64"));
};

describeTerraform(
  "what happens",
  {
    queues: {
      keeps: "queues with policies, dead letters and keys",
      resources: 7,
      outputs: { work: "arn:aws:sqs:us-east-1:000000000000:terraform-work" },
      later: { variables: { hidden_seconds: 90 }, changed: 1 },
    },
    topics: {
      keeps: "topics with their subscriptions, and apps",
      resources: 12,
      outputs: { orders: "arn:aws:sns:us-east-1:000000000000:terraform-orders" },
      later: { variables: { color: "green", archive: "{}" }, changed: 2 },
    },
    events: {
      keeps: "buses, rules, targets, archives and destinations",
      resources: 15,
      outputs: { rule: "arn:aws:events:us-east-1:000000000000:rule/terraform-orders/terraform-paid" },
      later: { variables: { retries: 5 }, changed: 1 },
    },
    schedules: {
      keeps: "schedules, their groups and pipes",
      resources: 9,
      outputs: { nightly: "arn:aws:scheduler:us-east-1:000000000000:schedule/terraform-nights/terraform-nightly" },
      later: { variables: { hour: 4 }, changed: 1 },
    },
    functions: {
      keeps: "functions, layers, aliases, URLs and mappings",
      resources: 13,
      variables: { archive: "${path.root}/function.zip" },
      outputs: { worker: "arn:aws:lambda:us-east-1:000000000000:function:terraform-worker" },
      later: { variables: { timeout_seconds: 9 }, changed: 1 },
    },
    logs: {
      keeps: "groups, filters, destinations, policies and queries",
      resources: 11,
      outputs: { group: "arn:aws:logs:us-east-1:000000000000:log-group:/terraform/app" },
      later: { variables: { retention_days: 30 }, changed: 1 },
    },
    alarms: {
      keeps: "alarms of all kinds and a dashboard",
      resources: 6,
      outputs: { errors: "arn:aws:cloudwatch:us-east-1:000000000000:alarm:terraform-errors" },
      later: { variables: { threshold: 7 }, changed: 1 },
    },
    lake: {
      keeps: "event data stores and their key",
      resources: 3,
      later: { variables: { retention_days: 365 }, changed: 1 },
    },
  },
  { first: writeArchive },
);
