/**
 * A file of events.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html#cloudtrail-log-filename-format,
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html#cloudtrail-find-log-files
 */
import { hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { compactSeconds } from "../../../kernel/iso-seconds.ts";
import type { Context } from "../../../service/context.ts";
import type { Trail } from "../trail-row.ts";
import type { Part } from "./pending.ts";

export interface LogFile {
  readonly key: string;
  readonly body: Uint8Array;
  readonly account: string;
  readonly region: string;
  /** SHA-256 of what is in it, hexadecimal. */
  readonly sum: string;
  readonly oldestMs: number;
  readonly newestMs: number;
}

export function logFileOf(trail: Trail, { account, region, events }: Part, context: Context): LogFile {
  const ordered = events.toSorted((one, other) => one.atMs - other.atMs);
  const text = `{"Records":[${ordered.map((event) => event.text).join(",")}]}`;
  return {
    key: `${folderOf(trail, { account, region, kind: "CloudTrail" }, context.now())}/${fileName(account, region, context)}`,
    body: gzipSync(text),
    account,
    region,
    sum: hash("sha256", text, "hex"),
    oldestMs: ordered.at(0)?.atMs ?? 0,
    newestMs: ordered.at(-1)?.atMs ?? 0,
  };
}

interface Folder {
  readonly account: string;
  readonly region: string;
  readonly kind: "CloudTrail" | "CloudTrail-Digest";
}

/** `AWSLogs/111111111111/CloudTrail/us-east-1/2026/11/22` */
export function folderOf({ prefix, organization }: Trail, { account, region, kind }: Folder, at: Date): string {
  const day = at.toISOString().slice(0, 10).replaceAll("-", "/");
  const parts = [prefix, "AWSLogs", organization, account, kind, region, day];
  return parts.filter((part) => part !== undefined).join("/");
}

/** `111111111111_CloudTrail_us-east-1_20261122T1530Z_0123456789abcdEF.json.gz` */
function fileName(account: string, region: string, context: Context): string {
  const minute = `${compactSeconds(context.now().getTime()).slice(0, 13)}Z`;
  const unique = Buffer.from(context.newId().replaceAll("-", ""), "hex").toString("base64").replaceAll(/[+/=]/g, "x");
  return `${account}_CloudTrail_${region}_${minute}_${unique.slice(0, 16)}.json.gz`;
}
