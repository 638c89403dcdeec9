import { expect, test } from "vitest";
import type { SigV2Claim } from "./claim.ts";
import { headerClaimV2, stringsToSignV2 } from "./signature-v2.ts";

const CLAIM: SigV2Claim = {
  version: 2,
  place: "header",
  family: "s3",
  accessKeyId: "test",
  sessionToken: undefined,
  signature: "",
  date: "Sun, 22 Nov 2026 12:56:03 GMT",
  atMs: 0,
  payload: { type: "unsigned" },
};

// Source: https://github.com/boto/botocore/blob/develop/botocore/auth.py (HmacV1Auth.canonical_resource)
test.each([
  ["localhost:4566", "/photos", "", "/photos/"],
  ["localhost:4566", "/photos", "acl", "/photos/?acl"],
  ["localhost:4566", "/photos", "publicAccessBlock", "/photos/"],
  ["localhost:4566", "/photos/cat", "", "/photos/cat"],
  [
    "localhost:4566",
    "/photos/cat",
    "response-cache-control=%C3%A9_%E2%80%94",
    "/photos/cat?response-cache-control=\u00c3\u00a9_\u00e2\u0080\u0094",
  ],
  ["photos.s3.localhost:4566", "/", "", "/photos/"],
])("a request to %s%s?%s may be signed for %s", (host, path, query, resource) => {
  const signed = stringsToSignV2(CLAIM, { method: "PUT", path, query, headers: { host } });
  expect(signed).toContain(`PUT\n\n\n${CLAIM.date}\n${resource}`);
});

// Source: https://github.com/ceph/s3-tests (test_object_create_bad_date_before_epoch_aws2)
test.each(["Tue, 07 Jul 1950 21:53:04 GMT", "yesterday", ""])("the date `%s` is none", (date) => {
  const head = { method: "PUT", path: "/photos/cat", query: "", headers: { host: "localhost:4566", date } };
  expect(() => headerClaimV2("AWS test:c2lnbmF0dXJl", head)).toThrow(
    "AWS authentication requires a valid Date or x-amz-date header",
  );
});
