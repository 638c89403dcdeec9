/** The names under which clients reach the cloud over TLS. */
import { REGIONS } from "../../kernel/region.ts";

/** Those with endpoints of their own for FIPS 140. Source: https://docs.aws.amazon.com/general/latest/gr/s3.html */
const FIPS_REGIONS = ["ca-central-1", "ca-west-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"];

/** Those whose older names have a hyphen before the region. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#s3-legacy-endpoints */
const HYPHENATED_REGIONS = [
  "ap-northeast-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "eu-west-1",
  "sa-east-1",
  "us-west-1",
  "us-west-2",
];

/** S3's hosts below which a bucket, an access point or an account stands. */
const S3_HOSTS = ["s3", "s3-accesspoint", "s3-control"];

/** A wildcard stands for one label, so each region and S3's virtual hosts need their own. */
export const DNS_NAMES: readonly string[] = [
  "localhost",
  "*.localhost",
  "s3.localhost",
  "*.s3.localhost",
  "*.amazonaws.com",
  "*.s3.amazonaws.com",
  ...REGIONS.flatMap((region) => [`*.${region}.amazonaws.com`, `*.s3.${region}.amazonaws.com`]),
  // access points, and the calls of S3 Control, whose names begin with the account
  ...REGIONS.flatMap((region) => [`*.s3-accesspoint.${region}.amazonaws.com`, `*.s3-control.${region}.amazonaws.com`]),
  ...REGIONS.flatMap((region) => [
    `s3.dualstack.${region}.amazonaws.com`,
    ...S3_HOSTS.map((host) => `*.${host}.dualstack.${region}.amazonaws.com`),
  ]),
  ...FIPS_REGIONS.flatMap((region) => [
    `s3-fips.dualstack.${region}.amazonaws.com`,
    ...S3_HOSTS.flatMap((host) => [
      `*.${host}-fips.${region}.amazonaws.com`,
      `*.${host}-fips.dualstack.${region}.amazonaws.com`,
    ]),
  ]),
  ...HYPHENATED_REGIONS.map((region) => `*.s3-${region}.amazonaws.com`),
  "*.s3-accelerate.amazonaws.com",
  "*.s3-accelerate.dualstack.amazonaws.com",
  "*.s3-accelerate.localhost",
  "*.s3-website.localhost",
  // pages: the console's sign-in, access portals, users' own sign-in pages
  "signin.aws.amazon.com",
  "*.signin.aws.amazon.com",
  "signin.localhost",
  "*.signin.localhost",
  "*.awsapps.com",
  "*.awsapps.localhost",
  ...REGIONS.flatMap((region) => [`*.lambda-url.${region}.on.aws`, `*.lambda-url.${region}.localhost`]),
  ...REGIONS.flatMap((region) => [
    `*.auth.${region}.amazoncognito.com`,
    `*.auth.${region}.amazoncognito.com.localhost`,
  ]),
];

export const IP_ADDRESSES: readonly string[] = ["127.0.0.1", "::1"];

/** What the authority may vouch for: trusting it trusts nobody with the rest of the internet. */
export const PERMITTED_DOMAINS: readonly string[] = [
  "localhost",
  "amazonaws.com",
  "signin.aws.amazon.com",
  "awsapps.com",
  "amazoncognito.com",
  "on.aws",
];
export const PERMITTED_NETWORKS: readonly string[] = ["127.0.0.0/8", "::1/128"];
