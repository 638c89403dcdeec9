/** Sessions for the holders of certificates. Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/authentication-create-session.html */
import type { AccountId, Region } from "../../kernel/arn.ts";
import { parseArn } from "../../kernel/arn.ts";
import { AwsError, MarkingRefusal } from "../../kernel/aws-error.ts";
import { isoSeconds } from "../../kernel/iso-seconds.ts";
import type { Context } from "../../service/context.ts";
import type { InputOf, OutputOf } from "../../service/sdk.ts";
import { sessionTagsOf } from "./attribute-mapping.ts";
import { maySignIn, readBundle, readCertificate, subjectOf, type Certificate } from "./certificate.ts";
import { findPath } from "./certificate-path.ts";
import { crlsOf } from "./crl-row.ts";
import {
  anchorDisabled,
  anchorNotFound,
  cannotAssume,
  insufficientCertificate,
  missingParameter,
  notOneAccount,
  profileDisabled,
  profileNotFound,
  revokedCertificate,
  roleNotInProfile,
  sessionNameRefused,
  unsigned,
  untrustedCertificate,
} from "./errors.ts";
import { operation, type RolesAnywhereSdk, type StsSdk } from "./kit.ts";
import { INTERMEDIATES_MAX, SOURCE_IDENTITY_CHARACTERS_MAX } from "./limits.ts";
import { findProfile, type Profile } from "./profile-row.ts";
import { isRevoked, readRevocations } from "./revocation.ts";
import { noteAttempt } from "./subject.ts";
import { findTrustAnchor, trustAnchorArn, type TrustAnchor } from "./trust-anchor-row.ts";

type Input = InputOf<RolesAnywhereSdk, "CreateSession">;

/** Who calls has no rights in any account yet: the certificate and the role's trust policy decide. */
export const createSession = operation("CreateSession", {
  callers: "open",
  authorize: () => [],

  async handle(input, context) {
    const shown = requireCertificates(context);
    const asked = await requireAsked(input, context);
    const path = requirePath(shown, asked.anchor, context);
    identify(shown.leaf, asked.anchor, context);
    const seen = { certificate: shown.leaf, instanceProperties: input.instanceProperties };
    try {
      await requireNotRevoked(path, asked.anchor, context);
      const session = await assume(asked, shown.leaf, context);
      const subjectArn = await noteAttempt(asked.anchor, { ...seen, hasFailed: false }, context);
      return { credentialSet: [formatSession(session, asked.roleArn)], subjectArn };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      await noteAttempt(asked.anchor, { ...seen, hasFailed: true }, context);
      throw new MarkingRefusal(error);
    }
  },
});

/** The record of the call is the anchor's account's; CloudTrail has no word for such callers. */
function identify({ parts }: Certificate, anchor: TrustAnchor, context: Context): void {
  const { subject } = parts;
  const identityProvider = trustAnchorArn(anchor);
  context.identified({ type: "Unknown", principalId: subject, userName: subject, identityProvider }, anchor.account);
}

interface Shown {
  readonly leaf: Certificate;
  readonly intermediates: readonly Certificate[];
}

/** The certificate that the request is signed with: its key was checked before anything else. */
function requireCertificates({ request }: Context): Shown {
  const shown = request.signature?.certificates ?? [];
  // every one more would multiply the ways to an anchor that are tried
  if (shown.length > INTERMEDIATES_MAX + 1) throw untrustedCertificate();
  const [leaf, ...intermediates] = shown.map(readCertificate);
  if (leaf === undefined) throw unsigned();
  return { leaf, intermediates: intermediates.filter((certificate) => certificate !== undefined) };
}

/** What is asked for, and may be asked for. */
interface Asked {
  readonly anchor: TrustAnchor;
  readonly profile: Profile;
  readonly roleArn: string;
  readonly sessionName: string | undefined;
  readonly durationSeconds: number;
}

async function requireAsked(input: Input, context: Context): Promise<Asked> {
  const { trustAnchorArn: anchorArn = input.bodyTrustAnchorArn, profileArn = input.bodyProfileArn } = input;
  const { roleArn = input.bodyRoleArn, roleSessionName: sessionName } = input;
  if (anchorArn === undefined) throw missingParameter("trustAnchorArn");
  if (profileArn === undefined) throw missingParameter("profileArn");
  if (roleArn === undefined) throw missingParameter("roleArn");
  const anchor = await findTrustAnchor(anchorArn, context);
  const profile = await findProfile(profileArn, context);
  if (anchor === undefined) throw anchorNotFound();
  if (profile === undefined) throw profileNotFound();
  requireUsable({ anchor, profile, roleArn });
  if (sessionName !== undefined && !profile.takesSessionNames) throw sessionNameRefused();
  const durationSeconds = Math.min(input.durationSeconds ?? profile.durationSeconds, profile.durationSeconds);
  return { anchor, profile, roleArn, sessionName, durationSeconds };
}

