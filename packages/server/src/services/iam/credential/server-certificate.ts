/**
 * Server certificates, for load balancers and distributions of Regions without Certificate Manager.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UploadServerCertificate.html
 */
import type { ServerCertificateMetadata } from "@aws-sdk/client-iam";
import type { Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { countDown, countUp } from "../account/count.ts";
import { serverCertificateExists, serverCertificateNotFound } from "../errors.ts";
import { arn, operation, type IamAction } from "../kit.ts";
import { list } from "../listing.ts";
import { arnOf, keyOfName, ROOT_PATH, type Place } from "../path.ts";
import { formatTags, listTags, requestTags, withoutTags, withTagging, withTags } from "../tag.ts";
import { requireChain, requireKeyPair } from "./pem.ts";

export interface ServerCertificate extends Place {
  /** `ASCA…`. */
  readonly id: string;
  readonly arn: Arn;
  readonly body: string;
  readonly chain: string | undefined;
  /** Sealed for `SERVER_KEY_PURPOSE`. */
  readonly privateKey: string;
  readonly uploadedAtMs: number;
  readonly expiresAtMs: number;
  readonly tags: Tags;
}

/** What the private keys of server certificates are sealed for. */
const SERVER_KEY_PURPOSE = "iam.server-certificate-key";

const serverCertificates = table<ServerCertificate>("iam.server-certificate", "account", ({ name }) => [
  keyOfName(name),
]);

export const uploadServerCertificate = operation("UploadServerCertificate", {
  authorize: ({ ServerCertificateName, Path = ROOT_PATH, Tags }, context) =>
    withTagging("TagServerCertificate", {
      action: "iam:UploadServerCertificate",
      resource: arnOf(context, "server-certificate", { path: Path, name: ServerCertificateName }),
      requestTags: requestTags(Tags),
    }),

  async handle({ ServerCertificateName: name, Path: path = ROOT_PATH, ...sent }, context) {
    const { tx, keys } = context;
    const tags = withTags({}, sent.Tags);
    const leaf = requireKeyPair(sent.CertificateBody, sent.PrivateKey);
    if (sent.CertificateChain !== undefined) requireChain(leaf, sent.CertificateChain);
    await requireFreeName(name, tx);
    await countUp(tx, "serverCertificates");
    const certificate: ServerCertificate = {
      id: context.newId("serverCertificate"),
      arn: arnOf(context, "server-certificate", { path, name }),
      name,
      path,
      // Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/iam/server_certificate.go (StateTrimSpace: what is read back has no space around it)
      body: sent.CertificateBody.trim(),
      chain: sent.CertificateChain?.trim(),
      privateKey: keys.seal(sent.PrivateKey, SERVER_KEY_PURPOSE),
      uploadedAtMs: context.now().getTime(),
      expiresAtMs: leaf.validToDate.getTime(),
      tags,
    };
    tx.put(serverCertificates, certificate);
    return { ServerCertificateMetadata: formatMetadata(certificate), Tags: sent.Tags && formatTags(tags) };
  },
});

export const getServerCertificate = operation("GetServerCertificate", {
  authorize: ({ ServerCertificateName }, context) =>
    onCertificate("GetServerCertificate", ServerCertificateName, context),

  async handle({ ServerCertificateName }, { tx }) {
    const certificate = await requireCertificate(ServerCertificateName, tx);
    return {
      ServerCertificate: {
        ServerCertificateMetadata: formatMetadata(certificate),
        CertificateBody: certificate.body,
        CertificateChain: certificate.chain,
        Tags: formatTags(certificate.tags),
      },
    };
  },
});

export const listServerCertificates = operation("ListServerCertificates", {
  authorize: ({ PathPrefix = ROOT_PATH }, context) => ({
    action: "iam:ListServerCertificates",
    resource: arn(context, `server-certificate${PathPrefix}`),
  }),

  async handle({ PathPrefix = ROOT_PATH, ...paging }, { tx }) {
    const { rows, paging: rest } = await list(tx, serverCertificates, paging, {
      where: ({ path }) => path.startsWith(PathPrefix),
    });
    return { ServerCertificateMetadataList: rows.map(formatMetadata), ...rest };
  },
});

export const updateServerCertificate = operation("UpdateServerCertificate", {
  /** The rights to both ends are needed. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateServerCertificate.html */
  async authorize({ ServerCertificateName, NewPath, NewServerCertificateName }, context) {
    const source = await onCertificate("UpdateServerCertificate", ServerCertificateName, context);
    const present = await findCertificate(ServerCertificateName, context.tx);
    const name = NewServerCertificateName ?? ServerCertificateName;
    const place = { path: NewPath ?? present?.path ?? ROOT_PATH, name };
    return [source, { action: source.action, resource: arnOf(context, "server-certificate", place) }];
  },

  async handle({ ServerCertificateName, NewPath, NewServerCertificateName }, context) {
    const { tx } = context;
    const certificate = await requireCertificate(ServerCertificateName, tx);
    const place = { path: NewPath ?? certificate.path, name: NewServerCertificateName ?? certificate.name };
    if (place.name !== certificate.name) {
      await requireFreeName(place.name, tx);
      tx.delete(serverCertificates, keyOfName(certificate.name));
    }
    tx.put(serverCertificates, { ...certificate, ...place, arn: arnOf(context, "server-certificate", place) });
    return {};
  },
});

export const deleteServerCertificate = operation("DeleteServerCertificate", {
  authorize: ({ ServerCertificateName }, context) =>
    onCertificate("DeleteServerCertificate", ServerCertificateName, context),

  async handle({ ServerCertificateName }, { tx }) {
    const { name } = await requireCertificate(ServerCertificateName, tx);
    tx.delete(serverCertificates, keyOfName(name));
    await countDown(tx, "serverCertificates");
    return {};
  },
});

export const tagServerCertificate = operation("TagServerCertificate", {
  authorize: ({ ServerCertificateName, Tags }, context) =>
    onCertificate("TagServerCertificate", ServerCertificateName, context, { requestTags: requestTags(Tags) }),

  async handle({ ServerCertificateName, Tags }, { tx }) {
    const certificate = await requireCertificate(ServerCertificateName, tx);
    tx.put(serverCertificates, { ...certificate, tags: withTags(certificate.tags, Tags) });
    return {};
  },
});

export const untagServerCertificate = operation("UntagServerCertificate", {
  authorize: ({ ServerCertificateName, TagKeys }, context) =>
    onCertificate("UntagServerCertificate", ServerCertificateName, context, { tagKeys: TagKeys }),

  async handle({ ServerCertificateName, TagKeys }, { tx }) {
    const certificate = await requireCertificate(ServerCertificateName, tx);
    tx.put(serverCertificates, { ...certificate, tags: withoutTags(certificate.tags, TagKeys) });
    return {};
  },
});

export const listServerCertificateTags = operation("ListServerCertificateTags", {
  authorize: ({ ServerCertificateName }, context) =>
    onCertificate("ListServerCertificateTags", ServerCertificateName, context),

  async handle({ ServerCertificateName, ...paging }, { tx }) {
    const { tags } = await requireCertificate(ServerCertificateName, tx);
    return listTags(tags, paging);
  },
});

const findCertificate = (name: string, tx: Transaction): Promise<ServerCertificate | undefined> =>
  tx.get(serverCertificates, keyOfName(name));

/** @throws {AwsError} `NoSuchEntity` */
async function requireCertificate(name: string, tx: Transaction): Promise<ServerCertificate> {
  const certificate = await findCertificate(name, tx);
  if (!certificate) throw serverCertificateNotFound(name);
  return certificate;
}

async function requireFreeName(name: string, tx: Transaction): Promise<void> {
  if (await findCertificate(name, tx)) throw serverCertificateExists(name);
}

async function onCertificate(
  action: IamAction,
  name: string,
  context: Context,
  more: Omit<Access, "action" | "resource" | "resourceTags"> = {},
): Promise<Access> {
  const certificate = await findCertificate(name, context.tx);
  return {
    action: `iam:${action}`,
    resource: certificate?.arn ?? arnOf(context, "server-certificate", { path: ROOT_PATH, name }),
    resourceTags: certificate?.tags,
    ...more,
  };
}

const formatMetadata = (certificate: ServerCertificate): ServerCertificateMetadata => ({
  Path: certificate.path,
  ServerCertificateName: certificate.name,
  ServerCertificateId: certificate.id,
  Arn: certificate.arn,
  UploadDate: new Date(certificate.uploadedAtMs),
  Expiration: new Date(certificate.expiresAtMs),
});
