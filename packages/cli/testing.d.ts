// Written by tools/testing-declaration.ts; do not edit.
/// <reference lib="esnext.disposable" />
/** `import { startCloud } from "kumobako/testing"`: a cloud in the test's own process. */
export interface TestCloudOptions {
  /** Whose root the credentials are: `000000000000` where left out. */
  readonly account?: string;
  readonly auth?: "enforced" | "permissive";
  /** Who is asked about access tokens of Login with Amazon and Facebook: `test`, the test identity provider, or an address. */
  readonly loginProviders?: string;
}
export interface StartedCloud extends AsyncDisposable {
  /** For `endpoint` of an SDK client or `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  readonly region: string;
  /** The root user's. */
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
  readonly clock: {
    now(): Date;
    /** Everything that falls due until then has happened when it answers. */
    advance(seconds: number): Promise<void>;
    freeze(): Promise<void>;
    resume(): Promise<void>;
  };
  /** Empties the cloud. */
  reset(): Promise<void>;
  /** Ends it; `await using` does so by itself. */
  stop(): Promise<void>;
}
/**
 * Starts an empty cloud on a free loopback port.
 *
 * ```ts
 * await using cloud = await startCloud();
 * const s3 = new S3Client({ endpoint: cloud.endpoint, region: cloud.region, credentials: cloud.credentials, forcePathStyle: true });
 * ```
 */
export declare function startCloud(options?: TestCloudOptions): Promise<StartedCloud>;
