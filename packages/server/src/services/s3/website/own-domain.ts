/**
 * Buckets that are called like a domain are what is there, where the domain leads to S3.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/website-hosting-custom-domain-walkthrough.html
 */
import type { FindAtDomain } from "../../../service/own-domain.ts";
import { buckets } from "../bucket/row.ts";
import { websites } from "./configuration.ts";

export const atDomain: FindAtDomain = async (domain, tx) => {
  if ((await tx.get(buckets, domain)) === undefined) return undefined;
  return (await tx.get(websites, domain)) === undefined ? "api" : "pages";
};
