/** A client of Iceberg's REST catalogs, as far as tests go: it signs for S3 Tables, as those of AWS are told to. */
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { Sha256 } from "./sha256.ts";
import type { TestCloud, TestCredentials } from "./test-cloud.ts";

export interface CatalogAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  /** The body as it came. */
  readonly text: string;
}

export interface Catalog {
  ask(method: string, path: string, body?: object, query?: Record<string, string>): Promise<CatalogAnswer>;
}

/** `path` is that behind the prefix. */
export function catalogOf(cloud: TestCloud, warehouse: string, keys: TestCredentials): Catalog {
  const credentials = { accessKeyId: keys.accessKeyId, secretAccessKey: keys.secretAccessKey };
  const signer = new SignatureV4({ credentials, region: "us-east-1", service: "s3tables", sha256: Sha256 });
  return {
    async ask(method, path, body, query = {}) {
      const request = new HttpRequest({
        method,
        protocol: "http:",
        hostname: "localhost",
        path: `/iceberg/v1${path.replace("{prefix}", encodeURIComponent(warehouse))}`,
        query,
        headers: { host: "localhost:4566", "content-type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      });
      const signed = await signer.sign(request);
      const { method: verb, path: at, query: asked = {}, headers, body: sent } = signed;
      const answer = await cloud.send({ method: verb, path: at, headers, body: sent, query: asked });
      const text = Buffer.from(answer.body).toString("utf8");
      return { status: answer.statusCode, body: text === "" ? {} : JSON.parse(text), text };
    },
  };
}
