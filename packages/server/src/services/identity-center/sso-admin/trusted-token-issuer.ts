/**
 * Other issuers of tokens that applications may trust.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CreateTrustedTokenIssuer.html
 */
import type { OidcJwtConfiguration } from "@aws-sdk/client-sso-admin";
import { formatArn, type AccountId, type Arn } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { findInstance, standingOf } from "../instance-row.ts";
import { arnGiven, ask, askInstance, partsOf, requireInstance } from "./access.ts";
import {
  issuerNameTaken,
  issuerNotFound,
  issuerUrlTaken,
  issuerConfigurationMissing,
  quotaExceeded,
} from "./errors.ts";
import { operation, type SsoAdminAction } from "./kit.ts";
import { ISSUERS_MAX } from "./limits.ts";
import { list } from "./paging.ts";
import { requestTags, withTags } from "./tags.ts";

export interface TrustedTokenIssuer {
  readonly instanceId: string;
  /** `tti-` and a UUID. */
  readonly id: string;
  readonly account: AccountId;
  readonly partition: string;
  readonly name: string;
  readonly token?: string | undefined;
  readonly jwt: Validated<OidcJwtConfiguration>;
  readonly tags: Tags;
}

export const issuers = table<TrustedTokenIssuer>("sso.trusted-token-issuer", "global", ({ instanceId, id }) => [
  instanceId,
  id,
]);

const issuerArn = ({ partition, account, instanceId, id }: TrustedTokenIssuer): Arn =>
  formatArn({ partition, service: "sso", region: "", account, resource: `trustedTokenIssuer/${instanceId}/${id}` });

export const createTrustedTokenIssuer = operation("CreateTrustedTokenIssuer", {
  authorize: ({ Tags, ...input }) => askInstance("CreateTrustedTokenIssuer", input, { requestTags: requestTags(Tags) }),

  async handle(input, context) {
    const { tx, account, partition } = context;
    const instance = await requireInstance(input, context);
    const jwt = input.TrustedTokenIssuerConfiguration.OidcJwtConfiguration;
    if (!jwt) throw issuerConfigurationMissing();
    const there = await tx.scan(issuers, { prefix: [instance.id], limit: ISSUERS_MAX });
    const repeated = there.find(({ token }) => token !== undefined && token === input.ClientToken);
    if (repeated) return { TrustedTokenIssuerArn: issuerArn(repeated) };
    if (there.some(({ name }) => name === input.Name)) throw issuerNameTaken(input.Name);
    if (there.some((each) => each.jwt.IssuerUrl === jwt.IssuerUrl)) throw issuerUrlTaken(jwt.IssuerUrl);
    if (there.length >= ISSUERS_MAX) throw quotaExceeded("TrustedTokenIssuer", ISSUERS_MAX, instance.id);
    const id = `tti-${context.newId()}`;
    const issuer = {
      instanceId: instance.id,
      id,
      account,
      partition,
      name: input.Name,
      token: input.ClientToken,
      jwt,
      tags: withTags({}, input.Tags, id),
    };
    tx.put(issuers, issuer);
    return { TrustedTokenIssuerArn: issuerArn(issuer) };
  },
});

export const describeTrustedTokenIssuer = operation("DescribeTrustedTokenIssuer", {
  authorize: (input, context) => askIssuer("DescribeTrustedTokenIssuer", input, context),

  async handle({ TrustedTokenIssuerArn: arn }, context) {
    const { name, jwt } = await requireIssuer(arn, context);
    return {
      TrustedTokenIssuerArn: arn,
      Name: name,
      TrustedTokenIssuerType: "OIDC_JWT" as const,
      TrustedTokenIssuerConfiguration: { OidcJwtConfiguration: jwt },
    };
  },
});

export const updateTrustedTokenIssuer = operation("UpdateTrustedTokenIssuer", {
  authorize: (input, context) => askIssuer("UpdateTrustedTokenIssuer", input, context),

  async handle({ TrustedTokenIssuerArn: arn, Name, TrustedTokenIssuerConfiguration: given }, context) {
    const { tx } = context;
    const issuer = await requireIssuer(arn, context);
    const name = Name ?? issuer.name;
    const there = await tx.scan(issuers, { prefix: [issuer.instanceId], limit: ISSUERS_MAX });
    if (there.some((other) => other.id !== issuer.id && other.name === name)) throw issuerNameTaken(name);
    const changes = Object.entries(given?.OidcJwtConfiguration ?? {}).filter(([, value]) => value !== undefined);
    tx.put(issuers, { ...issuer, name, jwt: { ...issuer.jwt, ...Object.fromEntries(changes) } });
    return {};
  },
});

export const deleteTrustedTokenIssuer = operation("DeleteTrustedTokenIssuer", {
  authorize: (input, context) => askIssuer("DeleteTrustedTokenIssuer", input, context),

  async handle({ TrustedTokenIssuerArn: arn }, context) {
    const { instanceId, id } = await requireIssuer(arn, context);
    context.tx.delete(issuers, instanceId, id);
    return {};
  },
});

export const listTrustedTokenIssuers = operation("ListTrustedTokenIssuers", {
  authorize: (input) => askInstance("ListTrustedTokenIssuers", input),

  async handle(input, context) {
    const instance = await requireInstance(input, context);
    const { rows, rest } = await list(context.tx, issuers, [instance.id], input);
    const TrustedTokenIssuers = rows.map((issuer) => ({
      TrustedTokenIssuerArn: issuerArn(issuer),
      Name: issuer.name,
      TrustedTokenIssuerType: "OIDC_JWT" as const,
    }));
    return { TrustedTokenIssuers, ...rest };
  },
});

async function askIssuer(
  action: SsoAdminAction,
  { TrustedTokenIssuerArn }: { readonly TrustedTokenIssuerArn: string },
  { tx }: Context,
): Promise<readonly Access[]> {
  const [instanceId = "", id = ""] = partsOf(TrustedTokenIssuerArn);
  const issuer = await tx.get(issuers, instanceId, id);
  return ask(action, [arnGiven(TrustedTokenIssuerArn)], { resourceTags: issuer?.tags });
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireIssuer(arn: string, context: Context): Promise<TrustedTokenIssuer> {
  const [instanceId = "", id = ""] = partsOf(arn);
  const instance = await findInstance(instanceId, context.tx);
  const issuer = await context.tx.get(issuers, instanceId, id);
  if (!instance || !issuer || issuerArn(issuer) !== arn) throw issuerNotFound(id);
  const standing = await standingOf(instance, context);
  if (standing === "none" || standing === "member") throw issuerNotFound(id);
  return issuer;
}
