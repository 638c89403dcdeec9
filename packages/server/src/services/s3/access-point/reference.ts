/** How requests name an access point where a bucket's name would stand. */
import { asRegion, parseAccountId, parseArn, type AccountId, type Region } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";

export type AccessPointReference =
  /** `alias`: no bucket can have such a name. */
  | { readonly kind: "alias"; readonly alias: string }
  /** By ARN, or by a host of access points. `perhaps`: a bucket may be called the same. */
  | {
      readonly kind: "name" | "perhaps";
      readonly account: AccountId;
      readonly region: Region;
      readonly name: string;
    };

const ACCOUNT_DIGITS = 12;

/** `undefined` where `text` can be but a bucket's name. */
export function parseReference(
  text: string,
  { region, request }: Pick<Context, "region" | "request">,
): AccessPointReference | undefined {
  if (text.endsWith("-s3alias")) return { kind: "alias", alias: text };
  if (text.startsWith("arn:")) return ofArn(text);
  // most names are told by where the hyphen would have to be
  if (text.at(-ACCOUNT_DIGITS - 1) !== "-") return undefined;
  const [, name = "", digits = ""] = /^(.+)-(\d{12})$/.exec(text) ?? [];
  const account = parseAccountId(digits);
  if (account === undefined) return undefined;
  const kind = request.headers["host"]?.includes(".s3-accesspoint") ? "name" : "perhaps";
  return { kind, account, region, name };
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-naming.html */
function ofArn(text: string): AccessPointReference | undefined {
  const { service, region = "", account = "", resource = "" } = parseArn(text) ?? {};
  const [, name] = /^accesspoint[/:]([^/:]+)$/.exec(resource) ?? [];
  const owner = parseAccountId(account);
  if (service !== "s3" || name === undefined || owner === undefined || region === "") return undefined;
  return { kind: "name", account: owner, region: asRegion(region), name };
}

/** Of a copy's source, `ARN/object/KEY` or `ALIAS/KEY`: what names an access point, and the key as it is written. */
export function splitSource(text: string): { readonly name: string; readonly rest: string } | undefined {
  const opened = text.replace(/^\//, "").replace(/^arn%3A[^/]*/i, (arn) => withSigns(arn));
  const [, name, rest] =
    /^(arn:[^/]*:accesspoint[/:][^/]+)\/object\/(.+)$/s.exec(opened) ?? /^([^/]+-s3alias)\/(.+)$/s.exec(opened) ?? [];
  return name === undefined || rest === undefined ? undefined : { name, rest };
}

/** The signs that part an ARN may be encoded; the key is decoded with the source. */
const withSigns = (arn: string): string => arn.replaceAll(/%3A/gi, ":").replaceAll(/%2F/gi, "/");

/** Whether the source of a copy is named by an access point. */
export const isPointSource = (text: string): boolean => splitSource(text) !== undefined;
