import { findOwn } from "../../../kernel/lookup.ts";

/**
 * What AWS's public parameters say of regions.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-global-infrastructure.html,
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html (names)
 */
type Row = readonly [region: string, longName: string, country: string, subdivision: string, zones: number];

const ROWS: readonly Row[] = [
  ["af-south-1", "Africa (Cape Town)", "ZA", "ZA-WC", 3],
  ["ap-east-1", "Asia Pacific (Hong Kong)", "HK", "HK", 3],
  ["ap-east-2", "Asia Pacific (Taipei)", "TW", "TW-TPE", 3],
  ["ap-northeast-1", "Asia Pacific (Tokyo)", "JP", "JP-13", 4],
  ["ap-northeast-2", "Asia Pacific (Seoul)", "KR", "KR-11", 4],
  ["ap-northeast-3", "Asia Pacific (Osaka)", "JP", "JP-27", 3],
  ["ap-south-1", "Asia Pacific (Mumbai)", "IN", "IN-MH", 3],
  ["ap-south-2", "Asia Pacific (Hyderabad)", "IN", "IN-TG", 3],
  ["ap-southeast-1", "Asia Pacific (Singapore)", "SG", "SG", 3],
  ["ap-southeast-2", "Asia Pacific (Sydney)", "AU", "AU-NSW", 3],
  ["ap-southeast-3", "Asia Pacific (Jakarta)", "ID", "ID-JK", 3],
  ["ap-southeast-4", "Asia Pacific (Melbourne)", "AU", "AU-VIC", 3],
  ["ap-southeast-5", "Asia Pacific (Malaysia)", "MY", "MY", 3],
  ["ap-southeast-6", "Asia Pacific (New Zealand)", "NZ", "NZ-AUK", 3],
  ["ap-southeast-7", "Asia Pacific (Thailand)", "TH", "TH-10", 3],
  ["ca-central-1", "Canada (Central)", "CA", "CA-QC", 3],
  ["ca-west-1", "Canada West (Calgary)", "CA", "CA-AB", 3],
  ["eu-central-1", "Europe (Frankfurt)", "DE", "DE-HE", 3],
  ["eu-central-2", "Europe (Zurich)", "CH", "CH-ZH", 3],
  ["eu-north-1", "Europe (Stockholm)", "SE", "SE-AB", 3],
  ["eu-south-1", "Europe (Milan)", "IT", "IT-25", 3],
  ["eu-south-2", "Europe (Spain)", "ES", "ES-AR", 3],
  ["eu-west-1", "Europe (Ireland)", "IE", "IE-L", 3],
  ["eu-west-2", "Europe (London)", "GB", "GB-LND", 3],
  ["eu-west-3", "Europe (Paris)", "FR", "FR-75", 3],
  ["il-central-1", "Israel (Tel Aviv)", "IL", "IL-TA", 3],
  ["me-central-1", "Middle East (UAE)", "AE", "AE-DU", 3],
  ["me-south-1", "Middle East (Bahrain)", "BH", "BH", 3],
  ["mx-central-1", "Mexico (Central)", "MX", "MX-QUE", 3],
  ["sa-east-1", "South America (Sao Paulo)", "BR", "BR-SP", 3],
  ["us-east-1", "US East (N. Virginia)", "US", "US-VA", 6],
  ["us-east-2", "US East (Ohio)", "US", "US-OH", 3],
  ["us-west-1", "US West (N. California)", "US", "US-CA", 2],
  ["us-west-2", "US West (Oregon)", "US", "US-OR", 4],
];

const BASE = "/aws/service/global-infrastructure/regions";

/** Values by their names. */
export function* regionParameters(): Generator<readonly [name: string, value: string]> {
  for (const [region, longName, country, subdivision, zones] of ROWS) {
    const name = `${BASE}/${region}`;
    yield [name, region];
    yield [`${name}/domain`, "amazonaws.com"];
    yield [`${name}/geolocationCountry`, country];
    yield [`${name}/geolocationRegion`, subdivision];
    yield [`${name}/longName`, longName];
    yield [`${name}/partition`, "aws"];
    for (let zone = 1; zone <= zones; zone++) {
      const id = `${zoneName(region)}-az${zone}`;
      yield [`${name}/availability-zones/${id}`, id];
    }
  }
}

const DIRECTIONS: Readonly<Record<string, string>> = {
  north: "n",
  south: "s",
  east: "e",
  west: "w",
  central: "c",
  northeast: "ne",
  southeast: "se",
};

/** `usw2` for `us-west-2`. Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html */
function zoneName(region: string): string {
  const [area = "", direction = "", number = ""] = region.split("-");
  return area + (findOwn(DIRECTIONS, direction) ?? direction) + number;
}
