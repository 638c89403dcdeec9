/** What those are told who look for a bucket in a region where it is not. */
import { unmodelled } from "../kit.ts";

export const permanentRedirect = ({
  bucket,
  region,
  endpoint,
}: Readonly<Record<"bucket" | "region" | "endpoint", string>>) =>
  unmodelled(
    "PermanentRedirect",
    "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
    { Endpoint: endpoint, Bucket: bucket, "x-amz-bucket-region": region },
  );

interface WrongRegion {
  /** Where the signature stands. */
  readonly place: "header" | "query" | "form";
  readonly asked: string;
  readonly region: string;
}

/** Source: https://github.com/aws/aws-sdk-ruby/blob/version-3/gems/aws-sdk-s3/lib/aws-sdk-s3/plugins/s3_signer.rb (what its client follows: 400, with the region) */
export function wrongRegion({ place, asked, region }: WrongRegion) {
  const why = `the region '${asked}' is wrong; expecting '${region}'`;
  const fields = { Region: region, "x-amz-bucket-region": region };
  return place === "header"
    ? unmodelled("AuthorizationHeaderMalformed", `The authorization header is malformed; ${why}`, fields)
    : unmodelled("AuthorizationQueryParametersError", `Error parsing the X-Amz-Credential parameter; ${why}`, fields);
}
