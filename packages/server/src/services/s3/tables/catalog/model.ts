/** The types of the operations for clients of Iceberg, which no SDK of AWS's has. */
import type { ModelCommand } from "../../../../service/sdk.ts";

/** Anything of JSON. */
type Document = unknown;

interface Prefixed {
  /** The ARN of a table bucket. */
  prefix: string;
}

interface InNamespace extends Prefixed {
  namespace: string;
}

interface NamedTable extends InNamespace {
  table: string;
}

interface Paged {
  pageToken?: string | undefined;
  pageSize?: number | undefined;
}

interface TableIdentifier {
  namespace: string[];
  name: string;
}

type Properties = Record<string, string>;

interface ConfigResponse {
  defaults?: Properties | undefined;
  overrides?: Properties | undefined;
  endpoints?: string[] | undefined;
}

interface NamespaceResponse {
  namespace?: string[] | undefined;
  properties?: Properties | undefined;
}

interface CreateTableRequest extends InNamespace {
  name: string;
  location?: string | undefined;
  schema: Document;
  partitionSpec?: Document;
  writeOrder?: Document;
  stageCreate?: boolean | undefined;
  properties?: Properties | undefined;
}

interface LoadedTable {
  metadataLocation?: string | undefined;
  metadata?: Document;
  config?: Properties | undefined;
}

interface UpdateTableRequest extends NamedTable {
  identifier?: TableIdentifier | undefined;
  requirements: Document[];
  updates: Document[];
}

interface RenameRequest extends Prefixed {
  source: TableIdentifier;
  destination: TableIdentifier;
}

export interface CatalogSdk {
  readonly IcebergGetConfigCommand: ModelCommand<{ warehouse?: string | undefined }, ConfigResponse>;
  readonly IcebergListNamespacesCommand: ModelCommand<
    Prefixed & Paged & { parent?: string | undefined },
    { namespaces?: string[][] | undefined; nextPageToken?: string | undefined }
  >;
  readonly IcebergCreateNamespaceCommand: ModelCommand<
    Prefixed & { namespace: string[]; properties?: Properties | undefined },
    NamespaceResponse
  >;
  readonly IcebergLoadNamespaceCommand: ModelCommand<InNamespace, NamespaceResponse>;
  readonly IcebergNamespaceExistsCommand: ModelCommand<InNamespace, object>;
  readonly IcebergDropNamespaceCommand: ModelCommand<InNamespace, object>;
  readonly IcebergListTablesCommand: ModelCommand<
    InNamespace & Paged,
    { identifiers?: TableIdentifier[] | undefined; nextPageToken?: string | undefined }
  >;
  readonly IcebergCreateTableCommand: ModelCommand<CreateTableRequest, LoadedTable>;
  readonly IcebergLoadTableCommand: ModelCommand<NamedTable & { snapshots?: string | undefined }, LoadedTable>;
  readonly IcebergTableExistsCommand: ModelCommand<NamedTable, object>;
  readonly IcebergUpdateTableCommand: ModelCommand<UpdateTableRequest, LoadedTable>;
  readonly IcebergDropTableCommand: ModelCommand<NamedTable & { purgeRequested?: string | undefined }, object>;
  readonly IcebergRenameTableCommand: ModelCommand<RenameRequest, object>;
}
