/** The names under which clients reach the cloud over TLS. */

/** Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
const REGIONS = [
  "af-south-1",
  "ap-east-1",
  "ap-east-2",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-south-2",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ap-southeast-6",
  "ap-southeast-7",
  "ca-central-1",
  "ca-west-1",
  "eu-central-1",
  "eu-central-2",
  "eu-north-1",
  "eu-south-1",
  "eu-south-2",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "il-central-1",
  "me-central-1",
  "me-south-1",
  "mx-central-1",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
];

/** A wildcard stands for one label, so each region and S3's virtual hosts need their own. */
export const DNS_NAMES: readonly string[] = [
  "localhost",
  "*.localhost",
  "s3.localhost",
  "*.s3.localhost",
  "*.amazonaws.com",
  "*.s3.amazonaws.com",
  ...REGIONS.flatMap((region) => [`*.${region}.amazonaws.com`, `*.s3.${region}.amazonaws.com`]),
  // pages: the console's sign-in, access portals, users' own sign-in pages
  "signin.aws.amazon.com",
  "*.signin.aws.amazon.com",
  "signin.localhost",
  "*.signin.localhost",
  "*.awsapps.com",
  "*.awsapps.localhost",
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
];
export const PERMITTED_NETWORKS: readonly string[] = ["127.0.0.0/8", "::1/128"];
