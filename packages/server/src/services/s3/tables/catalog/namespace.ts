/** Namespaces, in Iceberg's words. */
import { requestInvalid } from "../errors.ts";
import { ask, askedBelow, operation } from "./kit.ts";

/** Namespaces have one level. @throws {AwsError} `BadRequestException` */
export function onlyName(levels: readonly string[]): string {
  const [name, ...more] = levels;
  if (name === undefined || more.length > 0) throw requestInvalid("Only single-level namespaces are supported.");
  return name;
}

export const getConfig = operation("IcebergGetConfig", {
  authorize: askedBelow,

  async handle({ warehouse }, context) {
    if (warehouse === undefined) throw requestInvalid("The warehouse must be the ARN of a table bucket.");
    const { arn = warehouse } = await ask("GetTableBucket", { tableBucketARN: warehouse }, context);
    return { defaults: {}, overrides: { prefix: encodeURIComponent(arn) }, endpoints: ENDPOINTS };
  },
});

const NAMESPACE = "/v1/{prefix}/namespaces/{namespace}";

const ENDPOINTS: string[] = [
  "GET /v1/{prefix}/namespaces",
  "POST /v1/{prefix}/namespaces",
  `GET ${NAMESPACE}`,
  `HEAD ${NAMESPACE}`,
  `DELETE ${NAMESPACE}`,
  `GET ${NAMESPACE}/tables`,
  `POST ${NAMESPACE}/tables`,
  `GET ${NAMESPACE}/tables/{table}`,
  `HEAD ${NAMESPACE}/tables/{table}`,
  `POST ${NAMESPACE}/tables/{table}`,
  `DELETE ${NAMESPACE}/tables/{table}`,
  "POST /v1/{prefix}/tables/rename",
];

/** How pages are asked for. */
interface Paged {
  readonly pageToken?: string | undefined;
  readonly pageSize?: number | undefined;
}

/** An empty token asks for the first page. */
export const pageOf = ({ pageToken, pageSize }: Paged) => ({
  continuationToken: pageToken === "" ? undefined : pageToken,
  limit: pageSize,
});

export const listNamespaces = operation("IcebergListNamespaces", {
  authorize: askedBelow,

  async handle({ prefix: tableBucketARN, parent, ...paged }, context) {
    // no namespace is in another
    if (parent !== undefined) return { namespaces: [] };
    const { continuationToken, limit: maxNamespaces } = pageOf(paged);
    const found = await ask("ListNamespaces", { tableBucketARN, continuationToken, maxNamespaces }, context);
    return {
      namespaces: (found.namespaces ?? []).map(({ namespace = [] }) => namespace),
      nextPageToken: found.continuationToken,
    };
  },
});

export const createNamespace = operation("IcebergCreateNamespace", {
  authorize: askedBelow,

  async handle({ prefix: tableBucketARN, namespace, properties = {} }, context) {
    const name = onlyName(namespace);
    if (Object.keys(properties).length > 0) throw requestInvalid("Namespace properties are not supported.");
    await ask("CreateNamespace", { tableBucketARN, namespace: [name] }, context);
    return { namespace: [name], properties: {} };
  },
});

export const loadNamespace = operation("IcebergLoadNamespace", {
  authorize: askedBelow,

  async handle({ prefix: tableBucketARN, namespace }, context) {
    const found = await ask("GetNamespace", { tableBucketARN, namespace }, context);
    return { namespace: [namespace], properties: { owner: found.ownerAccountId ?? "" } };
  },
});

export const namespaceExists = operation("IcebergNamespaceExists", {
  authorize: askedBelow,

  async handle({ prefix: tableBucketARN, namespace }, context) {
    await ask("GetNamespace", { tableBucketARN, namespace }, context);
    return {};
  },
});

export const dropNamespace = operation("IcebergDropNamespace", {
  authorize: askedBelow,

  async handle({ prefix: tableBucketARN, namespace }, context) {
    await ask("DeleteNamespace", { tableBucketARN, namespace }, context);
    return {};
  },
});
