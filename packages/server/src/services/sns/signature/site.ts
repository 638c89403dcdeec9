/** The certificate that signatures are checked with. Source: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html */
import type { Site } from "../../../service/site.ts";
import { findCertificate } from "./key.ts";

export const certificateSite: Site = async ({ path }, context) => {
  const certificate = await findCertificate(path, context);
  const headers = { "content-type": "application/x-pem-file" };
  return certificate === undefined ? { status: 404, headers, body: "" } : { status: 200, headers, body: certificate };
};
