/** Whether a credential's scope is the one that this request has to have. */
import { isRegion } from "../../kernel/region.ts";
import type { SigV4Claim } from "./claim.ts";
import { headerMalformed, queryParameters, scopeDate, scopeRegion, scopeService, scopeTerminator } from "./errors.ts";

/** What the gateway knows about where the request went. */
export interface Expected {
  /** The signing name of the service that was called; unchecked where left out. */
  readonly service?: string | undefined;
  /** The only region that is right; any that there is where left out. */
  readonly region?: string | undefined;
}

/** @throws {AuthenticationError} */
export function checkScope(claim: SigV4Claim, expected: Expected): void {
  if (claim.family === "s3") checkObjectScope(claim, expected);
  else checkUsualScope(claim, expected);
}

function checkUsualScope({ family, scope, timestamp }: SigV4Claim, { service, region }: Expected): void {
  const { terminator } = scope;
  if (terminator !== "aws4_request") throw scopeTerminator(family, terminator);
  if (!isRightRegion(scope.region, region)) {
    throw scopeRegion(family, scope.region);
  }
  if (service !== undefined && scope.service !== service) throw scopeService(family, service);
  if (timestamp.slice(0, 8) !== scope.date) throw scopeDate(family, scope.date, timestamp);
}

function checkObjectScope(claim: SigV4Claim, { service = "s3", region }: Expected): void {
  const { scope, timestamp } = claim;
  const refuse = malformed(claim);
  if (scope.terminator !== "aws4_request") {
    throw refuse(`incorrect terminal "${scope.terminator}". This endpoint uses "aws4_request".`);
  }
  if (scope.service !== service) throw refuse(`incorrect service "${scope.service}". This endpoint belongs to "s3".`);
  if (!isRightRegion(scope.region, region)) {
    const right = region ?? "us-east-1";
    throw refuse(`the region '${scope.region}' is wrong; expecting '${right}'`, { Region: right });
  }
  if (!/^\d{8}$/.test(scope.date)) {
    throw refuse(
      `incorrect date format "${scope.date}". This date in the credential must be in the format "yyyyMMdd".`,
    );
  }
  if (!timestamp.startsWith(scope.date)) {
    throw refuse(
      `Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${timestamp.slice(0, 8)}".`,
    );
  }
}

const isRightRegion = (region: string, right: string | undefined): boolean =>
  isRegion(region) && (right === undefined || region === right);

const malformed =
  ({ place }: SigV4Claim) =>
  (why: string, fields?: Readonly<Record<string, unknown>>) =>
    place === "header"
      ? headerMalformed(why, fields)
      : queryParameters(`Error parsing the X-Amz-Credential parameter; ${why}`);
