import { expect, test } from "vitest";
import { whereInstalled } from "./clients/external-program.ts";
import { passedIn } from "./clients/python-client.ts";

/** Each script checks by itself, and says what it checked. */
whereInstalled("python3", ["-c", "import boto3"], () => {
  test.concurrent.each([
    ["S01: sessions of a wrong permission are revoked", "s01_revoke_sessions.py"],
    ["S24: a profile switches role and uploads", "s24_switch_role.py"],
    ["S3: keys, metadata, parts, presigned URLs, conditions, checksums, addressing", "s3_objects.py"],
    ["S3: odd heads, dates, digests, lists, ranges and names", "s3_edges.py"],
    ["KMS: contexts, signatures and imports with openssl, rotations, pages", "kms_keys.py"],
    ["Glacier: vaults, archives, retrievals by the clock, inventories, locks", "glacier_vaults.py"],
    ["SQS: digests, errors, waiting, groups, dead letters, the Query protocol", "sqs_queues.py"],
    ["Lambda: Python and Node.js, logs, errors, streams, queues, outcomes, URLs", "lambda_functions.py"],
    ["Secrets, parameters, recorded configuration", "secrets_and_parameters.py"],
    ["EventBridge: rules, inputs, dead letters, schedules, replays, webhooks", "event_rules.py"],
    ["Schedules and pipes: times, roles, filters, dead letters", "schedules_and_pipes.py"],
    ["SNS: fan-out, filters, FIFO topics, web endpoints, devices, pages", "sns_topics.py"],
    ["CloudWatch Logs: pages of events and groups, filters, queries, live tail, errors", "cloudwatch_logs.py"],
    ["CloudWatch: statistics, expressions, alarms, history, dashboards", "cloudwatch_alarms.py"],
    ["CloudTrail: buckets, files, data events, the event history", "trails.py"],
    ["CloudTrail Lake: stores, queries, pages, the end of a store", "lake.py"],
    ["IAM Identity Center: a browser lets a profile in, and the profile leads to a role", "identity_center.py"],
    ["IAM Roles Anywhere: certificates made by openssl open sessions", "roles_anywhere.py"],
    ["errors and statuses are as boto3 knows them, and paginators turn every page", "errors_and_pages.py"],
  ])("%s", { timeout: 90_000 }, async (_title, script) => {
    expect(await passedIn(script), "checks that ran").toBeGreaterThanOrEqual(5);
  });
});
