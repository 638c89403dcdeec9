/** A browser, or a broker, in front of the console's sign-in. */
import type { IssuedCredentials, TestCloud } from "./test-cloud.ts";

interface Shown {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
  /** The cookie as a browser sends it back. */
  readonly cookie: string;
}

interface Visit {
  readonly query?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly cookie?: string;
  readonly host?: string;
}

/** GET, or POST where there is a form. */
export async function visit(
  cloud: TestCloud,
  path: string,
  { query = {}, form, cookie, host = "signin.aws.amazon.com" }: Visit = {},
): Promise<Shown> {
  const { statusCode, headers, body } = await cloud.send({
    method: form === undefined ? "GET" : "POST",
    path,
    query,
    headers: { host, ...(cookie !== undefined && { cookie }) },
    body: form === undefined ? undefined : new URLSearchParams(form).toString(),
  });
  return {
    status: statusCode,
    text: Buffer.from(body).toString("utf8"),
    location: headers["location"],
    cookie: headers["set-cookie"]?.split(";", 1)[0] ?? "",
  };
}

/** Temporary credentials as the federation endpoint takes them. */
export const sessionParameter = ({ AccessKeyId, SecretAccessKey, SessionToken }: IssuedCredentials): string =>
  JSON.stringify({ sessionId: AccessKeyId, sessionKey: SecretAccessKey, sessionToken: SessionToken });

/** Follows a redirect to a page of the same host. */
export function follow(cloud: TestCloud, { location = "", cookie }: Shown): Promise<Shown> {
  const [path = "", query = ""] = location.split("?");
  return visit(cloud, path, { query: Object.fromEntries(new URLSearchParams(query)), cookie });
}
