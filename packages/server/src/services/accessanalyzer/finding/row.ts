/** Findings as rows. */
import type { FindingStatus, FindingType, ResourceType } from "@aws-sdk/client-accessanalyzer";
import { everyRow } from "../../../kernel/every-row.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { PropertyOf } from "../filter.ts";

/** Access from outside of the zone of trust. */
export interface ExternalAccess {
  readonly kind: "external";
  readonly principal: Readonly<Record<string, string>>;
  readonly actions: readonly string[];
  readonly conditions: Readonly<Record<string, string>>;
  readonly isPublic: boolean;
  /** Said of buckets only. */
  readonly sources: readonly ("POLICY" | "BUCKET_ACL")[];
  readonly controls: "APPLICABLE" | "NOT_APPLICABLE";
}

export interface UnusedAction {
  /** Its service left off: `GetObject`. */
  readonly action: string;
  readonly lastUsedAtMs?: number | undefined;
}

/** What of an identity's access was not used for so long. */
export type UnusedAccessDetail =
  | { readonly kind: "role"; readonly lastUsedAtMs?: number | undefined }
  | { readonly kind: "access-key"; readonly accessKeyId: string; readonly lastUsedAtMs?: number | undefined }
  | { readonly kind: "password"; readonly lastUsedAtMs?: number | undefined }
  | { readonly kind: "permissions"; readonly services: readonly UnusedService[] };

export interface UnusedService {
  readonly namespace: string;
  readonly lastUsedAtMs?: number | undefined;
  /** Those that were not used; none where the whole service was not. */
  readonly actions: readonly UnusedAction[];
}

export type FindingDetail = ExternalAccess | UnusedAccessDetail;

export interface Finding {
  readonly analyzer: string;
  readonly id: string;
  /** What tells this finding from all others of its resource. */
  readonly identity: string;
  readonly resource: string;
  readonly resourceType: ResourceType;
  readonly owner: string;
  readonly status: FindingStatus;
  readonly createdAtMs: number;
  readonly analyzedAtMs: number;
  readonly updatedAtMs: number;
  readonly detail: FindingDetail;
}

export const findings = table<Finding>("accessanalyzer.finding", "region", ({ analyzer, id }) => [analyzer, id]);

export const findingsOf = (analyzer: string, tx: Transaction): Promise<Finding[]> =>
  Array.fromAsync(everyRow(tx, findings, { prefix: [analyzer] }));

const TYPES: Readonly<Record<FindingDetail["kind"], FindingType>> = {
  external: "ExternalAccess",
  role: "UnusedIAMRole",
  "access-key": "UnusedIAMUserAccessKey",
  password: "UnusedIAMUserPassword",
  permissions: "UnusedPermission",
};

export const typeOfFinding = ({ detail }: Pick<Finding, "detail">): FindingType => TYPES[detail.kind];

/** The properties by which findings are filtered. */
export const propertyOf =
  (finding: Omit<Finding, "analyzer" | "identity" | "id"> & { readonly id?: string }): PropertyOf =>
  (key) => {
    switch (key) {
      case "id":
        return finding.id;
      case "resource":
        return finding.resource;
      case "resourceType":
        return finding.resourceType;
      case "resourceOwnerAccount":
        return finding.owner;
      case "status":
        return finding.status;
      case "findingType":
        return typeOfFinding(finding);
      default:
        return finding.detail.kind === "external" ? propertyOfAccess(finding.detail, key) : undefined;
    }
  };

function propertyOfAccess(
  { isPublic, principal, conditions, controls }: ExternalAccess,
  key: string,
): string | undefined {
  if (key === "isPublic") return String(isPublic);
  if (key === "resourceControlPolicyRestriction") return controls;
  const dot = key.indexOf(".");
  const [family, name] = [key.slice(0, dot), key.slice(dot + 1)];
  if (family === "principal") return principal[name];
  return family === "condition" ? conditions[name] : undefined;
}
