/** What the rest of the cloud must know of IAM, told from IAM's own rows. */
import type { AccessKeyRecord, Directory, RoleRecord } from "../../identity/directory.ts";
import type { OrganizationFacts } from "../../identity/organization.ts";
import type { AccountPrincipal } from "../../identity/principal.ts";
import { parseAccountId, parseArn, type AccountId } from "../../kernel/arn.ts";
import { accountOfAccessKeyId } from "../../kernel/ids.ts";
import { linkedServiceOf } from "../../kernel/service-linked-role.ts";
import type { Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { accountOfAlias } from "./account/alias.ts";
import { outboundIssuerOf } from "./account/outbound-federation.ts";
import { canAssumeRoot } from "./account/root-access.ts";
import { ACCESS_KEY_PURPOSE, accessKeys, type AccessKey } from "./credential/access-key.ts";
import { verifyMfaCode } from "./credential/mfa-code.ts";
import { rootArn } from "./credential/owner.ts";
import { checkPassword } from "./credential/password-sign-in.ts";
import { findEntity } from "./entity.ts";
import { membersOf } from "./group/group.ts";
import { findHolder } from "./holder.ts";
import { documentOf, findPolicy } from "./policy/managed.ts";
import { pinPrincipals, showPrincipals } from "./policy/pinned-principals.ts";
import { policiesOfPrincipal, type PolicyLookup } from "./policy/principal-policies.ts";
import { findOidcProvider } from "./provider/oidc.ts";
import { findSamlProvider } from "./provider/saml.ts";
import { UseRecord } from "./report/use-record.ts";
import { createRole } from "./role/for-service.ts";
import { showTrust } from "./role/trust.ts";
import { findUser, userArn } from "./user/user.ts";

/** The partition of all principals that come from an access key, which names none. */
const PARTITION = "aws";

/** `keys` opens the secrets that IAM has sealed. */
export function iamDirectory(keys: Context["keys"], organizations: OrganizationFacts): Directory {
  const findManagedPolicy = policyLookup();
  const uses = new UseRecord();
  return {
    findAccessKey: (accessKeyId, tx) => findAccessKey(accessKeyId, tx, keys),
    async policiesOf(principal, tx) {
      const policies = await policiesOfPrincipal(principal, tx, findManagedPolicy);
      if (policies === undefined || isServiceLinked(principal)) return policies;
      const standing = await organizations.standingOf(principal.account, tx);
      return standing?.scps === undefined ? policies : { ...policies, scps: standing.scps };
    },
    organizationOf: (account, tx) => organizations.standingOf(account, tx),
    organizations,
    createRole,
    used: (use, tx) => uses.add(use, tx),
    emptied: () => uses.forget(),
    findRole: findRoleRecord,
    groupMembers,
    findManagedPolicy,
    pinPrincipals,
    showPrincipals,
    checkPassword: (proof, tx) => checkPassword(proof, { tx, keys }),
    accountOfAlias,
    verifyMfa: (proof, tx) => verifyMfaCode(proof, { tx, keys }),
    canAssumeRoot: (accounts, tx) => canAssumeRoot(accounts, organizations, tx),
    findOidcProvider,
    findSamlProvider: (providerArn, tx) => findSamlProvider(providerArn, { tx, keys }),
    outboundIssuer: outboundIssuerOf,
  };
}

/** No SCP restricts these. Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html#not-restricted-by-scp */
const isServiceLinked = (principal: AccountPrincipal): boolean =>
  principal.type === "role-session" && linkedServiceOf(principal.roleArn) !== undefined;

/** Keeps the texts of AWS's own policies that were asked for: they do not change. */
function policyLookup(): PolicyLookup {
  const texts = new Map<string, string>();
  return async (arn, tx) => {
    const kept = texts.get(arn);
    if (kept !== undefined) return { name: arn, document: kept };
    const policy = await findPolicy(arn, tx);
    if (!policy) return undefined;
    const document = await documentOf(policy);
    if (policy.owner === "aws") texts.set(arn, document);
    return { name: arn, document };
  };
}

async function findAccessKey(
  accessKeyId: string,
  tx: Transaction,
  keys: Context["keys"],
): Promise<AccessKeyRecord | undefined> {
  const account = accountOfAccessKeyId(accessKeyId);
  if (account === undefined) return undefined;
  const there = tx.in({ account });
  const key = await there.get(accessKeys, accessKeyId);
  const secret = key && keys.open(key.secret, ACCESS_KEY_PURPOSE);
  const owner = key && (await ownerOf(key, account, there));
  if (!secret || !owner) return undefined;
  return { accessKeyId, secretAccessKey: Buffer.from(secret).toString("utf8"), status: key.status, owner };
}

async function ownerOf(
  { accessKeyId, ownerId }: AccessKey,
  account: AccountId,
  tx: Transaction,
): Promise<AccessKeyRecord["owner"] | undefined> {
  const place = { partition: PARTITION, account };
  if (ownerId === account) return { type: "root", account, arn: rootArn(place), userId: account, accessKeyId };
  const holder = await findHolder(tx, ownerId);
  const user = holder && (await findUser(holder.name, tx));
  return (
    user && {
      type: "user",
      account,
      arn: userArn(place, user),
      userId: user.id,
      userName: user.name,
      accessKeyId,
    }
  );
}

async function groupMembers(arn: string, tx: Transaction): Promise<readonly string[]> {
  const group = await findEntity(arn, tx);
  const account = parseAccountId(parseArn(arn)?.account ?? "");
  if (group?.kind !== "group" || account === undefined) return [];
  return (await membersOf(group, tx.in({ account }))).map(({ id }) => id);
}

async function findRoleRecord(arn: string, tx: Transaction): Promise<RoleRecord | undefined> {
  const account = parseAccountId(parseArn(arn)?.account ?? "");
  const role = await findEntity(arn, tx);
  if (role?.kind !== "role" || role.arn !== arn || account === undefined) return undefined;
  return {
    account,
    arn: role.arn,
    roleId: role.id,
    roleName: role.name,
    trustPolicy: await showTrust(role, tx),
    tags: role.tags,
    maxSessionSeconds: role.maxSessionSeconds,
  };
}
