/** Which requests are for a service's pages instead of an API: told from the head alone, before any code is loaded. */
import type { RequestHead } from "./protocol/protocol.ts";

interface SiteHead {
  readonly method: string;
  /** Without its port, in lower case. */
  readonly host: string;
  readonly path: string;
  /** As sent. */
  readonly query: string;
}

interface SitePlace {
  /** The model's id of the service whose `site` answers. */
  readonly service: string;
  /** The most that a request may bring along, where that is more than a form. */
  readonly bodyBytesMax?: number;
  readonly matches: (head: SiteHead) => boolean;
}

/** Source: https://docs.aws.amazon.com/general/latest/gr/signin-service.html */
const SIGN_IN_HOST = /^(?:[a-z0-9-]+\.)?signin\.(?:aws\.amazon\.com|localhost)$/;

/** Below `localhost` the name may also be a bucket's. */
const SIGN_IN_PAGE = /^\/(?:federation|saml|console(?:\/home|\/password)?|v1\/authorize)$/;

/** Where programs get tokens: no page. */
const SIGN_IN_TOKEN = "/v1/token";

/** At whatever host the API has: no bucket is called `v1`. Source: https://docs.aws.amazon.com/signin/latest/userguide/command-line-sign-in.html */
const isProgramSignIn = ({ method, path, query }: SiteHead): boolean =>
  method === "GET" &&
  ((path === "/v1/authorize" && /(?:^|&)client_id=arn(?:%3A|:)aws(?:%3A|:)signin/i.test(query)) ||
    (path === "/v1/sessions/confirmation" && /(?:^|&)state=/.test(query)));

const IDENTITY_POOLS_HOST = /^cognito-identity(\.[a-z0-9-]+)?\.(amazonaws\.com|localhost)$/;

/** Ids of user pools have an underscore in them, names of buckets have none. */
const USER_POOL_DOCUMENT = /^\/[\w-]+_[0-9a-zA-Z]+\/\.well-known\/(jwks\.json|openid-configuration)$/;

/** Nothing of S3's has this in its query. */
const USER_POOL_UPLOAD = /^\/[\w-]+_[0-9a-zA-Z]+\/import-[0-9a-zA-Z-]+\?upload=/;

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html */
const HOSTED_PAGES = /^[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.(com|com\.localhost|localhost)$/;

/** Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/howtochangeURL.html */
const ACCESS_PORTAL_HOST = /^d-[0-9a-f]{10}\.awsapps\.(?:com|localhost)$/;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html */
const WEBSITE_HOST =
  /.\.s3-website(?:[-.][a-z0-9-]+)?\.(?:amazonaws\.com(?:\.cn)?(?:\.localhost)?|localhost(?:\.localstack\.cloud)?)$/;

/** At whatever host the API has: no bucket has such a name. Source: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
const SIGNING_CERTIFICATE = /^\/SimpleNotificationService-[0-9a-f]{32}\.pem$/;

/** At whatever host the API has: no listing of a bucket called `authorize` has a challenge. */
const isAuthorization = ({ path, query }: SiteHead): boolean =>
  path === "/authorize" && /(?:^|&)code_challenge=/.test(query) && /(?:^|&)client_id=/.test(query);

/** As AWS's own links are; nobody else has such a bucket. */
const FUNCTION_CODE = /^\/awslambda-[a-z0-9-]+-(tasks|layers)\/snapshots\//;

const SITES: readonly SitePlace[] = [
  {
    service: "cognito-identity",
    matches: ({ host, path }) => IDENTITY_POOLS_HOST.test(host) && path.startsWith("/.well-known/"),
  },
  {
    service: "cognito-identity-provider",
    matches: ({ host, path }) => HOSTED_PAGES.test(host) || USER_POOL_DOCUMENT.test(path),
  },
  {
    service: "cognito-identity-provider",
    // Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-csv-header.html (100 MB)
    bodyBytesMax: 100 * 1024 * 1024,
    matches: ({ method, path, query }) => method === "PUT" && USER_POOL_UPLOAD.test(`${path}?${query}`),
  },
  { service: "sns", matches: ({ method, path }) => method === "GET" && SIGNING_CERTIFICATE.test(path) },
  { service: "lambda", matches: ({ method, path }) => method === "GET" && FUNCTION_CODE.test(path) },
  { service: "s3", matches: ({ host }) => WEBSITE_HOST.test(host) },
  { service: "sso", matches: (head) => ACCESS_PORTAL_HOST.test(head.host) || isAuthorization(head) },
  {
    service: "signin",
    matches: (head) =>
      isProgramSignIn(head) ||
      (SIGN_IN_HOST.test(head.host) &&
        head.path !== SIGN_IN_TOKEN &&
        (head.host.endsWith(".com") || SIGN_IN_PAGE.test(head.path))),
  },
];

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html */
const FUNCTION_URL_HOST = /^[a-z0-9]+\.lambda-url\.[a-z0-9-]+\.(on\.aws|localhost)(:\d+)?$/i;

/** The service whose users made the address that a request is for. */
export const doorOf = ({ headers }: Pick<RequestHead, "headers">): string | undefined =>
  FUNCTION_URL_HOST.test(headers["host"] ?? "") ? "lambda" : undefined;

/** Whose pages a request is for; `undefined`: it is a call like any other. */
export function siteOf({
  method,
  path,
  query,
  headers,
}: RequestHead): Pick<SitePlace, "service" | "bodyBytesMax"> | undefined {
  if (headers["authorization"]?.startsWith("AWS4-") === true || headers["x-amz-target"] !== undefined) return undefined;
  const host = (headers["host"] ?? "").replace(/:\d+$/, "").toLowerCase();
  return SITES.find(({ matches }) => matches({ method, host, path, query }));
}
