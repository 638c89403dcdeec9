import { REGIONS } from "../../../kernel/region.ts";

/** Of all partitions. Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
const KNOWN = new Set([
  ...REGIONS,
  "cn-north-1",
  "cn-northwest-1",
  "eusc-de-east-1",
  "us-gov-east-1",
  "us-gov-west-1",
  "us-iso-east-1",
  "us-iso-west-1",
  "us-isob-east-1",
  "us-isob-west-1",
  "eu-isoe-west-1",
  "us-isof-east-1",
  "us-isof-south-1",
]);

export const isRegion = (name: string): boolean => KNOWN.has(name);
