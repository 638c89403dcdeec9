/** Domains of hosted sign-in pages. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain.html */
import { createHash } from "node:crypto";
import type { CustomDomainConfigType, DomainDescriptionType } from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../../service/context.ts";
import { domainConfigured, domainNotFound, domainTaken, invalidDomain, invalidParameter, notBuilt } from "../errors.ts";
import { ask, operation, plain } from "../kit.ts";
import { findPool, onPool, requirePool } from "../pool/pool-row.ts";
import { domains, domainsOfPool, type Domain } from "./domain-row.ts";

/** What the model says of all domains, though those of one's own have dots. */
const PREFIX_PATTERN = "^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$";

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-add-custom-domain.html */
const OWN_DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Words that no prefix may have in it. */
const RESERVED = /aws|amazon|cognito/;

const CLASSIC = 1;

export const createUserPoolDomain = operation("CreateUserPoolDomain", {
  authorize: onPool("CreateUserPoolDomain"),

  async handle({ UserPoolId, Domain: name, CustomDomainConfig, ManagedLoginVersion, Routing }, context) {
    const { tx } = context;
    if (Routing !== undefined) throw notBuilt("Routing");
    const pool = await requirePool(UserPoolId, context);
    requireName(name, CustomDomainConfig !== undefined);
    const region = CustomDomainConfig === undefined ? pool.region : "";
    if (await tx.get(domains, region, name)) throw domainTaken();
    const present = await tx.scan(domainsOfPool, { prefix: [pool.id], limit: 2 });
    if (present.some((domain) => domain.region === region)) throw domainConfigured();
    const domain: Domain = {
      name,
      region,
      poolId: pool.id,
      custom: CustomDomainConfig && plain<CustomDomainConfigType>(CustomDomainConfig),
      managedLoginVersion: ManagedLoginVersion ?? CLASSIC,
      distribution: distributionOf(name),
    };
    put(domain, context);
    return { CloudFrontDomain: domain.distribution, ManagedLoginVersion: domain.managedLoginVersion };
  },
});

function requireName(name: string, isOwn: boolean): void {
  if (isOwn ? !OWN_DOMAIN.test(name) : !new RegExp(PREFIX_PATTERN).test(name)) {
    throw invalidDomain(name, PREFIX_PATTERN);
  }
  const [reserved] = isOwn ? [] : (RESERVED.exec(name) ?? []);
  if (reserved !== undefined) throw invalidParameter(`Domain cannot contain reserved word: ${reserved}`);
}

function put(domain: Domain, { tx }: Context): void {
  tx.put(domains, domain);
  tx.put(domainsOfPool, domain);
}

/** Nothing is served there. */
const distributionOf = (name: string): string =>
  `d${createHash("sha256").update(name).digest("hex").slice(0, 13)}.cloudfront.net`;

/** By the domain alone, it may be a pool of any account; others' are not shown. */
export const describeUserPoolDomain = operation("DescribeUserPoolDomain", {
  authorize: () => ask("DescribeUserPoolDomain"),

  async handle({ Domain: name }, context) {
    const domain = await find(name, context);
    const pool = domain && (await findPool(domain.poolId, context.tx));
    // what is not there is described as nothing
    if (pool?.account !== context.account || !domain) return { DomainDescription: {} };
    const DomainDescription: DomainDescriptionType = {
      UserPoolId: domain.poolId,
      AWSAccountId: pool.account,
      Domain: name,
      S3Bucket: `aws-cognito-prod-${pool.region}-assets`,
      CloudFrontDistribution: domain.distribution,
      Version: String(pool.createdMs),
      Status: "ACTIVE",
      CustomDomainConfig: { ...domain.custom, CertificateArn: domain.custom?.CertificateArn },
      ManagedLoginVersion: domain.managedLoginVersion,
    };
    return { DomainDescription };
  },
});

const find = async (name: string, { tx, region }: Context): Promise<Domain | undefined> =>
  (await tx.get(domains, region, name)) ?? tx.get(domains, "", name);

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireDomain(poolId: string, name: string, context: Context): Promise<Domain> {
  await requirePool(poolId, context);
  const domain = await find(name, context);
  if (domain?.poolId !== poolId) throw domainNotFound();
  return domain;
}

export const updateUserPoolDomain = operation("UpdateUserPoolDomain", {
  authorize: onPool("UpdateUserPoolDomain"),

  async handle({ UserPoolId, Domain: name, CustomDomainConfig, ManagedLoginVersion }, context) {
    const domain = await requireDomain(UserPoolId, name, context);
    if (CustomDomainConfig !== undefined && domain.custom === undefined) {
      throw invalidParameter("A prefix domain has no certificate: delete it to use a domain of your own.");
    }
    put(
      {
        ...domain,
        ...(CustomDomainConfig && { custom: plain<CustomDomainConfigType>(CustomDomainConfig) }),
        managedLoginVersion: ManagedLoginVersion ?? domain.managedLoginVersion,
      },
      context,
    );
    return {
      CloudFrontDomain: domain.distribution,
      ManagedLoginVersion: ManagedLoginVersion ?? domain.managedLoginVersion,
    };
  },
});

export const deleteUserPoolDomain = operation("DeleteUserPoolDomain", {
  authorize: onPool("DeleteUserPoolDomain"),

  async handle({ UserPoolId, Domain: name }, context) {
    const { region, poolId } = await requireDomain(UserPoolId, name, context);
    context.tx.delete(domains, region, name);
    context.tx.delete(domainsOfPool, poolId, name);
    return {};
  },
});
