/**
 * Domains of users' own that lead here as they would lead to S3: `www.example.com` is the bucket of that name. On AWS it is
 * the name that the domain stands for which tells a website from the API; that name does not come with a request.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#VirtualHostingCustomURLs
 */
import { NOWHERE } from "../kernel/table.ts";
import type { AtDomain } from "../service/own-domain.ts";
import type { Arrival } from "./arrival.ts";
import type { Cloud } from "./cloud.ts";

/** `undefined`: nothing of anybody's is called like the domain. */
export async function whatIsAt(domain: string, cloud: Cloud): Promise<AtDomain | undefined> {
  const find = (await cloud.service("s3"))?.atDomain;
  return find && cloud.store.transact(NOWHERE, (tx) => find(domain, tx));
}

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Whether somebody looks at pages: who signs, by header or by address, calls the API. */
export const isVisit = ({ method, query, headers }: Pick<Arrival, "method" | "query" | "headers">): boolean =>
  METHODS.has(method) && headers["authorization"] === undefined && !/(?:^|&)(?:X-Amz-)?Signature=/i.test(query);
