/** Lists of certificates that an authority has revoked. Source: https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_ImportCrl.html */
import type { Context } from "../../service/context.ts";
import { ask, askOn } from "./access.ts";
import { crlArn, crls, crlsOf, dropCrl, requireCrl, type Crl } from "./crl-row.ts";
import { anchorOfCrlUnknown, crlNotPem, limitExceeded } from "./errors.ts";
import { operation, placeOf } from "./kit.ts";
import { CRLS_PER_ANCHOR_MAX } from "./limits.ts";
import { list } from "./paging.ts";
import { readRevocations } from "./revocation.ts";
import { putTags, withTags } from "./tag-row.ts";
import { findTrustAnchor, trustAnchorArn } from "./trust-anchor-row.ts";

export const importCrl = operation("ImportCrl", {
  authorize: ({ tags }) => ask("ImportCrl", tags),

  async handle({ name, crlData, enabled = false, tags, trustAnchorArn: anchorArn }, context) {
    const { tx, account, region } = context;
    const anchor = await findTrustAnchor(anchorArn, context);
    if (anchor?.account !== account || anchor.region !== region) throw anchorOfCrlUnknown();
    if ((await crlsOf(anchor, tx)).length >= CRLS_PER_ANCHOR_MAX) throw limitExceeded("CRLs per trust anchor");
    const nowMs = context.now().getTime();
    const crl: Crl = {
      ...placeOf(context),
      id: context.newId(),
      name,
      isEnabled: enabled,
      data: requirePem(crlData),
      trustAnchorArn: trustAnchorArn(anchor),
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    tx.put(crls, crl);
    putTags(crlArn(crl), withTags({}, tags), tx);
    return { crl: formatCrl(crl) };
  },
});

/** @throws {AwsError} `ValidationException` where it is no list in PEM. */
function requirePem(bytes: Uint8Array): string {
  if (readRevocations(Buffer.from(bytes)) === undefined) throw crlNotPem();
  return Buffer.from(bytes).toString("base64");
}

export const getCrl = operation("GetCrl", {
  authorize: ({ crlId: id }, context) => askOn("GetCrl", { kind: "crl", id }, context),

  async handle({ crlId }, context) {
    return { crl: formatCrl(await requireCrl(crlId, context)) };
  },
});

export const listCrls = operation("ListCrls", {
  authorize: () => ask("ListCrls"),

  async handle(paging, context) {
    const { rows, rest } = await list(crls, paging, context);
    return { crls: rows.map(formatCrl), ...rest };
  },
});

export const updateCrl = operation("UpdateCrl", {
  authorize: ({ crlId: id }, context) => askOn("UpdateCrl", { kind: "crl", id }, context),

  async handle({ crlId, name, crlData }, context) {
    const present = await requireCrl(crlId, context);
    const data = crlData === undefined ? present.data : requirePem(crlData);
    return { crl: put({ ...present, name: name ?? present.name, data }, context) };
  },
});

export const enableCrl = operation("EnableCrl", {
  authorize: ({ crlId: id }, context) => askOn("EnableCrl", { kind: "crl", id }, context),

  async handle({ crlId }, context) {
    return { crl: put({ ...(await requireCrl(crlId, context)), isEnabled: true }, context) };
  },
});

export const disableCrl = operation("DisableCrl", {
  authorize: ({ crlId: id }, context) => askOn("DisableCrl", { kind: "crl", id }, context),

  async handle({ crlId }, context) {
    return { crl: put({ ...(await requireCrl(crlId, context)), isEnabled: false }, context) };
  },
});

export const deleteCrl = operation("DeleteCrl", {
  authorize: ({ crlId: id }, context) => askOn("DeleteCrl", { kind: "crl", id }, context),

  async handle({ crlId }, context) {
    const crl = await requireCrl(crlId, context);
    dropCrl(crl, context.tx);
    return { crl: formatCrl(crl) };
  },
});

function put(crl: Crl, context: Context) {
  const changed = { ...crl, updatedAtMs: context.now().getTime() };
  context.tx.put(crls, changed);
  return formatCrl(changed);
}

const formatCrl = (crl: Crl) => ({
  crlId: crl.id,
  crlArn: crlArn(crl),
  name: crl.name,
  enabled: crl.isEnabled,
  crlData: Buffer.from(crl.data, "base64"),
  trustAnchorArn: crl.trustAnchorArn,
  createdAt: new Date(crl.createdAtMs),
  updatedAt: new Date(crl.updatedAtMs),
});
