/**
 * X.509 certificates that users sign requests with: two for each.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadSigningCertificate.html
 */
import { X509Certificate } from "node:crypto";
import { base32, newSecretBytes } from "../../../kernel/ids.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import {
  certificateNotFound,
  certificatesRemain,
  duplicateCertificate,
  malformedSigningCertificate,
  quotaExceeded,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { QUOTAS } from "../limits.ts";
import { list } from "../listing.ts";
import { onOwner, requireOwner, type Owner } from "./owner.ts";
import { requireStatus, type Status } from "./status.ts";

export interface SigningCertificate {
  readonly ownerId: string;
  readonly id: string;
  readonly body: string;
  /** SHA-256 of the certificate itself. */
  readonly fingerprint: string;
  readonly status: Status;
  readonly uploadedAtMs: number;
}

const signingCertificates = table<SigningCertificate>("iam.signing-certificate", "account", ({ ownerId, id }) => [
  ownerId,
  id,
]);

/** The same rows: one certificate belongs to one user of an account. */
const certificatesByFingerprint = table<SigningCertificate>(
  "iam.signing-certificate-by-fingerprint",
  "account",
  ({ fingerprint }) => [fingerprint],
);

/** 32 characters of base32, as AWS's ids of certificates are. */
const ID_BYTES = 20;

export const uploadSigningCertificate = operation("UploadSigningCertificate", {
  authorize: ({ UserName }, context) => onOwner("UploadSigningCertificate", UserName, context),

  async handle({ UserName, CertificateBody }, context) {
    const { tx } = context;
    const owner = await requireOwner(UserName, context);
    const fingerprint = requireFingerprint(CertificateBody);
    if (await tx.get(certificatesByFingerprint, fingerprint)) throw duplicateCertificate();
    if ((await signingCertificatesOf(owner, tx)).length >= QUOTAS.CertificatesPerUser)
      throw quotaExceeded("CertificatesPerUser", QUOTAS.CertificatesPerUser);
    const certificate: SigningCertificate = {
      ownerId: owner.id,
      id: base32(newSecretBytes(ID_BYTES)),
      body: CertificateBody,
      fingerprint,
      status: "Active",
      uploadedAtMs: context.now().getTime(),
    };
    tx.put(signingCertificates, certificate);
    tx.put(certificatesByFingerprint, certificate);
    return { Certificate: formatCertificate(certificate, owner) };
  },
});

export const listSigningCertificates = operation("ListSigningCertificates", {
  authorize: ({ UserName }, context) => onOwner("ListSigningCertificates", UserName, context),

  async handle({ UserName, ...paging }, context) {
    const owner = await requireOwner(UserName, context);
    const { rows, paging: rest } = await list(context.tx, signingCertificates, paging, { prefix: [owner.id] });
    return { Certificates: rows.map((certificate) => formatCertificate(certificate, owner)), ...rest };
  },
});

export const updateSigningCertificate = operation("UpdateSigningCertificate", {
  authorize: ({ UserName }, context) => onOwner("UpdateSigningCertificate", UserName, context),

  async handle({ UserName, CertificateId, Status }, context) {
    const certificate = await requireCertificate(CertificateId, await requireOwner(UserName, context), context.tx);
    context.tx.put(signingCertificates, { ...certificate, status: requireStatus(Status) });
    return {};
  },
});

export const deleteSigningCertificate = operation("DeleteSigningCertificate", {
  authorize: ({ UserName }, context) => onOwner("DeleteSigningCertificate", UserName, context),

  async handle({ UserName, CertificateId }, context) {
    const { tx } = context;
    const certificate = await requireCertificate(CertificateId, await requireOwner(UserName, context), tx);
    tx.delete(signingCertificates, certificate.ownerId, certificate.id);
    tx.delete(certificatesByFingerprint, certificate.fingerprint);
    return {};
  },
});

/** The certificates of one owner, in the order of their upload. */
export async function signingCertificatesOf({ id }: Pick<Owner, "id">, tx: Transaction): Promise<SigningCertificate[]> {
  const owned = await tx.scan(signingCertificates, { prefix: [id], limit: QUOTAS.CertificatesPerUser });
  return owned.toSorted((one, other) => one.uploadedAtMs - other.uploadedAtMs);
}

/** @throws {AwsError} `DeleteConflict` where one is left. */
export async function requireNoSigningCertificates(owner: Pick<Owner, "id">, tx: Transaction): Promise<void> {
  if ((await signingCertificatesOf(owner, tx)).length > 0) throw certificatesRemain();
}

async function requireCertificate(id: string, owner: Owner, tx: Transaction): Promise<SigningCertificate> {
  const certificate = await tx.get(signingCertificates, owner.id, id);
  if (!certificate) throw certificateNotFound(id);
  return certificate;
}

function requireFingerprint(body: string): string {
  try {
    return new X509Certificate(body).fingerprint256;
  } catch {
    throw malformedSigningCertificate(body);
  }
}

const formatCertificate = ({ id, body, status, uploadedAtMs }: SigningCertificate, { name }: Owner) => ({
  UserName: name,
  CertificateId: id,
  CertificateBody: body,
  Status: status,
  UploadDate: new Date(uploadedAtMs),
});
