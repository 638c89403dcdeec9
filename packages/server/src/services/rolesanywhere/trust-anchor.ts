/** The authorities whose certificates an account trusts. Source: https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_CreateTrustAnchor.html */
import type { Context } from "../../service/context.ts";
import type { InputOf } from "../../service/sdk.ts";
import { ask, askOn } from "./access.ts";
import { hasStrongSignature, isAuthority, readBundle, signsCertificates, type Certificate } from "./certificate.ts";
import { crlsOf, dropCrl } from "./crl-row.ts";
import {
  cannotSignCertificates,
  limitExceeded,
  missingSourceData,
  notAuthority,
  notPem,
  pcaNotFound,
  sourceTypeUnsupported,
  tooManyCertificates,
  weakSignature,
} from "./errors.ts";
import { operation, placeOf, type RolesAnywhereSdk } from "./kit.ts";
import { ANCHORS_MAX, CERTIFICATES_PER_ANCHOR_MAX } from "./limits.ts";
import { formatSettings, withoutSettings, withSettings } from "./notification-setting.ts";
import { list } from "./paging.ts";
import { putTags, withTags } from "./tag-row.ts";
import { requireTrustAnchor, trustAnchorArn, trustAnchors, type TrustAnchor } from "./trust-anchor-row.ts";

type Source = InputOf<RolesAnywhereSdk, "CreateTrustAnchor">["source"];