function requireUsable({ anchor, profile, roleArn }: Pick<Asked, "anchor" | "profile" | "roleArn">): void {
  const accounts = new Set<string | undefined>([anchor.account, profile.account, parseArn(roleArn)?.account]);
  if (accounts.size > 1 || anchor.region !== profile.region) throw notOneAccount();
  if (!anchor.isEnabled) throw anchorDisabled();
  if (!profile.isEnabled) throw profileDisabled();
  if (!profile.roleArns.includes(roleArn)) throw roleNotInProfile();
}

/**
 * Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html
 * @throws {AwsError} `AccessDeniedException`
 */
function requirePath({ leaf, intermediates }: Shown, anchor: TrustAnchor, context: Context): readonly Certificate[] {
  if (!maySignIn(leaf)) throw insufficientCertificate();
  const anchors = readBundle(anchor.bundle) ?? [];
  const path = findPath(leaf, { anchors, intermediates, atMs: context.now().getTime() });
  if (path === undefined) throw untrustedCertificate();
  return path;
}

async function requireNotRevoked(path: readonly Certificate[], anchor: TrustAnchor, context: Context): Promise<void> {
  const enabled = (await crlsOf(anchor, context.tx)).filter(({ isEnabled }) => isEnabled);
  const lists = enabled.map(({ data }) => readRevocations(Buffer.from(data, "base64")));
  if (
    await isRevoked(
      path,
      lists.filter((list) => list !== undefined),
    )
  )
    throw revokedCertificate();
}

/** The role's trust policy has to let the service take it on, tag its sessions and set their source identity. */
async function assume(asked: Asked, leaf: Certificate, context: Context): Promise<OutputOf<StsSdk, "AssumeRole">> {
  const { anchor, profile, roleArn } = asked;
  const sourceIdentity = sourceIdentityOf(leaf);
  const Tags = sessionTagsOf(leaf, profile.mappings);
  const policyArns = profile.managedPolicyArns.map((policy) => ({ arn: policy }));
  try {
    return await context.call<StsSdk, "AssumeRole">({
      service: "sts",
      operation: "AssumeRole",
      input: {
        RoleArn: roleArn,
        RoleSessionName: asked.sessionName ?? leaf.serialNumber,
        DurationSeconds: asked.durationSeconds,
        ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
        ...(Tags.length > 0 && { Tags }),
        ...(profile.sessionPolicy !== undefined && { Policy: profile.sessionPolicy }),
        ...(policyArns.length > 0 && { PolicyArns: policyArns }),
      },
      as: { type: "service", service: "rolesanywhere.amazonaws.com" },
      source: { arn: trustAnchorArn(anchor), account: anchor.account },
      ...inPlace(anchor),
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw cannotAssume(roleArn, error.code === "AccessDenied" ? "" : error.message);
  }
}

const inPlace = ({ account, region }: TrustAnchor): { readonly account: AccountId; readonly region: Region } => ({
  account,
  region,
});

/** `CN=…`; none where it is too long or has characters that a source identity may not have: it is cut to no other's. */
function sourceIdentityOf(leaf: Certificate): string | undefined {
  const identity = `CN=${subjectOf(leaf).get("CN") ?? ""}`;
  return /^CN=[\w+=,.@-]+$/.test(identity) && identity.length <= SOURCE_IDENTITY_CHARACTERS_MAX ? identity : undefined;
}

const formatSession = (session: OutputOf<StsSdk, "AssumeRole">, roleArn: string) => ({
  assumedRoleUser: { arn: session.AssumedRoleUser?.Arn, assumedRoleId: session.AssumedRoleUser?.AssumedRoleId },
  credentials: {
    accessKeyId: session.Credentials?.AccessKeyId,
    secretAccessKey: session.Credentials?.SecretAccessKey,
    sessionToken: session.Credentials?.SessionToken,
    expiration: session.Credentials?.Expiration && isoSeconds(session.Credentials.Expiration.getTime()),
  },
  ...(session.PackedPolicySize !== undefined && { packedPolicySize: session.PackedPolicySize }),
  roleArn,
  sourceIdentity: session.SourceIdentity,
});
