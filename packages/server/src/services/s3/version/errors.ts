/** The errors of versions, and of conditions between them, each once, in AWS's words. */
import { accessDenied, invalidRequest } from "../errors.ts";
import { unmodelled } from "../kit.ts";

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html (405, Allow: DELETE) */
export const deleteMarkerNotAllowed = (method: string, headers: Readonly<Record<string, string>>) =>
  unmodelled("MethodNotAllowed", "The specified method is not allowed against this resource.", {
    Method: method,
    ResourceType: "DeleteMarker",
    allow: "DELETE",
    ...headers,
  });
export const copyOfMarker = () =>
  invalidRequest("The source of a copy request may not specifically refer to a delete marker by version id.");
export const bucketHasVersions = (bucket: string) =>
  unmodelled(
    "BucketNotEmpty",
    "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
    { BucketName: bucket },
  );
/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (recorded answer) */
export const versioningMissing = () =>
  unmodelled("IllegalVersioningConfigurationException", "The Versioning element must be specified");
/** Source: https://repost.aws/knowledge-center/s3-bucket-mfa-delete */
export const mfaWanted = () => accessDenied("Mfa Authentication must be used for this request");
export const rootUserWanted = () => accessDenied("This operation may only be performed by the bucket owner");
/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (recorded answer) */
export const conditionalConflict = (condition: string, key: string) =>
  unmodelled(
    "ConditionalRequestConflict",
    "The conditional request cannot succeed due to a conflicting operation against this resource.",
    { Condition: condition, Key: key },
  );
export const noSuchVersion = ({ key, versionId }: { readonly key: string; readonly versionId: string }) =>
  unmodelled("NoSuchVersion", "The specified version does not exist.", { Key: key, VersionId: versionId });