export const createTrustAnchor = operation("CreateTrustAnchor", {
  authorize: ({ tags }) => ask("CreateTrustAnchor", tags),

  async handle({ name, source, enabled = false, tags, notificationSettings = [] }, context) {
    const { tx, account, region } = context;
    const present = await tx.scan(trustAnchors, { prefix: [account, region], limit: ANCHORS_MAX });
    if (present.length >= ANCHORS_MAX) throw limitExceeded("trust anchors");
    const nowMs = context.now().getTime();
    const anchor: TrustAnchor = {
      ...placeOf(context),
      id: context.newId(),
      name,
      isEnabled: enabled,
      bundle: requireBundle(source),
      notifications: withSettings([], notificationSettings),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    tx.put(trustAnchors, anchor);
    putTags(trustAnchorArn(anchor), withTags({}, tags), tx);
    return { trustAnchor: formatTrustAnchor(anchor) };
  },
});

/**
 * Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/trust-model.html (what certificates of authorities have to have)
 * @throws {AwsError} `ValidationException`
 */
function requireBundle({ sourceType = "CERTIFICATE_BUNDLE", sourceData }: Source): string {
  const { acmPcaArn, x509CertificateData: bundle } = sourceData ?? {};
  if (sourceType === "AWS_ACM_PCA" || acmPcaArn !== undefined) throw pcaNotFound(acmPcaArn ?? "");
  if (sourceType !== "CERTIFICATE_BUNDLE") throw sourceTypeUnsupported(sourceType);
  if (bundle === undefined) throw missingSourceData();
  requireAuthorities(readBundle(bundle));
  return bundle;
}

function requireAuthorities(certificates: readonly Certificate[] | undefined): void {
  if (certificates === undefined) throw notPem();
  if (certificates.length > CERTIFICATES_PER_ANCHOR_MAX) throw tooManyCertificates(CERTIFICATES_PER_ANCHOR_MAX);
  if (!certificates.every(isAuthority)) throw notAuthority();
  if (!certificates.every(signsCertificates)) throw cannotSignCertificates();
  if (!certificates.every(hasStrongSignature)) throw weakSignature();
}

export const getTrustAnchor = operation("GetTrustAnchor", {
  authorize: ({ trustAnchorId: id }, context) => askOn("GetTrustAnchor", { kind: "trust-anchor", id }, context),

  async handle({ trustAnchorId }, context) {
    return { trustAnchor: formatTrustAnchor(await requireTrustAnchor(trustAnchorId, context)) };
  },
});

export const listTrustAnchors = operation("ListTrustAnchors", {
  authorize: () => ask("ListTrustAnchors"),

  async handle(paging, context) {
    const { rows, rest } = await list(trustAnchors, paging, context);
    return { trustAnchors: rows.map(formatTrustAnchor), ...rest };
  },
});

export const updateTrustAnchor = operation("UpdateTrustAnchor", {
  authorize: ({ trustAnchorId: id }, context) => askOn("UpdateTrustAnchor", { kind: "trust-anchor", id }, context),

  async handle({ trustAnchorId, name, source }, context) {
    const present = await requireTrustAnchor(trustAnchorId, context);
    const bundle = source === undefined ? present.bundle : requireBundle(source);
    return { trustAnchor: put({ ...present, name: name ?? present.name, bundle }, context) };
  },
});

export const enableTrustAnchor = operation("EnableTrustAnchor", {
  authorize: ({ trustAnchorId: id }, context) => askOn("EnableTrustAnchor", { kind: "trust-anchor", id }, context),

  async handle({ trustAnchorId }, context) {
    return { trustAnchor: put({ ...(await requireTrustAnchor(trustAnchorId, context)), isEnabled: true }, context) };
  },
});

export const disableTrustAnchor = operation("DisableTrustAnchor", {
  authorize: ({ trustAnchorId: id }, context) => askOn("DisableTrustAnchor", { kind: "trust-anchor", id }, context),

  async handle({ trustAnchorId }, context) {
    return { trustAnchor: put({ ...(await requireTrustAnchor(trustAnchorId, context)), isEnabled: false }, context) };
  },
});

/** Its revocation lists go with it. */
export const deleteTrustAnchor = operation("DeleteTrustAnchor", {
  authorize: ({ trustAnchorId: id }, context) => askOn("DeleteTrustAnchor", { kind: "trust-anchor", id }, context),

  async handle({ trustAnchorId }, context) {
    const { tx, account, region } = context;
    const anchor = await requireTrustAnchor(trustAnchorId, context);
    for (const crl of await crlsOf(anchor, tx)) dropCrl(crl, tx);
    tx.delete(trustAnchors, account, region, anchor.id);
    putTags(trustAnchorArn(anchor), {}, tx);
    return { trustAnchor: formatTrustAnchor(anchor) };
  },
});

export const putNotificationSettings = operation("PutNotificationSettings", {
  authorize: ({ trustAnchorId: id }, context) =>
    askOn("PutNotificationSettings", { kind: "trust-anchor", id }, context),

  async handle({ trustAnchorId, notificationSettings }, context) {
    const present = await requireTrustAnchor(trustAnchorId, context);
    const notifications = withSettings(present.notifications, notificationSettings);
    return { trustAnchor: put({ ...present, notifications }, context) };
  },
});

export const resetNotificationSettings = operation("ResetNotificationSettings", {
  authorize: ({ trustAnchorId: id }, context) =>
    askOn("ResetNotificationSettings", { kind: "trust-anchor", id }, context),

  async handle({ trustAnchorId, notificationSettingKeys }, context) {
    const present = await requireTrustAnchor(trustAnchorId, context);
    const notifications = withoutSettings(present.notifications, notificationSettingKeys);
    return { trustAnchor: put({ ...present, notifications }, context) };
  },
});

function put(anchor: TrustAnchor, context: Context) {
  const changed = { ...anchor, updatedAtMs: context.now().getTime() };
  context.tx.put(trustAnchors, changed);
  return formatTrustAnchor(changed);
}

const formatTrustAnchor = (anchor: TrustAnchor) => ({
  trustAnchorId: anchor.id,
  trustAnchorArn: trustAnchorArn(anchor),
  name: anchor.name,
  enabled: anchor.isEnabled,
  source: { sourceType: "CERTIFICATE_BUNDLE" as const, sourceData: { x509CertificateData: anchor.bundle } },
  createdAt: new Date(anchor.createdAtMs),
  updatedAt: new Date(anchor.updatedAtMs),
  notificationSettings: formatSettings(anchor.notifications, anchor.account),
});
