/** What S3 does unlike every other service. */
import { s3Forms } from "./form-upload.ts";
import { PLAIN_DIALECT, type RestXmlDialect } from "./rest-xml.ts";
import { NOT_WELL_FORMED } from "./xml.ts";

/** The second id that S3 gives every request, for its own support. Here it says nothing that the first does not. */
export const hostIdOf = (requestId: string): string =>
  Buffer.from(requestId.repeat(4), "latin1").toString("base64").slice(0, 76);

/** Sixteen capitals and digits. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/get-request-ids.html */
const requestIdOf = (uuid: string): string => (uuid.slice(0, 8) + uuid.slice(9, 13) + uuid.slice(14, 18)).toUpperCase();

const requestIds = (requestId: string): Record<string, string> => ({
  "x-amz-request-id": requestId,
  "x-amz-id-2": hostIdOf(requestId),
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTCommonResponseHeaders.html
  server: "AmazonS3",
});

const errorEnd = (requestId: string): string =>
  `<RequestId>${requestId}</RequestId><HostId>${hostIdOf(requestId)}</HostId>`;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const S3_DIALECT: RestXmlDialect = {
  malformedBody: "MalformedXML",
  malformedBodyMessage: NOT_WELL_FORMED,
  malformedBinding: "InvalidArgument",
  bareErrors: true,
  unmodelledFields: true,
  requestIdOf,
  requestIds,
  errorStart: () => "",
  errorEnd,
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_list_operations.py (test_s3_list_objects_timestamp_precision, run against AWS)
  times: "milliseconds",
  // clients that read as it comes know a bucket's name or owner before they meet what is in it
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_response_structure, run against AWS)
  lists: "last",
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_put_bucket_tagging_none_value)
  impliedLists: { Tagging: "TagSet" },
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html (the response's syntax)
  unwrappedOutputs: new Set(["GetBucketLocation"]),
  // The SDK reads `Expires` twice, once as text, since users may have stored what is no date.
  rawHeaders: [{ member: "ExpiresString", header: "expires" }],
  // what is no date is given back all the same
  // Source: https://github.com/versity/versitygw/blob/main/tests/test_rest_head_object.sh (run against S3)
  rawQueries: { "response-expires": "ResponseExpiresString" },
  // Source: https://github.com/versity/versitygw/blob/main/tests/integration/PutObject.go (seen on S3)
  timesInHeaders: {
    "x-amz-object-lock-retain-until-date": "The retain until date must be provided in ISO 8601 format",
  },
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Range)
  partialMember: "ContentRange",
  answers: {
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html (the sample response)
    PutBucketPolicy: { status: 204 },
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html (the sample response)
    PutBucketTagging: { status: 204 },
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)
    PutBucketAnalyticsConfiguration: { status: 204 },
    PutBucketInventoryConfiguration: { status: 204 },
    PutBucketMetricsConfiguration: { status: 204 },
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded)
    PutBucketIntelligentTieringConfiguration: { status: 204 },
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_get_obj_attrs_multi_headers_behavior, run against AWS)
    GetObjectAttributes: { root: "GetObjectAttributesResponse" },
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html (Responses)
    RestoreObject: { status: 202, unless: { member: "AlreadyRestored", status: 200 } },
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_region_header_exists_outside_us_east_1, run against AWS)
    ListObjects: { headers: { BucketRegion: "x-amz-bucket-region" } },
    ListObjectsV2: { headers: { BucketRegion: "x-amz-bucket-region" } },
    // versions and delete markers of a key, the newest first, as clients read them that see both as one list
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html (the sample responses)
    ListObjectVersions: { merged: { lists: new Set(["Versions", "DeleteMarkers"]), turns: "Turns" } },
    // Source: https://github.com/getmoto/moto/blob/master/tests/test_s3/test_s3_response_headers.py (run against AWS)
    HeadBucket: { contentType: "application/xml" },
  },
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_pre_signed_url_if_none_match, run against AWS)
  // checksums and their algorithm count in headers alone: SDKs sign that of an empty body into presigned URLs
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_presigned_url_v4_x_amz_in_qs, recorded)
  headersInQuery:
    /(?:^|&)(?:x-amz-(?!sdk-checksum-|checksum-(?!algorithm|mode|type))|[Ii]f-(?:[Nn]one-)?[Mm]atch(?:=|$))/,
  forms: s3Forms,
};

/**
 * S3 Control identifies requests as S3 does, and is as open with its errors; else it speaks like the rest.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.snapshot.json (errors name the host's id and nobody's fault)
 */
export const S3_CONTROL_DIALECT: RestXmlDialect = {
  ...PLAIN_DIALECT,
  requestIdOf,
  requestIds,
  unmodelledFields: true,
  errorStart: () => "",
  errorEnd,
  answers: {
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3control/test_s3control.snapshot.json (test_access_point_lifecycle, test_crud_public_access_block)
    DeleteAccessPoint: { status: 204 },
    DeletePublicAccessBlock: { status: 204 },
  },
};
