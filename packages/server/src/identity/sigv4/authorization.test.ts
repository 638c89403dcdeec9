import { expect, test } from "vitest";
import { parseAuthorization } from "./authorization.ts";

// Source: https://github.com/versity/versitygw/blob/main/tests/integration/sigv4_auth.go (seen on S3)
test.each([
  ["CREDENTIAL,SignedHeaders-Content-Length,Signature=0", 'authorization component "SignedHeaders-Content-Length" is'],
  ["X=1,SignedHeaders=host,Signature=0", "; missing Credential."],
  ["CREDENTIAL,X=host,Signature=0", "; missing SignedHeaders."],
  ["CREDENTIAL,SignedHeaders=host,X=0", "; missing Signature."],
  ["CREDENTIAL,Signature", "requires three components"],
])("S3 says what is wrong with a header of `%s`", (parts, words) => {
  const credential = "Credential=AKID/20260115/us-east-1/s3/aws4_request";
  const header = `AWS4-HMAC-SHA256 ${parts.replace("CREDENTIAL", credential)}`;
  expect(() => parseAuthorization(header, "s3")).toThrow(
    expect.objectContaining({
      code: "AuthorizationHeaderMalformed",
      httpStatus: 400,
      message: expect.stringContaining(words),
    }),
  );
});
