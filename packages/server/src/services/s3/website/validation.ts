/**
 * Which websites S3 takes.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_validate_website_configuration, recorded)
 */
import type { RoutingRule, WebsiteConfiguration } from "@aws-sdk/client-s3";
import type { Validated } from "../../../service/sdk.ts";
import { invalidArgument, invalidRequest, malformedXml } from "../errors.ts";
import { ROUTING_RULES_MAX } from "../limits.ts";

/** @throws {AwsError} */
export function requireWebsite(website: Validated<WebsiteConfiguration>): void {
  const { RedirectAllRequestsTo, RoutingRules } = website;
  if (RedirectAllRequestsTo !== undefined) {
    requireRedirectAlone(website);
    requireProtocol(RedirectAllRequestsTo.Protocol);
    return;
  }
  requireDocuments(website);
  if (RoutingRules === undefined) return;
  if (RoutingRules.length === 0) throw malformedXml();
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html (50)
  if (RoutingRules.length > ROUTING_RULES_MAX) {
    throw invalidRequest(
      `${RoutingRules.length} routing rules provided, the number of routing rules in a website configuration is limited to ${ROUTING_RULES_MAX}.`,
    );
  }
  RoutingRules.forEach(requireRule);
}

function requireRedirectAlone({ IndexDocument, ErrorDocument, RoutingRules }: Validated<WebsiteConfiguration>): void {
  if (IndexDocument === undefined && ErrorDocument === undefined && RoutingRules === undefined) return;
  throw invalidArgument("RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.", {
    name: "RedirectAllRequestsTo",
    value: "not null",
  });
}

function requireDocuments({ IndexDocument, ErrorDocument }: Validated<WebsiteConfiguration>): void {
  if (IndexDocument === undefined) {
    throw invalidArgument("A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty", {
      name: "IndexDocument",
      value: "null",
    });
  }
  const { Suffix } = IndexDocument;
  if (Suffix === "" || Suffix.includes("/")) {
    throw invalidArgument("The IndexDocument Suffix is not well formed", { name: "IndexDocument", value: Suffix });
  }
  if (ErrorDocument?.Key === "") {
    throw invalidArgument("The ErrorDocument Key is not well formed", { name: "ErrorDocument", value: "" });
  }
}

function requireRule({ Condition, Redirect }: Validated<RoutingRule>): void {
  const { ReplaceKeyPrefixWith, ReplaceKeyWith, HttpRedirectCode, Protocol } = Redirect;
  if (Object.keys(Redirect).length === 0) throw malformedXml();
  if (ReplaceKeyPrefixWith !== undefined && ReplaceKeyWith !== undefined) {
    throw invalidRequest("You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
  }
  if (Condition !== undefined && Object.keys(Condition).length === 0) {
    throw invalidRequest(
      "Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.",
    );
  }
  requireProtocol(Protocol);
  requireCodes({ redirect: HttpRedirectCode, error: Condition?.HttpErrorCodeReturnedEquals });
}

const REDIRECT_CODES: ReadonlySet<number> = new Set([301, 302, 303, 304, 305, 307, 308]);

const isErrorCode = (code: number): boolean => (code >= 400 && code <= 417) || (code >= 500 && code <= 505);

/** Source: https://github.com/versity/versitygw/blob/main/s3response/website.go (AWS's codes and words, as a gateway to S3 has them) */
function requireCodes({ redirect, error }: Readonly<Record<"redirect" | "error", string | undefined>>): void {
  if ([redirect, error].some((code) => code !== undefined && !/^\d+$/.test(code))) throw malformedXml();
  if (redirect !== undefined && !REDIRECT_CODES.has(Number(redirect))) {
    throw invalidRequest(`The provided HTTP redirect code (${redirect}) is not valid. Valid codes are 3XX except 300.`);
  }
  if (error !== undefined && !isErrorCode(Number(error))) {
    throw invalidRequest(`The provided HTTP error code (${error}) is not valid. Valid codes are 4XX or 5XX.`);
  }
}

function requireProtocol(protocol: string | undefined): void {
  if (protocol === undefined || protocol === "http" || protocol === "https") return;
  throw invalidRequest(
    "Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.",
  );
}
