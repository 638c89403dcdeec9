/**
 * The policies of a table and of its bucket, which count together.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-resource-based-policies.html
 */
import type { ResourcePolicy } from "../../../service/access.ts";
import type { TableBucket } from "./bucket-row.ts";
import type { StoredTable } from "./table-row.ts";

export function effectivePolicy(
  bucket: TableBucket | undefined,
  table: StoredTable | undefined,
): ResourcePolicy | undefined {
  const policies = [
    ...(bucket?.policy ? [{ name: `table bucket policy of ${bucket.name}`, document: bucket.policy.document }] : []),
    ...(table?.policy ? [{ name: `table policy of ${table.name}`, document: table.policy.document }] : []),
  ];
  const [one, other] = policies;
  if (one === undefined || other === undefined) return one;
  return {
    name: `${one.name}, ${other.name}`,
    document: JSON.stringify({
      Version: "2012-10-17",
      Statement: [...statementsOf(one.document), ...statementsOf(other.document)],
    }),
  };
}

function statementsOf(document: string): readonly unknown[] {
  const { Statement }: { readonly Statement?: unknown } = JSON.parse(document);
  return Array.isArray(Statement) ? Statement : [Statement];
}
